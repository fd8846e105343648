package penstock.venue.emit;

import java.util.Arrays;
import penstock.venue.rule.ByteSlice;

/** The object that is being written, reused from message to message. Owned by the feed thread. */
public final class EmitBuffer {
    private static final int CONTROL = 0x20;
    private static final byte[] NULL = {'n', 'u', 'l', 'l'};
    private static final String HEX = "0123456789abcdef";

    private byte[] bytes = new byte[512];
    private int length;
    private int badValues;

    /** The bytes written, from 0 to {@link #length()}; valid until the next message. */
    public byte[] bytes() {
        return bytes;
    }

    /** Number of bytes written. */
    public int length() {
        return length;
    }

    /** Values of the last message that were left out, because they are not of their field's type. */
    public int badValues() {
        return badValues;
    }

    void clear() {
        length = 0;
        badValues = 0;
    }

    void onBadValue() {
        badValues++;
    }

    /** Takes back what was written behind this length. */
    void cut(final int newLength) {
        length = newLength;
    }

    void put(final char c) {
        need(1);
        bytes[length++] = (byte) c;
    }

    void put(final byte[] source, final int offset, final int count) {
        need(count);
        System.arraycopy(source, offset, bytes, length, count);
        length += count;
    }

    void putNull() {
        put(NULL, 0, NULL.length);
    }

    boolean put(final ByteSlice text) {
        put(text.bytes(), text.offset(), text.length());
        return true;
    }

    /** As a JSON string. */
    boolean putQuoted(final ByteSlice text) {
        need(text.length() * 6 + 2);
        final byte[] source = text.bytes();
        bytes[length++] = '"';
        for (int i = text.offset(); i < text.offset() + text.length(); i++) {
            final byte b = source[i];
            if (b == '"' || b == '\\') {
                bytes[length++] = '\\';
                bytes[length++] = b;
            } else if (b >= 0 && b < CONTROL) {
                putEscape(b);
            } else {
                bytes[length++] = b;
            }
        }
        bytes[length++] = '"';
        return true;
    }

    private void putEscape(final byte b) {
        bytes[length++] = '\\';
        bytes[length++] = 'u';
        bytes[length++] = '0';
        bytes[length++] = '0';
        bytes[length++] = (byte) HEX.charAt(b >> 4);
        bytes[length++] = (byte) HEX.charAt(b & 0xf);
    }

    private void need(final int count) {
        if (length + count > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(length + count, bytes.length * 2));
        }
    }
}
