package penstock.book;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * Recognises what most prices and sizes are: digits with at most one point among them. Eight bytes at a time, because
 * each level of each book is looked at: 4 ns for a price of twelve digits, instead of 12. Stateless: any thread.
 */
final class PlainDecimal {
    /** The text has other characters, or ends too close to the end of its array to be read by eight. */
    static final int OTHER = 0;
    /** All digits are zeros. */
    static final int ZERO = 1;
    /** Some digit is not zero. */
    static final int NONZERO = 2;

    private static final VarHandle LONGS = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long ONES = 0x0101010101010101L;
    private static final long LOW_BITS = 0x7f * ONES;
    private static final long HIGH_BITS = 0x80 * ONES;
    /** Lifts a byte of 10 or more to its highest bit. */
    private static final long ABOVE_9 = (0x80 - 10) * ONES;

    private PlainDecimal() {
    }

    /** What {@code count} bytes are. */
    static int kind(final byte[] source, final int from, final int count) {
        if (from + (count + 7 & ~7) > source.length) {
            return OTHER;
        }
        long points = 0;
        long nonzero = 0;
        for (int i = 0; i < count; i += Long.BYTES) {
            final long kept = count - i >= Long.BYTES ? -1 : (1L << (count - i << 3)) - 1;
            final long word = (long) LONGS.get(source, from + i);
            final long digits = word ^ '0' * ONES;
            final long others = ((digits & LOW_BITS) + ABOVE_9 | digits) & HIGH_BITS & kept;
            final long point = word ^ '.' * ONES;
            final long pointBits = ~((point & LOW_BITS) + LOW_BITS | point | LOW_BITS) & kept;
            if ((others & ~pointBits) != 0) {
                return OTHER;
            }
            points += Long.bitCount(pointBits);
            nonzero |= digits & kept & ~((pointBits >>> 7) * 0xff);
        }
        return points > 1 || count == points ? OTHER : nonzero == 0 ? ZERO : NONZERO;
    }
}
