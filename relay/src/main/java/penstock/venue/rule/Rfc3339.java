package penstock.venue.rule;

/** Reads {@code 2024-08-09T00:00:01.274123456+02:00} and its like from bytes, without garbage. Static; any thread. */
final class Rfc3339 {
    private static final int SECONDS = "2024-08-09T00:00:01".length();
    private static final String FIX = "20240809-00:00:01";
    private static final int[] DAYS = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    private Rfc3339() {
    }

    /** Microseconds since 1970, or {@link VenueTimeUnit#NONE}; times before 1970 are not accepted. */
    static long micros(final byte[] bytes, final int offset, final int length) {
        return micros(bytes, offset, length, true);
    }

    /** The same for times like {@code 2024-08-09T00:00:01}, without a zone: UTC. */
    static long utcMicros(final byte[] bytes, final int offset, final int length) {
        return micros(bytes, offset, length, false);
    }

    private static long micros(final byte[] bytes, final int offset, final int length, final boolean hasZone) {
        if (length < SECONDS || !hasSigns(bytes, offset)) {
            return VenueTimeUnit.NONE;
        }
        final int end = offset + length;
        final int fraction = offset + SECONDS;
        int at = fraction;
        while (at < end && (bytes[at] == '.' || VenueTimeUnit.isDigit(bytes[at]))) {
            at++;
        }
        final long us = fraction(bytes, fraction, at);
        final int zoneSeconds = hasZone ? zone(bytes, at, end) : at == end ? 0 : Integer.MIN_VALUE;
        final long seconds = seconds(bytes, offset, offset + 5, offset + 8, offset + 11);
        if (seconds < 0 || us < 0 || zoneSeconds == Integer.MIN_VALUE || seconds < zoneSeconds) {
            return VenueTimeUnit.NONE;
        }
        return (seconds - zoneSeconds) * 1_000_000 + us;
    }

    /** Likewise for FIX times like {@code 20260515-12:36:35.588}, always UTC. */
    static long fixMicros(final byte[] bytes, final int offset, final int length) {
        if (length < FIX.length() || bytes[offset + 8] != '-' || bytes[offset + 11] != ':'
                || bytes[offset + 14] != ':') {
            return VenueTimeUnit.NONE;
        }
        final long us = fraction(bytes, offset + FIX.length(), offset + length);
        final long seconds = seconds(bytes, offset, offset + 4, offset + 6, offset + 9);
        return seconds < 0 || us < 0 ? VenueTimeUnit.NONE : seconds * 1_000_000 + us;
    }

    /** Seconds since 1970, or -1. */
    private static long seconds(final byte[] bytes, final int yearAt, final int monthAt, final int dayAt,
            final int timeAt) {
        final int year = two(bytes, yearAt) * 100 + two(bytes, yearAt + 2);
        final int month = two(bytes, monthAt);
        final int day = two(bytes, dayAt);
        final int hour = two(bytes, timeAt);
        final int minute = two(bytes, timeAt + 3);
        final int second = two(bytes, timeAt + 6);
        if (year < 1970 || month < 1 || month > 12 || day < 1 || day > daysOf(year, month)) {
            return -1;
        }
        if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 60) {
            return -1;
        }
        return ((daysSince1970(year, month, day) * 24 + hour) * 60 + minute) * 60 + second;
    }

    /** Microseconds of a point and digits; 0 if empty, -1 if malformed. */
    private static long fraction(final byte[] bytes, final int from, final int to) {
        if (from == to) {
            return 0;
        }
        if (bytes[from] != '.' || to == from + 1) {
            return -1;
        }
        long us = 0;
        int unit = 100_000;
        for (int at = from + 1; at < to; at++) {
            if (!VenueTimeUnit.isDigit(bytes[at])) {
                return -1;
            }
            us += (long) unit * (bytes[at] - '0');
            unit /= 10;
        }
        return us;
    }

    private static boolean hasSigns(final byte[] bytes, final int offset) {
        final int t = bytes[offset + 10];
        return bytes[offset + 4] == '-' && bytes[offset + 7] == '-' && (t == 'T' || t == 't' || t == ' ')
            && bytes[offset + 13] == ':' && bytes[offset + 16] == ':';
    }

    /** Seconds east of Greenwich, or {@code Integer.MIN_VALUE}. */
    private static int zone(final byte[] bytes, final int at, final int end) {
        if (end - at == 1 && (bytes[at] | 0x20) == 'z') {
            return 0;
        }
        if (end - at != 6 || bytes[at] != '+' && bytes[at] != '-' || bytes[at + 3] != ':') {
            return Integer.MIN_VALUE;
        }
        final int hours = two(bytes, at + 1);
        final int minutes = two(bytes, at + 4);
        if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59) {
            return Integer.MIN_VALUE;
        }
        return (bytes[at] == '-' ? -1 : 1) * (hours * 60 + minutes) * 60;
    }

    /** Two digits, or a very negative number. */
    private static int two(final byte[] bytes, final int at) {
        return VenueTimeUnit.isDigit(bytes[at]) && VenueTimeUnit.isDigit(bytes[at + 1]) ? (bytes[at] - '0') * 10
            + bytes[at + 1] - '0' : -10_000;
    }

    private static int daysOf(final int year, final int month) {
        final boolean isLeap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        return DAYS[month - 1] + (month == 2 && isLeap ? 1 : 0);
    }

    /** The year begins in March here: the leap day is the last day, and one formula gives all month lengths. */
    private static long daysSince1970(final int year, final int month, final int day) {
        final long y = month <= 2 ? year - 1 : year;
        final long era = y / 400;
        final long yearOfEra = y - era * 400;
        final long dayOfYear = (153L * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
        final long dayOfEra = yearOfEra * 365 + yearOfEra / 4 - yearOfEra / 100 + dayOfYear;
        return era * 146_097 + dayOfEra - 719_468;
    }
}
