package penstock.venue.spec;

import java.time.LocalDate;
import java.time.format.DateTimeParseException;
import penstock.config.ConfigSection;
import penstock.config.KeyTable;

/**
 * When the facts of a venue file were last compared with what the venue says of itself. Immutable.
 *
 * @param date   the day; null if the file names none
 * @param source where the facts were read; empty if the file does not say
 */
public record CheckedSpec(LocalDate date, String source) {
    /** The keys of {@code checked}. */
    public static final KeyTable KEYS = KeyTable.of("checked");
    private static final String DATE = KEYS.key("date", "text", "required with `checked`",
        "The day on which the facts of the file were last compared with their source, `2026-11-30`; `relay "
        + "venues` lists it.");
    private static final String SOURCE = KEYS.key("source", "text", "required with `checked`",
        "Where the facts were read, and what could not be confirmed.");

    /** Of a file that does not say. */
    public static final CheckedSpec NEVER = new CheckedSpec(null, "");

    /** Reads {@code checked}. */
    public static CheckedSpec read(final ConfigSection root) {
        if (!root.has("checked")) {
            return NEVER;
        }
        final ConfigSection section = root.section("checked");
        final String written = section.requiredText(DATE);
        final String source = section.requiredText(SOURCE);
        try {
            return new CheckedSpec(LocalDate.parse(written), source);
        } catch (final DateTimeParseException e) {
            if (!written.isEmpty()) {
                section.problem(DATE, "must be a day like 2026-11-30, got " + written);
            }
            return NEVER;
        }
    }
}
