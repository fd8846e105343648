package penstock.json;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Recognises JSON numbers in bytes. Static; any thread. */
public final class JsonNumber {
    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final int WORD = 8;
    private static final long ZEROS = 0x3030303030303030L;
    private static final long LOW_BITS = 0x7f7f7f7f7f7f7f7fL;
    private static final long HIGH_BITS = 0x8080808080808080L;
    /** Added to a byte of 7 bits, it sets the high bit if the byte is above 9. */
    private static final long ABOVE_9 = 0x7676767676767676L;

    private JsonNumber() {
    }

    /** True if the bytes are a number as RFC 8259 writes it: no sign but a minus, no leading zero, no bare point. */
    public static boolean is(final byte[] bytes, final int offset, final int length) {
        return isShortDecimal(bytes, offset, length) || isNumber(bytes, offset, length);
    }

    /**
     * Recognises most prices and sizes, 8 bytes at a time: up to 16 bytes of digits, with or without a point. False if
     * it has to be looked at byte by byte.
     */
    private static boolean isShortDecimal(final byte[] bytes, final int offset, final int length) {
        final int end = offset + length;
        // the last word ends with the text, so that nothing behind it is read
        if (length <= 0 || length > 2 * WORD || end < WORD) {
            return false;
        }
        final long last = others((long) LONGS.get(bytes, end - WORD));
        // what is not a digit, from the first byte on: a bit 0 of a byte for the first 8 bytes, a bit 1 for the others
        final long marks = length <= WORD ? last >>> (WORD - length << 3) + 7
            : others((long) LONGS.get(bytes, offset)) >>> 7 | last >>> (2 * WORD - length << 3) + 6;
        final boolean beginsWithZero = bytes[offset] == '0';
        if (marks == 0) {
            return !beginsWithZero || length == 1;
        }
        final int bit = Long.numberOfTrailingZeros(marks);
        final int at = (bit >>> 3) + ((bit & 1) << 3);
        return (marks & marks - 1) == 0 && bytes[offset + at] == '.' && at > 0 && at < length - 1
            && (!beginsWithZero || at == 1);
    }

    /** The high bits of the bytes that are no digits. */
    private static long others(final long word) {
        final long digits = word ^ ZEROS;
        return ((digits & LOW_BITS) + ABOVE_9 | digits) & HIGH_BITS;
    }

    private static boolean isNumber(final byte[] bytes, final int offset, final int length) {
        final int end = offset + length;
        int at = offset < end && bytes[offset] == '-' ? offset + 1 : offset;
        if (at < end && bytes[at] == '0') {
            at++;
        } else {
            at = digits(bytes, at, end);
        }
        if (at >= 0 && at < end && bytes[at] == '.') {
            at = digits(bytes, at + 1, end);
        }
        if (at >= 0 && at < end && (bytes[at] | 0x20) == 'e') {
            at++;
            at = digits(bytes, at < end && (bytes[at] == '+' || bytes[at] == '-') ? at + 1 : at, end);
        }
        return at == end && length > 0;
    }

    /** Position after one or more digits, -1 if there is none. */
    private static int digits(final byte[] bytes, final int from, final int end) {
        int at = from;
        while (at < end && bytes[at] >= '0' && bytes[at] <= '9') {
            at++;
        }
        return at == from ? -1 : at;
    }
}
