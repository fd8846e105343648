package penstock.fanout.format;

import java.nio.ByteBuffer;
import penstock.websocket.FrameWriter;
import penstock.wire.MessageBuffer;

/** Messages of the protocol in WebSocket frames (RFC 6455, 5.2). Stateless. */
public class WebSocketFormat implements FrameFormat {
    /** Not compressed. */
    public static final WebSocketFormat PLAIN = new WebSocketFormat();

    /** For formats that differ in data messages only. */
    protected WebSocketFormat() {
    }

    @Override
    public void putControl(final MessageBuffer out, final int opcode, final byte[] payload, final int offset,
            final int length) {
        final ByteBuffer header = ByteBuffer.allocate(FrameWriter.MAX_HEADER_BYTES);
        FrameWriter.putHeader(header, opcode, length);
        out.put(header.array(), 0, header.position()).put(payload, offset, length);
    }

    @Override
    public int dataBytes(final MessageBuffer head, final byte[] body, final int length, final long epoch,
            final long p) {
        final int payload = head.length() + length;
        return FrameWriter.headerBytes(payload) + payload;
    }

    @Override
    public void putData(final ByteBuffer out, final int opcode, final MessageBuffer head, final byte[] body,
            final int length) {
        FrameWriter.putHeader(out, opcode, head.length() + length);
        if (head.length() > 0) {
            out.put(head.bytes(), 0, head.length());
        }
        out.put(body, 0, length);
    }
}
