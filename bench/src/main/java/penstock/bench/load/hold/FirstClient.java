package penstock.bench.load.hold;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import javax.net.ssl.SSLSocket;
import penstock.bench.load.client.ClientSecurity;
import penstock.websocket.FrameWriter;
import penstock.websocket.Handshake;
import penstock.websocket.Opcode;

/**
 * A client that reads until the relay has sent nothing for a while, for longer if it has sent less than it should, and
 * keeps the last of it as text. Owned by the
 * scenario's thread.
 */
final class FirstClient implements AutoCloseable {
    private static final int QUIET_MS = 250;
    private static final int PATIENCE_MS = 5_000;
    private static final int MASK = 0x3A11;

    private final Socket socket;
    private final String token;
    private final byte[] buffer = new byte[64 * 1024];
    private String tail = "";
    private long bytes;

    FirstClient(final int port, final ClientSecurity security) throws IOException {
        final InetAddress address = InetAddress.getLoopbackAddress();
        if (security.tls() == null) {
            socket = new Socket(address, port);
        } else {
            socket = security.tls().getSocketFactory().createSocket(address, port);
            ((SSLSocket) socket).startHandshake();
        }
        token = security.tokens() == null ? "" : "Authorization: Bearer " + security.tokens().get() + "\r\n";
    }

    /** Sends a GET request with more header lines, and reads the answer. */
    FirstClient get(final String target, final String header, final long leastBytes) throws IOException {
        socket.getOutputStream().write(("GET " + target + " HTTP/1.1\r\nHost: localhost\r\n" + token + header + "\r\n")
            .getBytes(StandardCharsets.US_ASCII));
        return read(leastBytes);
    }

    /** Asks for a WebSocket. */
    FirstClient upgrade(final String target, final String header, final long leastBytes) throws IOException {
        return get(target, "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
            + "Sec-WebSocket-Key: " + Handshake.newKey() + "\r\n" + header, leastBytes);
    }

    /** Sends a message, and reads what comes for it. */
    void send(final String message, final long leastBytes) throws IOException {
        final byte[] text = message.getBytes(StandardCharsets.US_ASCII);
        final ByteBuffer frame = ByteBuffer.allocate(text.length + FrameWriter.MAX_HEADER_BYTES);
        FrameWriter.putMaskedFrame(frame, Opcode.TEXT, text, 0, text.length, MASK);
        socket.getOutputStream().write(frame.array(), 0, frame.position());
        read(leastBytes);
    }

    /** How much the last request was sent. */
    long bytes() {
        return bytes;
    }

    /** The end of that. */
    String tail() {
        return tail;
    }

    private FirstClient read(final long leastBytes) throws IOException {
        bytes = 0;
        tail = "";
        final InputStream in = socket.getInputStream();
        socket.setSoTimeout(PATIENCE_MS);
        try {
            for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
                bytes += count;
                final String more = tail + new String(buffer, 0, count, StandardCharsets.ISO_8859_1);
                tail = more.substring(Math.max(0, more.length() - buffer.length));
                socket.setSoTimeout(bytes < leastBytes ? PATIENCE_MS : QUIET_MS);
            }
        } catch (final SocketTimeoutException e) {
            if (bytes == 0) {
                throw e;
            }
        }
        return this;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
