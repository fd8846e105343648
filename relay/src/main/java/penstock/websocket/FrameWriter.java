package penstock.websocket;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * Writes whole frames into a buffer with enough room. A message is never fragmented: FIN is always set. Stateless: any
 * thread.
 */
public final class FrameWriter {
    /** Two bytes, eight of length, four of mask. */
    public static final int MAX_HEADER_BYTES = 14;

    /** The largest payload of a control frame. */
    static final int MAX_CONTROL_BYTES = 125;

    /** The forms of the length: 7 bits, 16 bits after 126, 64 bits after 127. */
    static final int LENGTH_16 = 126;
    static final int LENGTH_64 = 127;
    static final int MAX_16 = 0xffff;

    /** Added to the opcode of a message that permessage-deflate has compressed. */
    public static final int COMPRESSED = 0x40;

    static final int FIN = 0x80;
    static final int MASKED = 0x80;

    private static final int CODE_BYTES = 2;
    private static final byte[] NOTHING = {};

    private FrameWriter() {
    }

    /** Bytes of the unmasked header of a payload of {@code payloadLength} bytes; a masked header has four more. */
    public static int headerBytes(final int payloadLength) {
        return payloadLength < LENGTH_16 ? 2 : payloadLength <= MAX_16 ? 4 : 10;
    }

    /** The header of a whole unmasked message. */
    public static void putHeader(final ByteBuffer target, final int opcode, final int payloadLength) {
        putHeader(target, opcode, payloadLength, 0);
    }

    /** A whole unmasked message, as a server sends it. */
    public static void putFrame(final ByteBuffer target, final int opcode, final byte[] payload, final int offset,
            final int length) {
        putHeader(target, opcode, length, 0);
        target.put(payload, offset, length);
    }

    /**
     * A whole masked message, as a client sends it. {@code mask} must be unpredictable; {@code payload} is not changed.
     */
    public static void putMaskedFrame(final ByteBuffer target, final int opcode, final byte[] payload,
            final int offset, final int length, final int mask) {
        putHeader(target, opcode, length, MASKED);
        putInt(target, mask);
        Unmask.put(target, payload, offset, length, mask);
    }

    /**
     * A server's Close frame. The reason is cut to 123 bytes of whole characters. {@link CloseCode#NO_CODE} writes an
     * empty frame.
     */
    public static void putClose(final ByteBuffer target, final int code, final String reason) {
        final byte[] payload = closePayload(code, reason);
        putFrame(target, Opcode.CLOSE, payload, 0, payload.length);
    }

    /** A client's Close frame, otherwise like {@link #putClose}. */
    public static void putMaskedClose(final ByteBuffer target, final int code, final String reason, final int mask) {
        final byte[] payload = closePayload(code, reason);
        putMaskedFrame(target, Opcode.CLOSE, payload, 0, payload.length, mask);
    }

    /** The payload of a Close frame; see {@link #putClose}. */
    public static byte[] closePayload(final int code, final String reason) {
        if (code == CloseCode.NO_CODE) {
            return NOTHING;
        }
        if (!CloseCode.isValidOnWire(code)) {
            throw new IllegalArgumentException("close code " + code
                + " must not be sent; use 1000-1003, 1007-1014 or 3000-4999");
        }
        final byte[] text = reason.getBytes(StandardCharsets.UTF_8);
        int length = Math.min(text.length, MAX_CONTROL_BYTES - CODE_BYTES);
        while (length < text.length && (text[length] & 0xc0) == 0x80) {
            length--;
        }
        final byte[] payload = new byte[CODE_BYTES + length];
        payload[0] = (byte) (code >>> 8);
        payload[1] = (byte) code;
        System.arraycopy(text, 0, payload, CODE_BYTES, length);
        return payload;
    }

    private static void putHeader(final ByteBuffer target, final int opcode, final int payloadLength,
            final int maskBit) {
        target.put((byte) (FIN | opcode));
        if (payloadLength < LENGTH_16) {
            target.put((byte) (maskBit | payloadLength));
        } else if (payloadLength <= MAX_16) {
            target.put((byte) (maskBit | LENGTH_16)).put((byte) (payloadLength >>> 8)).put((byte) payloadLength);
        } else {
            target.put((byte) (maskBit | LENGTH_64));
            putInt(target, 0);
            putInt(target, payloadLength);
        }
    }

    /** Writes byte by byte, because the wire is big-endian and the buffer may not be. */
    private static void putInt(final ByteBuffer target, final int value) {
        target.put((byte) (value >>> 24)).put((byte) (value >>> 16)).put((byte) (value >>> 8)).put((byte) value);
    }
}
