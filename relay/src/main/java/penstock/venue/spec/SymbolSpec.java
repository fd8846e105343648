package penstock.venue.spec;

import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import penstock.config.ConfigSection;

/**
 * How a venue writes its symbols. Immutable.
 *
 * @param pattern   what the symbols look like, null if the file does not say
 * @param spellings the venue's spelling by the published spelling, where they differ
 */
public record SymbolSpec(Pattern pattern, Map<String, String> spellings) {
    /** Reads {@code symbols}; {@code aliases}: the published spelling by the venue's spelling. */
    public static SymbolSpec read(final ConfigSection section, final ConfigSection messages) {
        final Map<String, String> spellings = new HashMap<>();
        messages.textMap("aliases").forEach((venue, published) -> {
            final String other = spellings.put(published, venue);
            if (other != null) {
                messages.problem("aliases", "has two spellings of " + published + ": " + other + " and " + venue
                    + "; the relay asks for one, so keep one");
            }
        });
        return new SymbolSpec(pattern(section), Map.copyOf(spellings));
    }

    /** The venue's spelling of a published symbol. */
    public String spelling(final String symbol) {
        return spellings.getOrDefault(symbol, symbol);
    }

    /** Why the venue cannot have the symbol, as it is published; null if it can. */
    public String problem(final String symbol) {
        if (pattern == null || pattern.matcher(symbol).matches()) {
            return null;
        }
        final String upper = symbol.toUpperCase(Locale.ROOT);
        final String lower = symbol.toLowerCase(Locale.ROOT);
        final String other = pattern.matcher(upper).matches() ? upper : pattern.matcher(lower).matches() ? lower : null;
        return other == null ? "no symbol of the venue looks like that"
            : "no symbol of the venue looks like that, case counts: try " + other;
    }

    private static Pattern pattern(final ConfigSection section) {
        final String written = section.text("pattern", null);
        try {
            return written == null ? null : Pattern.compile(written);
        } catch (final PatternSyntaxException e) {
            section.problem("pattern", "is no regular expression: " + e.getDescription() + " near character "
                + e.getIndex());
            return null;
        }
    }
}
