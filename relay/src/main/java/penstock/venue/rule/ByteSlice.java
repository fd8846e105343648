package penstock.venue.rule;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import penstock.json.JsonType;
import penstock.json.JsonUnescape;
import penstock.json.JsonValues;

/**
 * The characters of one value as UTF-8 bytes, reused from value to value: a string without quotes and escapes, or a
 * number or boolean as written. Objects, arrays and {@code null} have no characters. As a {@link CharSequence}, each
 * byte is one character, which is correct for ASCII only. Owned by one thread.
 */
public final class ByteSlice implements CharSequence {
    private static final byte[] NONE = {};

    private byte[] scratch = new byte[64];
    private byte[] bytes = NONE;
    private int offset;
    private int length;
    private boolean present;

    /** True if there is a value. */
    public boolean isPresent() {
        return present;
    }

    /** The array that {@link #offset()} points into: the frame, or a buffer of this slice. */
    public byte[] bytes() {
        return bytes;
    }

    /** Position of the first byte. */
    public int offset() {
        return offset;
    }

    @Override
    public int length() {
        return length;
    }

    @Override
    public char charAt(final int index) {
        return (char) (bytes[offset + index] & 0xff);
    }

    @Override
    public CharSequence subSequence(final int from, final int to) {
        return new String(bytes, offset + from, to - from, StandardCharsets.ISO_8859_1);
    }

    @Override
    public String toString() {
        return present ? new String(bytes, offset, length, StandardCharsets.UTF_8) : "";
    }

    /** A copy of the characters. */
    public byte[] copy() {
        return Arrays.copyOfRange(bytes, offset, offset + length);
    }

    /** Refers to other bytes. */
    public void take(final byte[] other) {
        present = other != null;
        if (present) {
            slice(other, 0, other.length);
        }
    }

    /** Refers to a part of other bytes. */
    public void take(final byte[] other, final int from, final int count) {
        present = true;
        slice(other, from, count);
    }

    /** True if the characters are equal to these. */
    public boolean is(final byte[] other) {
        return present && Arrays.equals(bytes, offset, offset + length, other, 0, other.length);
    }

    /** Keeps a part of the characters. */
    void narrow(final int from, final int count) {
        offset += from;
        length = count;
    }

    /** Becomes absent. */
    void clear() {
        present = false;
    }

    /** Changes the case of ASCII letters; other text follows the rules of Unicode. */
    void changeCase(final boolean toUpper) {
        if (!isAscii()) {
            set(toUpper ? toString().toUpperCase(Locale.ROOT) : toString().toLowerCase(Locale.ROOT));
            return;
        }
        if (scratch.length < length) {
            scratch = new byte[length];
        }
        final int shift = bytes == scratch ? offset : 0;
        for (int i = 0; i < length; i++) {
            final byte b = bytes[offset + i];
            final boolean changes = toUpper ? b >= 'a' && b <= 'z' : b >= 'A' && b <= 'Z';
            scratch[shift + i] = (byte) (changes ? b ^ 0x20 : b);
        }
        slice(scratch, shift, length);
    }

    void read(final JsonValues values, final int slot) {
        final int type = values.type(slot);
        present = (type & (JsonType.STRING | JsonType.NUMBER | JsonType.BOOLEAN)) != 0;
        if (type == JsonType.STRING) {
            if (values.isEscaped(slot)) {
                unescape(values, slot);
            } else {
                slice(values.buffer(), values.offset(slot) + 1, values.length(slot) - 2);
            }
        } else if (present) {
            slice(values.buffer(), values.offset(slot), values.length(slot));
        }
    }

    /** The value with quotes and escapes; {@code null} is absent. */
    void readJson(final JsonValues values, final int slot) {
        present = values.type(slot) != JsonType.ABSENT && values.type(slot) != JsonType.NULL;
        if (present) {
            slice(values.buffer(), values.offset(slot), values.length(slot));
        }
    }

    /** Null means absent. */
    void set(final String value) {
        present = value != null;
        if (present) {
            final byte[] encoded = value.getBytes(StandardCharsets.UTF_8);
            slice(encoded, 0, encoded.length);
        }
    }

    /** Becomes the digits of a number that is not negative. */
    void set(final long number) {
        long rest = number;
        int at = scratch.length;
        do {
            scratch[--at] = (byte) ('0' + rest % 10);
            rest /= 10;
        } while (rest > 0);
        slice(scratch, at, scratch.length - at);
    }

    boolean isAscii() {
        for (int i = offset; i < offset + length; i++) {
            if (bytes[i] < 0) {
                return false;
            }
        }
        return true;
    }

    private void slice(final byte[] source, final int from, final int count) {
        bytes = source;
        offset = from;
        length = count;
    }

    private void unescape(final JsonValues values, final int slot) {
        final int from = values.offset(slot) + 1;
        final int count = values.length(slot) - 2;
        if (scratch.length < count) {
            scratch = new byte[count];
        }
        slice(scratch, 0, JsonUnescape.unescape(values.buffer(), from, from + count, scratch));
    }
}
