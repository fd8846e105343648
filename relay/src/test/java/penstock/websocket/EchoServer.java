package penstock.websocket;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Answers each WebSocket message with the same message, so that a conformance suite can test the relay's parser as a
 * server: {@code mvn -Pautobahn}. Reads and writes with the relay's own frame code and nothing else of it.
 *
 * <p>One thread per connection, which owns all of it.
 */
public final class EchoServer implements MessageHandler {
    /** The suite sends 16 MiB in one frame, and 4 MiB in frames of 64 bytes. */
    private static final FrameLimits LIMITS = new FrameLimits(32 << 20, 32 << 20, 1 << 20);

    private final OutputStream out;
    private boolean isClosing;

    private EchoServer(final OutputStream out) {
        this.out = out;
    }

    /** {@code args}: the port on the loopback interface. */
    public static void main(final String[] args) throws IOException {
        try (ServerSocket server = new ServerSocket(Integer.parseInt(args[0]), 50, InetAddress.getLoopbackAddress())) {
            while (true) {
                final Socket client = server.accept();
                final Thread thread = new Thread(() -> serve(client), "echo");
                thread.setDaemon(true);
                thread.start();
            }
        }
    }

    private static void serve(final Socket client) {
        try (client) {
            client.setTcpNoDelay(true);
            final String key = key(client.getInputStream());
            client.getOutputStream().write(("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                + "Connection: Upgrade\r\nSec-WebSocket-Accept: " + Handshake.accept(key) + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
            new EchoServer(client.getOutputStream()).read(client.getInputStream());
        } catch (final IOException | UncheckedIOException e) {
            // the suite cuts connections, which ends them
        }
    }

    /** Reads the head of the request, which sends nothing behind it before the answer. */
    private static String key(final InputStream in) throws IOException {
        final ByteArrayOutputStream head = new ByteArrayOutputStream();
        while (!head.toString(StandardCharsets.ISO_8859_1).endsWith("\r\n\r\n")) {
            final int next = in.read();
            if (next < 0) {
                throw new IOException("no request");
            }
            head.write(next);
        }
        return Arrays.stream(head.toString(StandardCharsets.ISO_8859_1).split("\r\n"))
            .filter(line -> line.toLowerCase(java.util.Locale.ROOT).startsWith("sec-websocket-key:"))
            .map(line -> line.substring(line.indexOf(':') + 1).trim()).findFirst()
            .orElseThrow(() -> new IOException("no key"));
    }

    private void read(final InputStream in) throws IOException {
        final FrameParser parser = new FrameParser(Role.SERVER, LIMITS, new byte[64 * 1024], this);
        final byte[] bytes = new byte[64 * 1024];
        for (int n = in.read(bytes); n >= 0 && !isClosing; n = in.read(bytes)) {
            try {
                parser.parse(ByteBuffer.wrap(bytes, 0, n));
            } catch (final ProtocolException e) {
                onClose(e.closeCode(), e.getMessage());
            }
        }
    }

    @Override
    public void onText(final byte[] buffer, final int offset, final int length) {
        send(Opcode.TEXT, buffer, offset, length);
    }

    @Override
    public void onBinary(final byte[] buffer, final int offset, final int length) {
        send(Opcode.BINARY, buffer, offset, length);
    }

    @Override
    public void onPing(final byte[] payload, final int offset, final int length) {
        send(Opcode.PONG, payload, offset, length);
    }

    @Override
    public void onPong(final byte[] payload, final int offset, final int length) {
        // nothing was asked
    }

    @Override
    public void onClose(final int code, final String reason) {
        isClosing = true;
        final byte[] payload = FrameWriter.closePayload(code == CloseCode.NO_CODE ? CloseCode.NORMAL : code, "");
        send(Opcode.CLOSE, payload, 0, payload.length);
    }

    private void send(final int opcode, final byte[] payload, final int offset, final int length) {
        final ByteBuffer frame = ByteBuffer.allocate(FrameWriter.headerBytes(length) + length);
        FrameWriter.putFrame(frame, opcode, payload, offset, length);
        try {
            out.write(frame.array(), 0, frame.position());
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
