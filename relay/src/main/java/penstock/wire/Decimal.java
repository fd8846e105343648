package penstock.wire;

/** Writes decimal numbers into bytes without garbage. Stateless. */
public final class Decimal {
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

    /** Writes {@code value} at {@code offset}, at most 20 bytes; returns the offset after it. */
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

    private static int digits(final long value) {
        int digits = 1;
        for (long bound = 10; digits < 19 && value >= bound; bound *= 10) {
            digits++;
        }
        return digits;
    }
}
