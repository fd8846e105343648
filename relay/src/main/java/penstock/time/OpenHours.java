package penstock.time;

import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import penstock.config.ConfigSection;
import penstock.config.KeyTable;

/**
 * The hours in which a market is open and silence is a fault. All times are those of the clock on the wall in the
 * market's zone, so they follow its daylight saving time. Immutable.
 *
 * @param zone     where the clock hangs
 * @param week     the open part of a week
 * @param pauses   closed every day
 * @param holidays closed once
 */
public record OpenHours(ZoneId zone, WeeklyHours week, List<Pause> pauses, List<Holiday> holidays)
        implements Hours {
    /** The keys of each object that has such hours. */
    public static final KeyTable KEYS = KeyTable.of("");
    private static final String OPEN = KEYS.key("open", "list of two times", "always",
        "Weekly hours in which data is expected: `[\"Sun 17:00\", \"Fri 17:00\"]`. Silence outside them is no "
        + "outage.");
    private static final String ZONE = KEYS.key("zone", "text", "`UTC`",
        "Time zone of `open`, `pauses` and `holidays`, by its IANA name: `America/New_York`. The times are those "
        + "of the clock on the wall there, so they follow daylight saving time.");
    private static final String PAUSES = KEYS.key("pauses", "list of texts", "`[]`",
        "Closed every day: `[\"16:00-17:00\"]`; over midnight, too: `[\"16:00-09:30\"]`.");
    private static final String HOLIDAYS = KEYS.key("holidays", "list of texts", "`[]`",
        "Closed once: a day, `\"2026-12-25\"`, or a time, `\"2026-12-24 13:00 to 2026-12-25 18:00\"`.");

    /** Never closed. */
    public static final OpenHours ALWAYS = new OpenHours(ZoneOffset.UTC, WeeklyHours.ALL, List.of(), List.of());

    private static final long MINUTE_US = 60_000_000L;
    private static final int DAY = 24 * 60;
    private static final Pattern PAUSE = Pattern.compile("(\\S+?)\\s*-\\s*(\\S+)");
    private static final Pattern HOLIDAY = Pattern.compile("(\\S+)(?:\\s+(\\S+)\\s+to\\s+(\\S+)\\s+(\\S+))?");

    /** Minutes of the day; the end is not later than the start if midnight lies between. */
    record Pause(int fromMinute, int toMinute) {
        /** Null if it is no pause. */
        static Pause parse(final String text) {
            final Matcher matcher = PAUSE.matcher(text.trim());
            final int from = matcher.matches() ? minute(matcher.group(1)) : -1;
            final int to = matcher.matches() ? minute(matcher.group(2)) : -1;
            return from < 0 || to < 0 || from == to ? null : new Pause(from, to);
        }

        private static int minute(final String text) {
            try {
                return LocalTime.parse(text).toSecondOfDay() / 60;
            } catch (final DateTimeParseException e) {
                return -1;
            }
        }
    }

    /** Minutes since 1970 by the clock on the wall: the first closed one, and the first open one after it. */
    record Holiday(long fromMinute, long toMinute) {
        /** Null if it is no holiday. */
        static Holiday parse(final String text) {
            final Matcher matcher = HOLIDAY.matcher(text.trim());
            if (!matcher.matches()) {
                return null;
            }
            try {
                final LocalDate first = LocalDate.parse(matcher.group(1));
                final LocalDateTime from = matcher.group(2) == null ? first.atStartOfDay()
                    : first.atTime(LocalTime.parse(matcher.group(2)));
                final LocalDateTime to = matcher.group(2) == null ? from.plusDays(1)
                    : LocalDate.parse(matcher.group(3)).atTime(LocalTime.parse(matcher.group(4)));
                return from.isBefore(to) ? new Holiday(minute(from), minute(to)) : null;
            } catch (final DateTimeParseException e) {
                return null;
            }
        }

        private static long minute(final LocalDateTime time) {
            return Math.floorDiv(time.toEpochSecond(ZoneOffset.UTC), 60L);
        }
    }

    /** Null if the section has none of the keys. */
    public static OpenHours readIfAny(final ConfigSection section) {
        final OpenHours hours = read(section);
        return hours.isAlways() ? null : hours;
    }

    /** Reads the keys {@code open}, {@code zone}, {@code pauses} and {@code holidays}. */
    public static OpenHours read(final ConfigSection section) {
        final List<Pause> pauses = new ArrayList<>();
        for (final String text : section.texts(PAUSES)) {
            pauses.add(orProblem(Pause.parse(text), section, PAUSES, text,
                "is no pause of each day; write it like \"17:00-18:00\""));
        }
        final List<Holiday> holidays = new ArrayList<>();
        for (final String text : section.texts(HOLIDAYS)) {
            holidays.add(orProblem(Holiday.parse(text), section, HOLIDAYS, text,
                "is no holiday; write it like \"2026-12-25\" or \"2026-12-24 13:00 to 2026-12-25 18:00\""));
        }
        final WeeklyHours week = week(section);
        final ZoneId zone = zone(section);
        if (section.has(ZONE) && !section.has(OPEN) && pauses.isEmpty() && holidays.isEmpty()) {
            section.problem(ZONE, "has no effect without open, pauses or holidays; remove it, or add one of them");
        }
        return new OpenHours(zone, week, pauses.stream().filter(Objects::nonNull).toList(),
            holidays.stream().filter(Objects::nonNull).toList());
    }

    @Override
    public boolean isOpen(final long epochUs) {
        if (isAlways()) {
            return true;
        }
        final long seconds = Math.floorDiv(epochUs, 1_000_000L);
        final int offset = zone.getRules().getOffset(Instant.ofEpochSecond(seconds)).getTotalSeconds();
        final long minute = Math.floorDiv(epochUs + offset * 1_000_000L, MINUTE_US);
        final int ofDay = (int) Math.floorMod(minute, (long) DAY);
        return week.contains(minute)
            && pauses.stream().noneMatch(pause -> WeeklyHours.contains(ofDay, pause.fromMinute(), pause.toMinute()))
            && holidays.stream().noneMatch(day -> minute >= day.fromMinute() && minute < day.toMinute());
    }

    @Override
    public boolean isAlways() {
        return week.equals(WeeklyHours.ALL) && pauses.isEmpty() && holidays.isEmpty();
    }

    private static WeeklyHours week(final ConfigSection section) {
        final List<String> texts = section.texts(OPEN);
        if (!section.has(OPEN)) {
            return WeeklyHours.ALL;
        }
        final WeeklyHours week = texts.size() == 2 ? WeeklyHours.parse(texts.get(0), texts.get(1)) : null;
        if (week == null) {
            section.problem(OPEN, "must be the start and end of the open hours of a week, in the time of zone (UTC "
                + "without it), like [\"Sun 22:00\", \"Fri 22:00\"]");
            return WeeklyHours.ALL;
        }
        return week;
    }

    private static ZoneId zone(final ConfigSection section) {
        final String zone = section.text(ZONE, "UTC");
        if (!ZoneId.getAvailableZoneIds().contains(zone)) {
            section.problem(ZONE, "must be a name of the IANA time zone database like America/New_York, or UTC, got "
                + zone);
            return ZoneOffset.UTC;
        }
        return zone.equals("UTC") ? ZoneOffset.UTC : ZoneId.of(zone);
    }

    private static <T> T orProblem(final T value, final ConfigSection section, final String key, final String text,
            final String problem) {
        if (value == null) {
            section.problem(key, "\"" + text + "\" " + problem);
        }
        return value;
    }
}
