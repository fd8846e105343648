package penstock.time;

import java.time.DayOfWeek;
import java.time.LocalTime;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import penstock.config.ConfigSection;

/**
 * The part of a week, in UTC, in which a market is open and silence is a fault. Immutable.
 *
 * @param fromMinute first minute, counted from Monday 00:00
 * @param toMinute   first minute after it; less than {@code fromMinute} if a Monday lies between
 */
public record WeeklyHours(int fromMinute, int toMinute) {
    /** Never closed. */
    public static final WeeklyHours ALWAYS = new WeeklyHours(0, 0);

    private static final int DAY = 24 * 60;
    private static final int WEEK = 7 * DAY;
    private static final long MINUTE_US = 60_000_000L;
    /** 1970 began on a Thursday. */
    private static final int THURSDAY = 3 * DAY;

    /** Reads two texts like {@code ["Sun 22:00", "Fri 22:00"]}. */
    public static WeeklyHours read(final ConfigSection section, final String key) {
        if (!section.has(key)) {
            return ALWAYS;
        }
        final List<String> texts = section.texts(key);
        final int from = texts.size() == 2 ? minute(texts.get(0)) : -1;
        final int to = texts.size() == 2 ? minute(texts.get(1)) : -1;
        if (from < 0 || to < 0 || from == to) {
            section.problem(key, "must be the start and end of the open hours of a week, in UTC, "
                + "like [\"Sun 22:00\", \"Fri 22:00\"]");
            return ALWAYS;
        }
        return new WeeklyHours(from, to);
    }

    public boolean isOpen(final long epochUs) {
        if (fromMinute == toMinute) {
            return true;
        }
        final int minute = (int) Math.floorMod(Math.floorDiv(epochUs, MINUTE_US) + THURSDAY, (long) WEEK);
        return fromMinute < toMinute ? minute >= fromMinute && minute < toMinute : minute >= fromMinute
            || minute < toMinute;
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
