package penstock.bus;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import penstock.fanout.format.FrameFormat;
import penstock.websocket.Opcode;
import penstock.wire.MessageBuffer;

/**
 * Messages on the bus: a byte 1 in front of text or 2 in front of an envelope, then the length, 32 bits little-endian.
 * There are no pings, pongs and Close frames. Owned by the shard's io thread.
 */
final class BusFormat implements FrameFormat {
    /** In front of each message. */
    static final int HEADER_BYTES = 5;

    private final ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);

    @Override
    public boolean hasPeer() {
        return false;
    }

    @Override
    public void putControl(final MessageBuffer out, final int opcode, final byte[] payload, final int offset,
            final int length) {
        if (opcode == Opcode.TEXT) {
            out.put(header(opcode, length)).put(payload, offset, length);
        }
    }

    @Override
    public int dataBytes(final MessageBuffer head, final byte[] body, final int length, final long epoch,
            final long p) {
        return HEADER_BYTES + head.length() + length;
    }

    @Override
    public void putData(final ByteBuffer out, final int opcode, final MessageBuffer head, final byte[] body,
            final int length) {
        out.put(header(opcode, head.length() + length));
        if (head.length() > 0) {
            out.put(head.bytes(), 0, head.length());
        }
        out.put(body, 0, length);
    }

    /** How many bytes the message at that place of a write takes. */
    static int frameBytes(final ByteBuffer frames, final int at) {
        return HEADER_BYTES + (frames.get(at + 1) & 0xff | (frames.get(at + 2) & 0xff) << 8
            | (frames.get(at + 3) & 0xff) << 16 | (frames.get(at + 4) & 0xff) << 24);
    }

    private byte[] header(final int opcode, final int length) {
        return header.clear().put((byte) opcode).putInt(length).array();
    }
}
