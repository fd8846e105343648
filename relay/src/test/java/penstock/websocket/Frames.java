package penstock.websocket;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Valid and invalid bytes of a peer, built independently of the code under test. */
final class Frames {
    static final int FIN = 0x80;
    static final int RSV1 = 0x40;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final boolean masked;

    private Frames(final boolean masked) {
        this.masked = masked;
    }

    static Frames of(final Role reader) {
        return new Frames(reader == Role.SERVER);
    }

    static Frames masked() {
        return new Frames(true);
    }

    static Frames unmasked() {
        return new Frames(false);
    }

    static byte[] utf8(final String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static byte[] filled(final int length) {
        final byte[] payload = new byte[length];
        for (int i = 0; i < length; i++) {
            payload[i] = (byte) ('a' + i % 26);
        }
        return payload;
    }

    Frames text(final String text) {
        return frame(FIN | Opcode.TEXT, utf8(text));
    }

    /** A frame in its shortest form; {@code first} is its first byte. */
    Frames frame(final int first, final byte... payload) {
        final int form = payload.length < 126 ? 0 : payload.length < 65536 ? 2 : 8;
        return header(first, form, payload.length).payload(payload);
    }

    /** A header whose length is sent in {@code form} bytes after the second (0, 2 or 8), valid or not. */
    Frames header(final int first, final int form, final long length) {
        bytes.write(first);
        final int maskBit = masked ? 0x80 : 0;
        bytes.write(maskBit | (form == 0 ? (int) length : form == 2 ? 126 : 127));
        for (int i = form - 1; i >= 0; i--) {
            bytes.write((int) (length >>> 8 * i));
        }
        return this;
    }

    /** The mask, if any, and the payload. */
    Frames payload(final byte... payload) {
        final byte[] mask = {(byte) 0x9a, 0x3c, (byte) 0xf1, (byte) (payload.length * 31 + 7)};
        if (masked) {
            bytes.write(mask, 0, 4);
        }
        for (int i = 0; i < payload.length; i++) {
            bytes.write(masked ? payload[i] ^ mask[i & 3] : payload[i]);
        }
        return this;
    }

    Frames raw(final int... values) {
        for (final int value : values) {
            bytes.write(value);
        }
        return this;
    }

    byte[] bytes() {
        return bytes.toByteArray();
    }

    ByteBuffer direct() {
        return direct(bytes());
    }

    static ByteBuffer direct(final byte[] source) {
        return ByteBuffer.allocateDirect(source.length).put(source).flip();
    }
}
