package penstock.oracle;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import penstock.websocket.FrameLimits;
import penstock.websocket.FrameParser;
import penstock.websocket.FrameWriter;
import penstock.websocket.MessageHandler;
import penstock.websocket.ProtocolException;
import penstock.websocket.Role;

/** Frames of RFC 6455, each a whole message. One thread. */
public final class FrameReader implements ByteReader, MessageHandler {
    private static final int FRAME_BYTES = 1 << 24;

    private final Receiver receiver;
    private final FrameParser parser;
    private long next;

    /** {@code scratch}: room for a message. */
    public FrameReader(final Receiver receiver, final byte[] scratch) {
        this.receiver = receiver;
        parser = new FrameParser(Role.CLIENT, new FrameLimits(FRAME_BYTES, FRAME_BYTES, 1), scratch, this);
    }

    @Override
    public void read(final ByteBuffer bytes) {
        try {
            parser.parse(bytes);
        } catch (final ProtocolException e) {
            receiver.onBroken(e.getMessage());
        }
    }

    @Override
    public void stop() {
        parser.stop();
    }

    /** The place of the frame, and that of the next one behind it. */
    private long pass(final int length) {
        final long first = next;
        next += FrameWriter.headerBytes(length) + length;
        return first;
    }

    @Override
    public void onText(final byte[] buffer, final int offset, final int length) {
        receiver.onMessage(pass(length), new String(buffer, offset, length, StandardCharsets.UTF_8), null);
    }

    @Override
    public void onBinary(final byte[] buffer, final int offset, final int length) {
        receiver.onBroken("a binary message");
    }

    @Override
    public void onPing(final byte[] payload, final int offset, final int length) {
        pass(length);
        receiver.onPing();
    }

    @Override
    public void onPong(final byte[] payload, final int offset, final int length) {
        receiver.onBroken("a pong to nothing");
    }

    @Override
    public void onClose(final int code, final String reason) {
        receiver.onClose(code);
    }
}
