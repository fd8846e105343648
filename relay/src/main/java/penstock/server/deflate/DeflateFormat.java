package penstock.server.deflate;

import java.nio.ByteBuffer;
import penstock.fanout.format.WebSocketFormat;
import penstock.websocket.FrameWriter;
import penstock.wire.MessageBuffer;

/** WebSocket frames whose data messages are compressed if they shrink. Owned by the io thread. */
public final class DeflateFormat extends WebSocketFormat {
    private final SharedFrameCompressor compressor;
    private final int windowBits;
    private final MessageBuffer whole = new MessageBuffer(64);
    /** Of the message that was measured last; null if it is sent as it is. */
    private ByteBuffer compressed;

    /** {@code windowBits}: the window that the client has, 8 to 15. */
    public DeflateFormat(final SharedFrameCompressor compressor, final int windowBits) {
        this.compressor = compressor;
        this.windowBits = windowBits;
    }

    @Override
    public boolean isShared() {
        return true;
    }

    @Override
    public int dataBytes(final MessageBuffer head, final byte[] body, final int length, final long epoch,
            final long p) {
        if (head.length() == 0) {
            compressed = compressor.compress(body, length, windowBits);
        } else {
            whole.clear().put(head.bytes(), 0, head.length()).put(body, 0, length);
            compressed = compressor.compress(whole.bytes(), whole.length(), windowBits);
        }
        return compressed == null ? super.dataBytes(head, body, length, epoch, p)
            : FrameWriter.headerBytes(compressed.remaining()) + compressed.remaining();
    }

    @Override
    public void putData(final ByteBuffer out, final int opcode, final MessageBuffer head, final byte[] body,
            final int length) {
        if (compressed == null) {
            super.putData(out, opcode, head, body, length);
        } else {
            FrameWriter.putFrame(out, opcode | FrameWriter.COMPRESSED, compressed.array(), compressed.position(),
                compressed.remaining());
        }
    }
}
