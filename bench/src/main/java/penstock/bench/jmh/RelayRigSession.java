package penstock.bench.jmh;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.ByteBuffer;
import penstock.websocket.FrameLimits;
import penstock.websocket.FrameParser;
import penstock.websocket.MessageHandler;
import penstock.websocket.ProtocolException;
import penstock.websocket.Role;

/**
 * A subscriber of {@link RelayRig}, which reads on request, and counts updates by their marks. Owned by the
 * rig's thread.
 */
final class RelayRigSession implements MessageHandler {
    private static final int PATIENCE_MS = 10_000;
    private static final int BUFFER_BYTES = 64 << 10;

    private final Socket socket;
    private final InputStream in;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private final ByteBuffer received = ByteBuffer.wrap(buffer);
    private final FrameParser parser =
        new FrameParser(Role.CLIENT, new FrameLimits(16 << 20, 16 << 20, 1), new byte[BUFFER_BYTES], this);
    private int pending;

    RelayRigSession(final Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(PATIENCE_MS);
        in = socket.getInputStream();
    }

    /** Reads until this many more updates have come. */
    void take(final int updates) throws IOException {
        pending += updates;
        while (pending > 0) {
            final int count = in.read(buffer);
            if (count < 0) {
                throw new EOFException("the relay hung up, " + pending + " updates short");
            }
            try {
                parser.parse(received.limit(count).position(0));
            } catch (final ProtocolException e) {
                throw new IOException(e);
            }
        }
        if (pending < 0) {
            throw new IOException(-pending + " updates more than were sent");
        }
    }

    void close() throws IOException {
        socket.close();
    }

    @Override
    public void onText(final byte[] text, final int offset, final int length) {
        for (int i = offset; i < offset + length; i++) {
            if (text[i] == RelayRig.MARK) {
                pending--;
            }
        }
    }

    @Override
    public void onBinary(final byte[] bytes, final int offset, final int length) {
        throw new IllegalStateException("a binary message");
    }

    @Override
    public void onPing(final byte[] payload, final int offset, final int length) {
        throw new IllegalStateException("a ping before its time");
    }

    @Override
    public void onPong(final byte[] payload, final int offset, final int length) {
        throw new IllegalStateException("an unsolicited pong");
    }

    @Override
    public void onClose(final int code, final String reason) {
        throw new IllegalStateException("closed with " + code + " " + reason);
    }
}
