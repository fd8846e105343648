package penstock.venue.rule;

import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** The present time in a message of ours, {@code {now|s}}, in the units of {@link VenueTimeUnit}. Stateless. */
final class NowText {
    /** The value that templates are given: milliseconds since 1970. */
    static final String MILLIS = "nowMs";
    private static final String UNITS = Arrays.stream(VenueTimeUnit.values()).map(NowText::word)
        .collect(Collectors.joining(", "));
    private static final DateTimeFormatter RFC3339 =
        DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter WITHOUT_ZONE =
        DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter FIX =
        DateTimeFormatter.ofPattern("uuuuMMdd-HH:mm:ss.SSS", Locale.ROOT).withZone(ZoneOffset.UTC);

    private NowText() {
    }

    /**
     * The unit of a placeholder; null if it is another one.
     *
     * @throws IllegalArgumentException with a sentence for the author of the file
     */
    static VenueTimeUnit unit(final String placeholder) {
        if (!placeholder.equals("now") && !placeholder.startsWith("now|")) {
            return null;
        }
        for (final VenueTimeUnit unit : VenueTimeUnit.values()) {
            if (placeholder.equals("now|" + word(unit))) {
                return unit;
            }
        }
        throw new IllegalArgumentException("{" + placeholder + "} must have a unit after a bar, one of " + UNITS
            + ", like {now|s}");
    }

    static String of(final long ms, final VenueTimeUnit unit) {
        return switch (unit) {
            case S -> Long.toString(Math.floorDiv(ms, 1_000L));
            case MS -> Long.toString(ms);
            case US -> Long.toString(ms * 1_000);
            case NS -> Long.toString(ms * 1_000_000);
            case RFC3339 -> RFC3339.format(Instant.ofEpochMilli(ms));
            case UTC -> WITHOUT_ZONE.format(Instant.ofEpochMilli(ms));
            case FIX -> FIX.format(Instant.ofEpochMilli(ms));
        };
    }

    private static String word(final VenueTimeUnit unit) {
        return unit.name().toLowerCase(Locale.ROOT);
    }
}
