package penstock.time;

import java.time.DayOfWeek;
import java.time.LocalTime;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import penstock.config.ConfigSection;

/**
 * The part of a week, UTC, in which a market is open: then silence means something. Immutable.
 *
 * @param fromMinute first minute of the week, which begins on Monday
 * @param toMinute   first minute that is no longer in it; less than {@code fromMinute} when a Monday lies between
 */
public record WeeklyHours(int fromMinute, int toMinute) {
    /** Never closed. */
    public static final WeeklyHours ALWAYS = new WeeklyHours(0, 0);

    private static final int DAY = 24 * 60;
    private static final int WEEK = 7 * DAY;
    private static final long MINUTE_US = 60_000_000L;
    /** 1970 began on a Thursday. */
    private static final int THURSDAY = 3 * DAY;

    /** Two texts like {@code ["Sun 22:00", "Fri 22:00"]}. */
    public static WeeklyHours read(final ConfigSection section, final String key) {
        if (!section.has(key)) {
            return ALWAYS;
        }
        final List<String> texts = section.texts(key);
        final int from = texts.size() == 2 ? minute(texts.get(0)) : -1;
        final int to = texts.size() == 2 ? minute(texts.get(1)) : -1;
        if (from < 0 || to < 0 || from == to) {
            section.problem(key, "must be the two times of a week, UTC, between which messages come, "
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

    /** -1 when it is none. */
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
