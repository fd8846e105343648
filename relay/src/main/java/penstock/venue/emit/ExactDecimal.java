package penstock.venue.emit;

import penstock.json.JsonNumber;

/**
 * The middle or the difference of two decimal numbers, exact: digit by digit, no double, no rounding, no garbage. A
 * result has the decimal places of its operands, the middle one more if it needs it. Owned by the feed thread.
 */
final class ExactDecimal {
    /** Digits of both numbers side by side; 1e-300 beside 1e300 would be a result without use. */
    static final int MAX_DIGITS = 400;

    /** Digits of the operands with common decimal places, and of the result; the last digit first. */
    private final byte[] first = new byte[MAX_DIGITS + 2];
    private final byte[] second = new byte[MAX_DIGITS + 2];
    private final byte[] result = new byte[MAX_DIGITS + 2];
    private int digits;
    private int scale;
    private boolean isNegative;

    /** The number that was read last: its digits without point and exponent lie between the bytes of the source. */
    private int readFrom;
    private int readTo;
    private int readDigits;
    private int readScale;
    private boolean isReadNegative;

    /**
     * Computes (bid + ask) / 2, or ask - bid; false if one of them is no number, or the digits are too many. Both lie
     * in {@code bytes}.
     */
    boolean compute(final boolean isMiddle, final byte[] bytes, final int bidAt, final int bidLength, final int askAt,
            final int askLength) {
        if (!read(bytes, bidAt, bidLength)) {
            return false;
        }
        final int bidScale = readScale;
        final int bidWhole = readDigits - readScale;
        if (!read(bytes, askAt, askLength)) {
            return false;
        }
        scale = Math.max(0, Math.max(bidScale, readScale));
        digits = scale + Math.max(1, Math.max(bidWhole, readDigits - readScale));
        if (digits > MAX_DIGITS) {
            return false;
        }
        spread(bytes, second);
        final boolean isAskNegative = isReadNegative;
        read(bytes, bidAt, bidLength);
        spread(bytes, first);
        final boolean isBidNegative = isMiddle == isReadNegative;
        if (isBidNegative == isAskNegative) {
            add();
            isNegative = isAskNegative;
        } else {
            final boolean isAskLarger = compare() >= 0;
            subtract(isAskLarger ? second : first, isAskLarger ? first : second);
            isNegative = isAskLarger ? isAskNegative : isBidNegative;
        }
        if (isMiddle) {
            halve();
        }
        return true;
    }

    /** Appends the result. */
    void appendTo(final EmitBuffer out) {
        int top = digits - 1;
        while (top > scale && result[top] == 0) {
            top--;
        }
        if (isNegative && !isZero()) {
            out.put('-');
        }
        for (int i = top; i >= 0; i--) {
            if (i == scale - 1) {
                out.put('.');
            }
            out.put((char) ('0' + result[i]));
        }
    }

    private boolean read(final byte[] bytes, final int offset, final int length) {
        if (!JsonNumber.is(bytes, offset, length)) {
            return false;
        }
        isReadNegative = bytes[offset] == '-';
        readFrom = isReadNegative ? offset + 1 : offset;
        readTo = readFrom;
        readDigits = 0;
        int point = -1;
        final int end = offset + length;
        while (readTo < end && (bytes[readTo] | 0x20) != 'e') {
            if (bytes[readTo] == '.') {
                point = readDigits;
            } else {
                readDigits++;
            }
            readTo++;
        }
        final long exponent = readTo < end ? exponent(bytes, readTo + 1, end) : 0;
        final long places = (point < 0 ? 0 : readDigits - point) - exponent;
        readScale = (int) places;
        return readDigits <= MAX_DIGITS && Math.abs(places) <= MAX_DIGITS;
    }

    private static long exponent(final byte[] bytes, final int from, final int end) {
        final boolean isNegative = bytes[from] == '-';
        long exponent = 0;
        for (int i = isNegative || bytes[from] == '+' ? from + 1 : from; i < end; i++) {
            exponent = Math.min(Integer.MAX_VALUE, exponent * 10 + bytes[i] - '0');
        }
        return isNegative ? -exponent : exponent;
    }

    /** Copies the digits of the number that was read last to their places. */
    private void spread(final byte[] bytes, final byte[] target) {
        int place = 0;
        for (; place < scale - readScale; place++) {
            target[place] = 0;
        }
        for (int i = readTo - 1; i >= readFrom; i--) {
            if (bytes[i] != '.') {
                target[place++] = (byte) (bytes[i] - '0');
            }
        }
        for (; place < digits; place++) {
            target[place] = 0;
        }
    }

    /** Compares the magnitudes: below 0 if that of the ask is smaller. */
    private int compare() {
        for (int i = digits - 1; i >= 0; i--) {
            if (first[i] != second[i]) {
                return second[i] - first[i];
            }
        }
        return 0;
    }

    private void add() {
        int carry = 0;
        for (int i = 0; i < digits; i++) {
            carry += first[i] + second[i];
            result[i] = (byte) (carry % 10);
            carry /= 10;
        }
        result[digits++] = (byte) carry;
    }

    private void subtract(final byte[] larger, final byte[] smaller) {
        int borrow = 0;
        for (int i = 0; i < digits; i++) {
            final int digit = larger[i] - smaller[i] - borrow;
            borrow = digit < 0 ? 1 : 0;
            result[i] = (byte) (digit + 10 * borrow);
        }
    }

    /** A half has one decimal place more if the number is odd. */
    private void halve() {
        if ((result[0] & 1) != 0) {
            System.arraycopy(result, 0, result, 1, digits);
            result[0] = 0;
            digits++;
            scale++;
        }
        int rest = 0;
        for (int i = digits - 1; i >= 0; i--) {
            final int digit = rest * 10 + result[i];
            result[i] = (byte) (digit / 2);
            rest = digit % 2;
        }
    }

    private boolean isZero() {
        for (int i = 0; i < digits; i++) {
            if (result[i] != 0) {
                return false;
            }
        }
        return true;
    }
}
