package penstock.venue.book;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import penstock.venue.rule.ByteSlice;

/**
 * A decimal number that can be added to and taken from, exact: digits in a {@code long} and the number of decimal
 * places, without garbage, while they fit; else a {@link BigDecimal}. A sum has the decimal places of its longest part.
 * Mutable. Owned by the feed thread.
 */
final class ExactNumber {
    /** Of the places before and behind the point: 1e-300 beside 1e300 would be a sum without use. */
    private static final int MAX_PLACES = 100;
    /** That many digits fit into 64 bits. */
    private static final int SAFE_DIGITS = 18;
    private static final long[] TENS = new long[SAFE_DIGITS + 1];

    private long digits;
    private int places;
    /** Null while the number fits into the other two. */
    private BigDecimal large;

    static {
        TENS[0] = 1;
        for (int i = 1; i <= SAFE_DIGITS; i++) {
            TENS[i] = TENS[i - 1] * 10;
        }
    }

    /** Zero. */
    ExactNumber() {
    }

    /** The same number. */
    ExactNumber(final ExactNumber other) {
        set(other);
    }

    void set(final ExactNumber other) {
        digits = other.digits;
        places = other.places;
        large = other.large;
    }

    /** Reads a number, which may be in quotes; its form has been checked. False if it has too many places. */
    boolean read(final ByteSlice json) {
        final int quote = json.charAt(0) == '"' ? 1 : 0;
        final byte[] bytes = json.bytes();
        final int end = json.offset() + json.length() - quote;
        int at = json.offset() + quote;
        final boolean isNegative = bytes[at] == '-';
        at += isNegative || bytes[at] == '+' ? 1 : 0;
        large = null;
        digits = 0;
        places = 0;
        int count = 0;
        boolean isFraction = false;
        for (; at < end && (bytes[at] | 0x20) != 'e'; at++) {
            if (bytes[at] == '.') {
                isFraction = true;
            } else {
                count += count > 0 || bytes[at] != '0' ? 1 : 0;
                digits = digits * 10 + bytes[at] - '0';
                places += isFraction ? 1 : 0;
            }
        }
        if (at < end || count > SAFE_DIGITS) {
            return readSlowly(json.subSequence(quote, json.length() - quote).toString());
        }
        digits = isNegative ? -digits : digits;
        return places <= MAX_PLACES;
    }

    private boolean readSlowly(final String text) {
        final BigDecimal number = new BigDecimal(text);
        final long whole = (long) number.precision() - number.scale();
        take(number);
        return Math.abs((long) number.scale()) <= MAX_PLACES && whole <= MAX_PLACES;
    }

    /** Leaves out the zeros at the end, so that equal numbers are written in one way. */
    void strip() {
        if (large != null) {
            take(large.stripTrailingZeros());
        }
        while (large == null && digits % 10 == 0 && (digits != 0 || places != 0)) {
            digits /= 10;
            places = digits == 0 ? 0 : places - 1;
        }
    }

    void add(final ExactNumber other) {
        combine(other, false);
    }

    void subtract(final ExactNumber other) {
        combine(other, true);
    }

    int signum() {
        return large == null ? Long.signum(digits) : large.signum();
    }

    private void combine(final ExactNumber other, final boolean isMinus) {
        final int common = Math.max(places, other.places);
        if (large == null && other.large == null && fits(digits, common - places)
                && fits(other.digits, common - other.places)) {
            final long mine = digits * TENS[common - places];
            final long theirs = other.digits * TENS[common - other.places];
            final long sum = isMinus ? mine - theirs : mine + theirs;
            // the sign of the sum differs from both: more than 64 bits
            if (((mine ^ sum) & ((isMinus ? ~theirs : theirs) ^ sum)) >= 0) {
                digits = sum;
                places = common;
                return;
            }
        }
        take(isMinus ? number().subtract(other.number()) : number().add(other.number()));
    }

    private static boolean fits(final long value, final int shift) {
        return shift <= SAFE_DIGITS && Math.multiplyHigh(value, TENS[shift]) == value * TENS[shift] >> 63;
    }

    private BigDecimal number() {
        return large == null ? BigDecimal.valueOf(digits, places) : large;
    }

    private void take(final BigDecimal number) {
        final BigInteger unscaled = number.unscaledValue();
        final boolean isSmall = unscaled.bitLength() < Long.SIZE;
        large = isSmall ? null : number;
        digits = isSmall ? unscaled.longValue() : 0;
        places = number.scale();
    }

    /** Writes the number without an exponent; returns the bytes written. {@code target} has room for 255. */
    int write(final byte[] target) {
        if (large != null || places < 0 || places > SAFE_DIGITS) {
            final byte[] text = number().toPlainString().getBytes(StandardCharsets.US_ASCII);
            System.arraycopy(text, 0, target, 0, text.length);
            return text.length;
        }
        int from = target.length;
        // negative, because the smallest number has no counterpart above zero
        long left = digits < 0 ? digits : -digits;
        for (int place = 0; place <= places || left != 0; place++) {
            if (place == places && places > 0) {
                target[--from] = '.';
            }
            target[--from] = (byte) ('0' - left % 10);
            left /= 10;
        }
        if (digits < 0) {
            target[--from] = '-';
        }
        System.arraycopy(target, from, target, 0, target.length - from);
        return target.length - from;
    }

    @Override
    public boolean equals(final Object other) {
        return other instanceof ExactNumber number && digits == number.digits && places == number.places
            && (large == null ? number.large == null : large.equals(number.large));
    }

    @Override
    public int hashCode() {
        return large == null ? Long.hashCode(digits * 31 + places) : large.hashCode();
    }
}
