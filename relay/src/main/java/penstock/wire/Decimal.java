package penstock.wire;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Writes decimal numbers into bytes without garbage. Stateless. */
public final class Decimal {
    private static final VarHandle LONG =
        MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long EIGHT_DIGITS = 100_000_000;
    private static final long ASCII_ZEROS = 0x3030_3030_3030_3030L;
    private static final byte[] TENS = new byte[100];
    private static final byte[] ONES = new byte[100];

    static {
        for (int i = 0; i < 100; i++) {
            TENS[i] = (byte) ('0' + i / 10);
            ONES[i] = (byte) ('0' + i % 10);
        }
    }

    private Decimal() {
    }

    /**
     * Writes {@code value} at {@code offset}, where {@code target} has room for 20 bytes; returns the offset after it.
     * What was in eight bytes from {@code offset} on is lost.
     */
    public static int put(final byte[] target, final int offset, final long value) {
        if (value >= 0) {
            return putPositive(target, offset, value);
        }
        if (value == Long.MIN_VALUE) {
            return putPositive(target, putPositive(target, putMinus(target, offset), 9_223_372_036L), 854_775_808L);
        }
        return putPositive(target, putMinus(target, offset), -value);
    }

    private static int putMinus(final byte[] target, final int offset) {
        target[offset] = '-';
        return offset + 1;
    }

    private static int putPositive(final byte[] target, final int offset, final long value) {
        if (value < 10) {
            target[offset] = (byte) ('0' + value);
            return offset + 1;
        }
        if (value < EIGHT_DIGITS) {
            return putShort(target, offset, value);
        }
        final int end = offset + digits(value);
        long rest = value;
        int i = end;
        while (rest >= 100) {
            final long hundreds = rest / 100;
            final int pair = (int) (rest - hundreds * 100);
            target[--i] = ONES[pair];
            target[--i] = TENS[pair];
            rest = hundreds;
        }
        target[--i] = ONES[(int) rest];
        if (rest >= 10) {
            target[--i] = TENS[(int) rest];
        }
        return end;
    }

    /**
     * Eight digits at once, one in each byte: the quotients and remainders of all parts come from one multiplication by
     * a rounded reciprocal each. The zeros in front, which are the lowest bytes, are shifted out.
     */
    private static int putShort(final byte[] target, final int offset, final long value) {
        final long high = value / 10_000;
        final long fours = high | value - 10_000 * high << 32;
        final long hundreds = fours * 10_486 >>> 20 & 0x7f_0000_007fL;
        final long twos = hundreds | fours - 100 * hundreds << 16;
        final long tens = twos * 103 >>> 10 & 0x000f_000f_000f_000fL;
        final long digits = tens | twos - 10 * tens << 8;
        // of 0 one digit stays
        final int zeros = Long.numberOfTrailingZeros(digits | 1L << 56) & ~7;
        LONG.set(target, offset, (digits | ASCII_ZEROS) >>> zeros);
        return offset + Long.BYTES - (zeros >> 3);
    }

    private static int digits(final long value) {
        int digits = 1;
        for (long bound = 10; digits < 19 && value >= bound; bound *= 10) {
            digits++;
        }
        return digits;
    }
}
