package penstock.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Builds a message in bytes, without garbage once the buffer is large enough. Owned by one thread at a time.
 */
public final class MessageBuffer {
    private byte[] bytes;
    private int length;

    /** The ASCII bytes of a constant piece of a message. */
    public static byte[] ascii(final String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Creates a buffer of {@code initialBytes}. */
    public MessageBuffer(final int initialBytes) {
        bytes = new byte[initialBytes];
    }

    /** The bytes; valid from 0 to {@link #length()} until the next append. */
    public byte[] bytes() {
        return bytes;
    }

    /** Number of bytes. */
    public int length() {
        return length;
    }

    /** Truncates to {@code newLength}. */
    public void length(final int newLength) {
        length = newLength;
    }

    /** Empties the buffer and keeps its capacity. */
    public MessageBuffer clear() {
        length = 0;
        return this;
    }

    /** The bytes, with room for {@code count} more behind {@link #length()}: for who writes several pieces at once. */
    public byte[] room(final int count) {
        reserve(count);
        return bytes;
    }

    /** Appends bytes unchanged. */
    public MessageBuffer put(final byte[] source) {
        return put(source, 0, source.length);
    }

    /** Appends a slice unchanged. */
    public MessageBuffer put(final byte[] source, final int offset, final int count) {
        reserve(count);
        System.arraycopy(source, offset, bytes, length, count);
        length += count;
        return this;
    }

    /** Appends one ASCII character. */
    public MessageBuffer put(final char c) {
        reserve(1);
        bytes[length++] = (byte) c;
        return this;
    }

    /** Appends text as UTF-8, unescaped. Not for the hot path. */
    public MessageBuffer put(final String text) {
        return put(text.getBytes(StandardCharsets.UTF_8));
    }

    /** Appends a JSON string: quoted, escaped, UTF-8. Not for the hot path. */
    public MessageBuffer putString(final String text) {
        put('"');
        int clean = 0;
        for (int i = 0; i < text.length(); i++) {
            final char c = text.charAt(i);
            if (c < 0x20 || c == '"' || c == '\\' || c == 0x7f || c == 0x2028 || c == 0x2029) {
                put(text.substring(clean, i));
                clean = i + 1;
                putEscaped(c);
            }
        }
        return put(text.substring(clean)).put('"');
    }

    /** Appends a decimal number. */
    public MessageBuffer put(final long value) {
        reserve(20);
        length = Decimal.put(bytes, length, value);
        return this;
    }

    /** A copy of the content. */
    public byte[] toBytes() {
        return Arrays.copyOf(bytes, length);
    }

    @Override
    public String toString() {
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    private void putEscaped(final char c) {
        if (c == '"' || c == '\\') {
            put('\\').put(c);
        } else {
            put(String.format("\\u%04x", (int) c));
        }
    }

    private void reserve(final int count) {
        if (bytes.length - length < count) {
            bytes = Arrays.copyOf(bytes, Math.max(bytes.length * 2, length + count));
        }
    }
}
