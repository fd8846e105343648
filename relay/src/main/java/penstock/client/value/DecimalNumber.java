package penstock.client.value;

import java.math.BigDecimal;

/**
 * A decimal number, exactly: a mantissa and a scale, {@code mantissa × 10^-scale}, as {@link BigDecimal} has them. A
 * number whose digits exceed a {@code long} is kept as a {@link BigDecimal}, which is the only one that makes garbage.
 *
 * <p>Owned by the client's thread.
 */
public final class DecimalNumber {
    private static final int MAX_EXPONENT_DIGITS = 9;
    private static final int MAX_ALIGNED = 18;
    private static final long[] POWERS = new long[MAX_ALIGNED + 1];

    static {
        POWERS[0] = 1;
        for (int i = 1; i <= MAX_ALIGNED; i++) {
            POWERS[i] = 10 * POWERS[i - 1];
        }
    }

    private long mantissa;
    private int scale;
    /** Null while the digits fit. */
    private BigDecimal large;

    /** Reads a number, with or without quotes; anything else throws {@link IllegalArgumentException}. */
    public void read(final char[] text, final int first, final int last) {
        final int quote = CharRanges.isString(text, first, last) ? 1 : 0;
        final int from = first + quote;
        final int to = last - quote;
        int i = from;
        final boolean isNegative = i < to && text[i] == '-';
        i += isNegative ? 1 : 0;
        long digits = 0;
        int count = 0;
        int decimals = 0;
        boolean isPart = false;
        boolean isLarge = false;
        for (; i < to && (text[i] >= '0' && text[i] <= '9' || text[i] == '.' && !isPart); i++) {
            if (text[i] == '.') {
                isPart = true;
                continue;
            }
            count++;
            decimals += isPart ? 1 : 0;
            isLarge |= digits > (Long.MAX_VALUE - 9) / 10;
            digits = 10 * digits + text[i] - '0';
        }
        if (count == 0 || text[i - 1] == '.') {
            throw notANumber(text, first, last);
        }
        mantissa = isNegative ? -digits : digits;
        scale = decimals - exponent(text, i, to, first, last);
        large = isLarge ? new BigDecimal(text, from, to - from) : null;
    }

    private static int exponent(final char[] text, final int at, final int to, final int first, final int last) {
        if (at == to) {
            return 0;
        }
        int i = at + 1;
        final boolean isSigned = i < to && (text[i] == '-' || text[i] == '+');
        final boolean isNegative = isSigned && text[i] == '-';
        i += isSigned ? 1 : 0;
        if (text[at] != 'e' && text[at] != 'E' || i == to || to - i > MAX_EXPONENT_DIGITS) {
            throw notANumber(text, first, last);
        }
        int exponent = 0;
        for (; i < to; i++) {
            if (text[i] < '0' || text[i] > '9') {
                throw notANumber(text, first, last);
            }
            exponent = 10 * exponent + text[i] - '0';
        }
        return isNegative ? -exponent : exponent;
    }

    /** The digits as a whole number; {@link ArithmeticException} if they exceed a {@code long}. */
    public long mantissa() {
        if (large != null) {
            throw new ArithmeticException(large + " has more digits than a long takes: ask for a BigDecimal");
        }
        return mantissa;
    }

    /** How many of the digits are decimals; negative after an exponent. */
    public int scale() {
        return large == null ? scale : large.scale();
    }

    /** Whether it is 0, with any digits. */
    public boolean isZero() {
        return large == null ? mantissa == 0 : large.signum() == 0;
    }

    /** The same number as an object. */
    public BigDecimal toBigDecimal() {
        return large == null ? BigDecimal.valueOf(mantissa, scale) : large;
    }

    /** Below, at or above 0 as this number is less, equal or more than {@code other}, with any zeros at the end. */
    public int compareTo(final DecimalNumber other) {
        if (large == null && other.large == null) {
            if (scale == other.scale) {
                return Long.compare(mantissa, other.mantissa);
            }
            if (fits(mantissa, other.scale - scale) && fits(other.mantissa, scale - other.scale)) {
                return Long.compare(aligned(mantissa, other.scale - scale),
                    aligned(other.mantissa, scale - other.scale));
            }
        }
        return toBigDecimal().compareTo(other.toBigDecimal());
    }

    /** Whether {@code by} more zeros fit. */
    private static boolean fits(final long number, final int by) {
        return by <= 0 || by <= MAX_ALIGNED && Math.abs(number) <= Long.MAX_VALUE / POWERS[by];
    }

    private static long aligned(final long number, final int by) {
        return by <= 0 ? number : number * POWERS[by];
    }

    private static IllegalArgumentException notANumber(final char[] text, final int from, final int to) {
        return new IllegalArgumentException("not a number: " + new String(text, from, Math.min(to - from, 40)));
    }
}
