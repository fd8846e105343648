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
    /** Moves the high bits of 8 bytes into the highest byte of the product. */
    private static final long GATHERED = 0x0002040810204081L;

    private JsonNumber() {
    }

    /** True if the bytes are a number as RFC 8259 writes it: no sign but a minus, no leading zero, no bare point. */
    public static boolean is(final byte[] bytes, final int offset, final int length) {
        return length <= WORD && isDecimal(word(bytes, offset), length)
            || length <= 2 * WORD && isDecimal(word(bytes, offset), word(bytes, offset + WORD), length)
            || isNumber(bytes, offset, length);
    }

    /** The 8 bytes from a place, the first one lowest; zeros stand for those behind the end of the array. */
    public static long word(final byte[] bytes, final int at) {
        final int missing = at + WORD - bytes.length;
        if (missing <= 0) {
            return (long) LONGS.get(bytes, at);
        }
        return missing >= WORD || bytes.length < WORD ? end(bytes, at)
            : (long) LONGS.get(bytes, bytes.length - WORD) >>> (missing << 3);
    }

    /**
     * True if a text of at most 8 bytes is digits, with or without a point, and no leading zero: most prices and sizes,
     * without a look at each byte. What is false may still be a number. {@code first} is the {@link #word} from its
     * begin on; what it has behind the text does not matter.
     */
    public static boolean isDecimal(final long first, final int length) {
        return isDecimal(first, 0, others(first), length);
    }

    /** Likewise of a text of at most 16 bytes, from two words. */
    public static boolean isDecimal(final long first, final long second, final int length) {
        return isDecimal(first, second, others(first) | others(second) << WORD, length);
    }

    private static boolean isDecimal(final long first, final long second, final int others, final int length) {
        // a bit for each byte that is no digit, and one where the text ends
        final int marks = others | 1 << length;
        final int whole = Integer.numberOfTrailingZeros(marks);
        if (whole == 0 || (byte) first == '0' && whole > 1) {
            return false;
        }
        return whole == length || (byte) ((whole < WORD ? first : second) >>> (whole << 3)) == '.' && whole < length - 1
            && Integer.numberOfTrailingZeros(marks & marks - 1) == length;
    }

    /** A bit for each of 8 bytes that is no digit. */
    private static int others(final long word) {
        final long digits = word ^ ZEROS;
        return (int) ((((digits & LOW_BITS) + ABOVE_9 | digits) & HIGH_BITS) * GATHERED >>> Long.SIZE - WORD);
    }

    private static long end(final byte[] bytes, final int from) {
        long word = 0;
        for (int i = bytes.length - 1; i >= from; i--) {
            word = word << 8 | bytes[i] & 0xff;
        }
        return word;
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
