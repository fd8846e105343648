package penstock.server.raw;

import java.nio.ByteBuffer;
import penstock.fanout.format.FrameFormat;
import penstock.wire.MessageBuffer;

/** The venue's payloads, one per frame, and nothing else. The query was the only request. */
public final class RawFormat implements FrameFormat {
    private final FrameFormat frames;

    /** In the frames that were agreed in the handshake. */
    public RawFormat(final FrameFormat frames) {
        this.frames = frames;
    }

    @Override
    public boolean hasMessages() {
        return false;
    }

    @Override
    public boolean takesRequests() {
        return false;
    }

    @Override
    public void putControl(final MessageBuffer out, final int opcode, final byte[] payload, final int offset,
            final int length) {
        frames.putControl(out, opcode, payload, offset, length);
    }

    @Override
    public int dataBytes(final MessageBuffer head, final byte[] body, final int length, final long epoch,
            final long p) {
        return frames.dataBytes(head, body, length, epoch, p);
    }

    @Override
    public void putData(final ByteBuffer out, final MessageBuffer head, final byte[] body, final int length) {
        frames.putData(out, head, body, length);
    }
}
