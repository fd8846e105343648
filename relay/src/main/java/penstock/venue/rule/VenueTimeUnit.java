package penstock.venue.rule;

import java.util.Locale;

/**
 * The time formats of venues. All become microseconds since 1970; further digits are cut off. A number may have a
 * fraction, but no exponent and no sign. Stateless.
 */
public enum VenueTimeUnit {
    /** Seconds, mostly with a fraction. */
    S(1_000_000, 1, 6),
    /** Milliseconds. */
    MS(1_000, 1, 3),
    /** Microseconds. */
    US(1, 1, 0),
    /** Nanoseconds. */
    NS(1, 1_000, 0),
    /** {@code 2024-08-09T00:00:01.274Z}, up to any number of digits, {@code Z} or {@code ±hh:mm}. */
    RFC3339(0, 0, 0),
    /** The same without a zone, {@code 2024-08-09T00:00:01.274}: UTC. */
    UTC(0, 0, 0),
    /** {@code 20260515-12:36:35.588}, UTC. */
    FIX(0, 0, 0);

    /** Not a time. */
    public static final long NONE = Long.MIN_VALUE;
    /** Times on the wire stay exact in a double. */
    private static final long MAX_US = (1L << 53) - 1;
    private static final long YEAR_2000_US = 946_684_800_000_000L;
    private static final long YEAR_2100_US = 4_102_444_800_000_000L;
    /** 19 digits in seconds would overflow. */
    private static final int MAX_WHOLE_DIGITS = 18;

    private final long factor;
    private final long divisor;
    private final int fractionDigits;

    VenueTimeUnit(final long factor, final long divisor, final int fractionDigits) {
        this.factor = factor;
        this.divisor = divisor;
        this.fractionDigits = fractionDigits;
    }

    /** The unit of this name, as an argument of the filter {@code call}. */
    static VenueTimeUnit spelled(final String name, final String call) {
        for (final VenueTimeUnit unit : values()) {
            if (unit.name().toLowerCase(Locale.ROOT).equals(name)) {
                return unit;
            }
        }
        throw new IllegalArgumentException("filter '" + call + "' must be ms(unit) with one of s, ms, us, ns, rfc3339, "
            + "utc, fix: the unit in which the venue writes the time");
    }

    /** Microseconds since 1970, or {@link #NONE} if the text is not a time of this format. */
    public long micros(final byte[] bytes, final int offset, final int length) {
        final long us = switch (this) {
            case RFC3339 -> Rfc3339.micros(bytes, offset, length);
            case UTC -> Rfc3339.utcMicros(bytes, offset, length);
            case FIX -> Rfc3339.fixMicros(bytes, offset, length);
            default -> number(bytes, offset, offset + length);
        };
        return us <= MAX_US ? us : NONE;
    }

    /** The same, {@link #NONE} before 2000 and after 2099: such a number has another unit, as seconds read as ms. */
    public long plausibleMicros(final byte[] bytes, final int offset, final int length) {
        final long us = micros(bytes, offset, length);
        return us >= YEAR_2000_US && us < YEAR_2100_US ? us : NONE;
    }

    private long number(final byte[] bytes, final int from, final int to) {
        int at = from;
        long whole = 0;
        while (at < to && isDigit(bytes[at])) {
            whole = whole * 10 + (bytes[at] - '0');
            at++;
        }
        final int digits = at - from;
        if (digits == 0 || digits > MAX_WHOLE_DIGITS + (divisor > 1 ? 1 : 0) || whole < 0
                || whole > Long.MAX_VALUE / factor) {
            return NONE;
        }
        long us = whole * factor / divisor;
        if (at < to) {
            final long fraction = bytes[at] == '.' ? fraction(bytes, at + 1, to) : NONE;
            us = fraction == NONE ? NONE : us + fraction;
        }
        return us;
    }

    private long fraction(final byte[] bytes, final int from, final int to) {
        long fraction = 0;
        for (int i = 0; i < Math.max(fractionDigits, to - from); i++) {
            final boolean isWritten = from + i < to;
            if (isWritten && !isDigit(bytes[from + i])) {
                return NONE;
            }
            if (i < fractionDigits) {
                fraction = fraction * 10 + (isWritten ? bytes[from + i] - '0' : 0);
            }
        }
        return to == from ? NONE : fraction;
    }

    static boolean isDigit(final byte b) {
        return b >= '0' && b <= '9';
    }
}
