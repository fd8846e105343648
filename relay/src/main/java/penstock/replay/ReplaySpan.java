package penstock.replay;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads {@code --from}, {@code --to} and {@code --lag}. Stateless. */
final class ReplaySpan {
    private static final String EXAMPLES = "a time like 2026-12-01T09:30:00Z, without a zone UTC, or one before now "
        + "like -90m is expected";

    private static final Pattern DURATION = Pattern.compile("(?=.)(?:([0-9]{1,4})d)?(?:([0-9]{1,6})h)?"
        + "(?:([0-9]{1,8})m)?(?:([0-9]{1,9})s)?(?:([0-9]{1,9})ms)?");

    private ReplaySpan() {
    }

    /** Nanoseconds since 1970; throws {@link IllegalArgumentException} with what is expected. */
    static long ns(final String text, final Instant now) {
        if (text.startsWith("-")) {
            return ns(now) - durationNs(text.substring(1), text);
        }
        try {
            return ns(text.matches(".*(Z|[+-][0-9]{2}:?[0-9]{2})") && text.indexOf('T') > 0
                ? OffsetDateTime.parse(text).toInstant() : LocalDateTime.parse(text).toInstant(ZoneOffset.UTC));
        } catch (final DateTimeException e) {
            throw new IllegalArgumentException(EXAMPLES + ", got '" + text + "'", e);
        }
    }

    /** Nanoseconds of {@code 15m} and the like. */
    static long lagNs(final String text) {
        final long ns = durationNs(text, text);
        if (ns == 0) {
            throw new IllegalArgumentException("a duration like 15m is expected, above 0, got '" + text + "'");
        }
        return ns;
    }

    private static long durationNs(final String duration, final String text) {
        final Matcher parts = DURATION.matcher(duration);
        if (!parts.matches()) {
            throw new IllegalArgumentException("a duration like 15m or 1h30m is expected, got '" + text + "'");
        }
        return Duration.ofDays(number(parts, 1)).plusHours(number(parts, 2)).plusMinutes(number(parts, 3))
            .plusSeconds(number(parts, 4)).plusMillis(number(parts, 5)).toNanos();
    }

    private static int number(final Matcher parts, final int group) {
        return parts.group(group) == null ? 0 : Integer.parseInt(parts.group(group));
    }

    private static long ns(final Instant at) {
        return Math.addExact(Math.multiplyExact(at.getEpochSecond(), 1_000_000_000L), at.getNano());
    }
}
