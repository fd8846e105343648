package penstock.time;

import java.time.DayOfWeek;
import java.time.LocalTime;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Locale;

/**
 * A part of a week, by the clock on the wall. Immutable.
 *
 * @param fromMinute first minute, counted from Monday 00:00
 * @param toMinute   first minute after it; less than {@code fromMinute} if a Monday lies between, equal = all week
 */
record WeeklyHours(int fromMinute, int toMinute) {
    static final WeeklyHours ALL = new WeeklyHours(0, 0);

    private static final int DAY = 24 * 60;
    private static final int WEEK = 7 * DAY;
    /** 1970 began on a Thursday. */
    private static final int THURSDAY = 3 * DAY;

    /** Parses texts like {@code Sun 22:00}; null if they are no part of a week. */
    static WeeklyHours parse(final String from, final String to) {
        final int fromMinute = minute(from);
        final int toMinute = minute(to);
        return fromMinute < 0 || toMinute < 0 || fromMinute == toMinute ? null : new WeeklyHours(fromMinute, toMinute);
    }

    /** {@code localMinute}: minutes since 1970 by the clock on the wall. */
    boolean contains(final long localMinute) {
        return contains((int) Math.floorMod(localMinute + THURSDAY, (long) WEEK), fromMinute, toMinute);
    }

    /** True from {@code from} until before {@code to}, across the end of the period if {@code to} is not later. */
    static boolean contains(final int minute, final int from, final int to) {
        return from < to ? minute >= from && minute < to : minute >= from || minute < to;
    }

    /** Minute of the week, -1 if {@code text} is not a time. */
    private static int minute(final String text) {
        final String[] words = text.trim().split("\\s+");
        try {
            final LocalTime time = LocalTime.parse(words[words.length - 1]);
            return Arrays.stream(DayOfWeek.values()).filter(day -> words.length == 2 && day.name().substring(0, 3)
                .equals(words[0].toUpperCase(Locale.ROOT)))
                .mapToInt(day -> day.ordinal() * DAY + time.toSecondOfDay() / 60)
                .findFirst().orElse(-1);
        } catch (final DateTimeParseException notATime) {
            return -1;
        }
    }
}
