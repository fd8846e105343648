package penstock.upstream;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ServerSocketFactory;
import penstock.testkit.LoopbackServer;

/**
 * A venue for tests: plays a script per connection on blocking sockets, and writes the protocol by hand, so that it can
 * also violate it.
 */
public final class ScriptedServer implements Closeable {
    /** The script of one connection. */
    public interface Script {
        void play(Peer peer) throws Exception;
    }

    /** A frame of the relay. */
    public record Frame(int first, byte[] payload) {
        public int opcode() {
            return first & 0x0f;
        }

        public String text() {
            return new String(payload, StandardCharsets.UTF_8);
        }
    }

    public final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
    public final AtomicInteger accepted = new AtomicInteger();
    private final LoopbackServer server;
    private final Script script;

    public ScriptedServer(final Script script) throws IOException {
        this(ServerSocketFactory.getDefault(), script);
    }

    public ScriptedServer(final ServerSocketFactory factory, final Script script) throws IOException {
        this.script = script;
        server = new LoopbackServer(factory, this::play);
    }

    public int port() {
        return server.port();
    }

    public String url() {
        return "ws://127.0.0.1:" + port() + "/feed";
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    private void play(final Socket peer) {
        final int number = accepted.incrementAndGet();
        try (peer) {
            script.play(new Peer(peer, number));
        } catch (final IOException e) {
            // the relay ended the connection: the script checks that itself
        } catch (final Throwable e) {
            failures.add(e);
        }
    }

    /** The server's end of one connection. */
    public static final class Peer {
        private static final Pattern KEY = Pattern.compile("(?im)^Sec-WebSocket-Key: *(\\S+)\\s*$");

        public final int number;
        public final Socket socket;
        public final OutputStream out;
        private final DataInputStream in;
        private String request;

        Peer(final Socket socket, final int number) throws IOException {
            this.socket = socket;
            this.number = number;
            in = new DataInputStream(socket.getInputStream());
            out = socket.getOutputStream();
        }

        /** The head of the request, read when first asked for. */
        public String request() throws IOException {
            if (request == null) {
                final ByteArrayOutputStream head = new ByteArrayOutputStream();
                while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
                    head.write(in.readUnsignedByte());
                }
                request = head.toString(StandardCharsets.ISO_8859_1);
            }
            return request;
        }

        public String acceptKey() throws Exception {
            final Matcher matcher = KEY.matcher(request());
            if (!matcher.find()) {
                throw new IllegalStateException("no key in " + request());
            }
            final byte[] text = (matcher.group(1) + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")
                .getBytes(StandardCharsets.US_ASCII);
            return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-1").digest(text));
        }

        public Peer accept(final String... headers) throws Exception {
            final StringBuilder text = new StringBuilder("HTTP/1.1 101 Switching Protocols\r\nUpgrade: WebSocket\r\n");
            text.append("Connection: keep-alive, Upgrade\r\n");
            text.append("Sec-WebSocket-Accept: ").append(acceptKey()).append("\r\n");
            for (final String header : headers) {
                text.append(header).append("\r\n");
            }
            return raw(text.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
        }

        public Peer answer(final String head) throws IOException {
            request();
            return raw(head.replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1));
        }

        public Peer raw(final byte[] bytes) throws IOException {
            out.write(bytes);
            out.flush();
            return this;
        }

        public Peer text(final String text) throws IOException {
            return frame(0x81, text.getBytes(StandardCharsets.UTF_8));
        }

        public Peer close(final int code, final String reason) throws IOException {
            final byte[] words = reason.getBytes(StandardCharsets.UTF_8);
            return frame(0x88, ByteBuffer.allocate(2 + words.length).putShort((short) code).put(words).array());
        }

        public Peer frame(final int first, final byte[] payload) throws IOException {
            return raw(frameBytes(first, payload));
        }

        public static byte[] frameBytes(final int first, final byte[] payload) {
            final ByteBuffer frame = ByteBuffer.allocate(payload.length + 10).put((byte) first);
            if (payload.length < 126) {
                frame.put((byte) payload.length);
            } else if (payload.length < 65536) {
                frame.put((byte) 126).putShort((short) payload.length);
            } else {
                frame.put((byte) 127).putLong(payload.length);
            }
            frame.put(payload).flip();
            final byte[] bytes = new byte[frame.remaining()];
            frame.get(bytes);
            return bytes;
        }

        /** The next frame of the relay, unmasked; one that is not masked is a failure of the test. */
        public Frame read() throws IOException {
            final int first = in.readUnsignedByte();
            final int second = in.readUnsignedByte();
            if ((second & 0x80) == 0) {
                throw new IllegalStateException("a client frame without mask");
            }
            long length = second & 0x7f;
            if (length == 126) {
                length = in.readUnsignedShort();
            } else if (length == 127) {
                length = in.readLong();
            }
            final byte[] mask = new byte[4];
            in.readFully(mask);
            final byte[] payload = new byte[(int) length];
            in.readFully(payload);
            for (int i = 0; i < payload.length; i++) {
                payload[i] ^= mask[i & 3];
            }
            return new Frame(first, payload);
        }

        /** Waits until the relay has ended the connection in any way. */
        public void awaitEnd() throws IOException {
            try {
                while (true) {
                    in.readUnsignedByte();
                }
            } catch (IOException e) {
                socket.close();
            }
        }
    }
}
