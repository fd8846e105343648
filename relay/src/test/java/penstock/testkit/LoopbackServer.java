package penstock.testkit;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.net.ServerSocketFactory;

/** Accepts on a free port of 127.0.0.1; each connection has a thread. The end closes all of them. */
public final class LoopbackServer implements Closeable {
    /** Serves one connection; any failure is its own affair. */
    public interface Service {
        void serve(Socket client);
    }

    private final ServerSocket socket;
    private final Queue<Socket> sockets = new ConcurrentLinkedQueue<>();
    private final Service service;

    /** Serves at once. */
    public LoopbackServer(final ServerSocketFactory factory, final Service service) throws IOException {
        socket = factory.createServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
        this.service = service;
        start(this::acceptAll);
    }

    public int port() {
        return socket.getLocalPort();
    }

    /** The end closes this socket too. */
    public void add(final Socket other) {
        sockets.add(other);
    }

    /** A thread that does not keep the process alive. */
    public static void start(final Runnable task) {
        final Thread thread = new Thread(task, "loopback-server");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        socket.close();
        for (final Socket each : sockets) {
            each.close();
        }
    }

    private void acceptAll() {
        while (!socket.isClosed()) {
            try {
                final Socket client = socket.accept();
                sockets.add(client);
                start(() -> serve(client));
            } catch (final IOException e) {
                if (!socket.isClosed()) {
                    throw new IllegalStateException(e);
                }
            }
        }
    }

    private void serve(final Socket client) {
        try {
            service.serve(client);
        } finally {
            sockets.remove(client);
        }
    }
}
