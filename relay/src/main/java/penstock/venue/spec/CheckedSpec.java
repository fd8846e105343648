package penstock.venue.spec;

import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import penstock.config.ConfigSection;

/**
 * When the facts of a venue file were last compared with what the venue says of itself. Immutable.
 *
 * @param date   the day; null if the file names none
 * @param source where the facts were read; empty if the file does not say
 */
public record CheckedSpec(LocalDate date, String source) {
    /** Of a file that does not say. */
    public static final CheckedSpec NEVER = new CheckedSpec(null, "");

    /** Reads {@code checked}. */
    public static CheckedSpec read(final ConfigSection root) {
        if (!root.has("checked")) {
            return NEVER;
        }
        final ConfigSection section = root.section("checked");
        final String written = section.requiredText("date");
        final String source = section.requiredText("source");
        try {
            return new CheckedSpec(LocalDate.parse(written), source);
        } catch (final DateTimeParseException e) {
            if (!written.isEmpty()) {
                section.problem("date", "must be a day like 2026-11-30, got " + written);
            }
            return NEVER;
        }
    }
}
