package penstock.websocket;

import java.nio.ByteBuffer;

/**
 * Reads one frame's header, split at any byte, and rejects it at the first byte that violates a rule of single frames.
 * The parser checks rules that depend on earlier frames. Owned by its parser.
 */
final class FrameHeader {
    private static final int RSV1 = 0x40;
    private static final int RSV = 0x70;
    private static final int OPCODE = 0x0f;
    private static final int LENGTH = 0x7f;

    private enum Step { FIRST, SECOND, LENGTH, MASK, COMPLETE }

    private final Role role;
    private final int allowedRsv;
    private Step step = Step.FIRST;
    private int first;
    private int second;
    private int bytesLeft;
    private long payloadLength;
    private int mask;

    FrameHeader(final Role role, final boolean deflateNegotiated) {
        this.role = role;
        this.allowedRsv = deflateNegotiated ? RSV1 : 0;
    }

    /** Reads header bytes until the header is complete or {@code source} is empty; true if complete. */
    boolean take(final ByteBuffer source) throws ProtocolException {
        while (step != Step.COMPLETE && source.hasRemaining()) {
            final int value = source.get() & 0xff;
            switch (step) {
                case FIRST -> onFirst(value);
                case SECOND -> onSecond(value);
                case LENGTH -> onLength(value);
                default -> onMask(value);
            }
        }
        return step == Step.COMPLETE;
    }

    /** Prepares for the next frame. */
    void reset() {
        step = Step.FIRST;
    }

    boolean isComplete() {
        return step == Step.COMPLETE;
    }

    /** True if no byte of the next frame has been read. */
    boolean isUntouched() {
        return step == Step.FIRST;
    }

    boolean isFinal() {
        return (first & FrameWriter.FIN) != 0;
    }

    boolean isCompressed() {
        return (first & RSV1) != 0;
    }

    int opcode() {
        return first & OPCODE;
    }

    long payloadLength() {
        return payloadLength;
    }

    /** The mask as on the wire, highest byte first; 0 if there is none. */
    int mask() {
        return mask;
    }

    private void onFirst(final int value) throws ProtocolException {
        first = value;
        if (!Opcode.isKnown(opcode())) {
            throw ProtocolException.framing("opcode " + opcode() + " is reserved; use 0, 1, 2, 8, 9 or 10");
        }
        final boolean control = Opcode.isControl(opcode());
        if ((value & RSV & ~(control ? 0 : allowedRsv)) != 0) {
            throw ProtocolException.framing("reserved bits " + ((value & RSV) >>> 4) + " are set on opcode " + opcode()
                + "; no negotiated extension uses them");
        }
        if (control && !isFinal()) {
            throw ProtocolException.framing("a control frame (opcode " + opcode() + ") must not be fragmented");
        }
        step = Step.SECOND;
    }

    private void onSecond(final int value) throws ProtocolException {
        second = value;
        if ((value & FrameWriter.MASKED) == 0 == (role == Role.SERVER)) {
            throw ProtocolException.framing(role == Role.SERVER ? "a client must mask its frames"
                : "a server must not mask its frames");
        }
        final int length = value & LENGTH;
        if (Opcode.isControl(opcode()) && length > FrameWriter.MAX_CONTROL_BYTES) {
            throw ProtocolException.framing("a control frame carries at most 125 bytes");
        }
        payloadLength = length;
        mask = 0;
        if (length >= FrameWriter.LENGTH_16) {
            payloadLength = 0;
            bytesLeft = length == FrameWriter.LENGTH_16 ? Short.BYTES : Long.BYTES;
            step = Step.LENGTH;
        } else {
            onLengthKnown();
        }
    }

    private void onLength(final int value) throws ProtocolException {
        payloadLength = payloadLength << 8 | value;
        if (--bytesLeft > 0) {
            return;
        }
        final boolean short16 = (second & LENGTH) == FrameWriter.LENGTH_16;
        if (payloadLength < 0) {
            throw ProtocolException.framing("the top bit of a 64-bit length must be 0");
        }
        if (payloadLength < FrameWriter.LENGTH_16 || !short16 && payloadLength <= FrameWriter.MAX_16) {
            throw ProtocolException.framing("length " + payloadLength + " must be sent in its shortest form");
        }
        onLengthKnown();
    }

    private void onLengthKnown() {
        if ((second & FrameWriter.MASKED) != 0) {
            bytesLeft = Integer.BYTES;
            step = Step.MASK;
        } else {
            step = Step.COMPLETE;
        }
    }

    private void onMask(final int value) {
        mask = mask << 8 | value;
        if (--bytesLeft == 0) {
            step = Step.COMPLETE;
        }
    }
}
