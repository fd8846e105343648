package penstock.testkit;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.net.ServerSocketFactory;

/** An HTTP proxy that answers every CONNECT, whatever its host, with a tunnel to one local port or with a refusal. */
public final class ConnectProxy implements Closeable {
    /** The heads of all requests. */
    public final Queue<String> requests = new ConcurrentLinkedQueue<>();
    private final LoopbackServer server;
    private final int target;
    /** What the proxy answers instead of a tunnel; empty = nothing, null = a tunnel. */
    private volatile String refusal;

    public ConnectProxy(final int target) throws IOException {
        this.target = target;
        server = new LoopbackServer(ServerSocketFactory.getDefault(), this::serve);
    }

    public int port() {
        return server.port();
    }

    /** From now on each CONNECT gets this head; empty: no answer; null: a tunnel again. */
    public ConnectProxy refuse(final String head) {
        refusal = head;
        return this;
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    private void serve(final Socket client) {
        try (client) {
            requests.add(head(client.getInputStream()));
            final String answer = refusal;
            if (answer != null) {
                client.getOutputStream().write(answer.getBytes(StandardCharsets.ISO_8859_1));
                copy(client.getInputStream(), OutputStream.nullOutputStream());
                return;
            }
            try (Socket venue = new Socket("127.0.0.1", target)) {
                server.add(venue);
                client.getOutputStream().write("HTTP/1.1 200 Connection established\r\nVia: test\r\n\r\n"
                    .getBytes(StandardCharsets.ISO_8859_1));
                LoopbackServer.start(() -> copyAndEnd(venue, client));
                copy(client.getInputStream(), venue.getOutputStream());
            }
        } catch (final IOException e) {
            // one of the ends has closed
        }
    }

    private void copyAndEnd(final Socket from, final Socket to) {
        try (to) {
            copy(from.getInputStream(), to.getOutputStream());
        } catch (final IOException e) {
            // one of the ends has closed
        }
    }

    private static void copy(final InputStream in, final OutputStream out) throws IOException {
        in.transferTo(out);
    }

    private static String head(final InputStream in) throws IOException {
        final ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            final int next = in.read();
            if (next < 0) {
                throw new IOException("closed within the head");
            }
            head.write(next);
        }
        return head.toString(StandardCharsets.ISO_8859_1);
    }
}
