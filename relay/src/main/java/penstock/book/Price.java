package penstock.book;

/**
 * A decimal number in bytes, parsed into an exact sort key: no double, no rounding. {@code 1.0}, {@code 1.00} and
 * {@code 10e-1} are the same price. A number in quotes counts as the number. {@link #order} is sign and magnitude,
 * {@link #digits} the first 18 significant digits with the sign; longer numbers are compared digit by digit. Owned by
 * the thread that compares with it.
 */
public final class Price {
    /** What a text is. */
    public enum Kind {
        /** {@link #parse} refuses it. */
        NO_NUMBER,
        /** Zero, in any notation. */
        ZERO,
        /** Any other number. */
        NONZERO
    }

    /** Greater than every magnitude, so that sign and magnitude fit into one signed number. */
    private static final long BIAS = 1L << 40;
    private static final int MAX_EXPONENT = 1_000_000_000;
    private static final int DIGITS = 18;
    private static final long[] TENS = new long[DIGITS + 1];

    static {
        TENS[0] = 1;
        for (int i = 1; i <= DIGITS; i++) {
            TENS[i] = TENS[i - 1] * 10;
        }
    }

    long order;
    long digits;
    byte[] buffer;
    int offset;
    int length;

    private int at;
    private int end;
    private int significant;
    private long magnitude;

    /** What the bytes are; a number in quotes counts as the number. */
    public Kind kind(final byte[] source, final int from, final int count) {
        final boolean quoted = count >= 2 && source[from] == '"';
        final int first = quoted ? from + 1 : from;
        final int last = quoted ? from + count - 1 : from + count;
        final int sign = first < last && source[first] == '-' ? 1 : 0;
        final int plain = PlainDecimal.kind(source, first + sign, last - first - sign);
        if (plain == PlainDecimal.OTHER) {
            // an exponent, or no number
            return !parse(source, from, count) ? Kind.NO_NUMBER : significant == 0 ? Kind.ZERO : Kind.NONZERO;
        }
        return plain == PlainDecimal.ZERO ? Kind.ZERO : Kind.NONZERO;
    }

    /** Parses a number; false if the bytes are none. */
    public boolean parse(final byte[] source, final int from, final int count) {
        buffer = source;
        offset = from;
        length = count;
        final boolean quoted = count >= 2 && source[from] == '"';
        at = quoted ? from + 1 : from;
        end = quoted ? from + count - 1 : from + count;
        final boolean negative = at < end && source[at] == '-';
        if (at < end && (source[at] == '-' || source[at] == '+')) {
            at++;
        }
        if (!mantissa() || !exponent()) {
            return false;
        }
        if (significant == 0) {
            order = 0;
            digits = 0;
        } else {
            digits *= TENS[Math.max(0, DIGITS - significant)];
            order = magnitude + BIAS;
            if (negative) {
                order = -order;
                digits = -digits;
            }
        }
        return true;
    }

    /** True if a size is zero: only zeros before the exponent. */
    public static boolean isZero(final byte[] source, final int from, final int count) {
        for (int i = from; i < from + count; i++) {
            final byte b = source[i];
            if (b >= '1' && b <= '9') {
                return false;
            }
            if (b == 'e' || b == 'E') {
                return true;
            }
        }
        return true;
    }

    /** Compares the digits after the eighteenth, of numbers that are equal up to there. */
    static int compareRest(final byte[] a, final int aAt, final int aCount, final byte[] b, final int bAt,
            final int bCount) {
        if (aCount <= DIGITS && bCount <= DIGITS) {
            return 0;
        }
        int i = rest(a, aAt, aCount);
        int j = rest(b, bAt, bCount);
        final int aEnd = aAt + aCount;
        final int bEnd = bAt + bCount;
        while (i < aEnd || j < bEnd) {
            final int x = i < aEnd ? a[i] : '0';
            final int y = j < bEnd ? b[j] : '0';
            if (x != y) {
                return x - y;
            }
            i = digit(a, i + 1, aEnd);
            j = digit(b, j + 1, bEnd);
        }
        return 0;
    }

    private boolean mantissa() {
        boolean point = false;
        boolean any = false;
        significant = 0;
        magnitude = 0;
        digits = 0;
        for (; at < end; at++) {
            final byte b = buffer[at];
            if (b == '.' && !point) {
                point = true;
            } else if (b >= '0' && b <= '9') {
                any = true;
                digit(b - '0', point);
            } else {
                break;
            }
        }
        return any;
    }

    private void digit(final int digit, final boolean fraction) {
        if (significant > 0 || digit > 0) {
            if (significant < DIGITS) {
                digits = digits * 10 + digit;
            }
            significant++;
            magnitude += fraction ? 0 : 1;
        } else if (fraction) {
            magnitude--;
        }
    }

    private boolean exponent() {
        if (at == end) {
            return true;
        }
        if (buffer[at] != 'e' && buffer[at] != 'E' || ++at == end) {
            return false;
        }
        final boolean negative = buffer[at] == '-';
        if (negative || buffer[at] == '+') {
            at++;
        }
        if (at == end) {
            return false;
        }
        long exponent = 0;
        for (; at < end; at++) {
            if (buffer[at] < '0' || buffer[at] > '9') {
                return false;
            }
            exponent = Math.min(MAX_EXPONENT, exponent * 10 + buffer[at] - '0');
        }
        magnitude += negative ? -exponent : exponent;
        return true;
    }

    /** Index of the nineteenth significant digit, or the end. */
    private static int rest(final byte[] source, final int from, final int count) {
        final int end = from + count;
        int seen = 0;
        for (int i = digit(source, from, end); i < end; i = digit(source, i + 1, end)) {
            if ((seen > 0 || source[i] != '0') && ++seen > DIGITS) {
                return i;
            }
        }
        return end;
    }

    /** Index of the next digit of the mantissa at or after {@code from}, or the end. */
    private static int digit(final byte[] source, final int from, final int end) {
        for (int i = from; i < end; i++) {
            final byte b = source[i];
            if (b >= '0' && b <= '9') {
                return i;
            }
            if (b == 'e' || b == 'E') {
                return end;
            }
        }
        return end;
    }
}
