package penstock.venue.symbol;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import penstock.config.ConfigSection;

/** Reads {@code symbols} of a venue file, and what the configuration adds. Owned by the thread that reads the file. */
public final class SymbolReader {
    private final ConfigSection section;
    private final Map<String, String> venues = new HashMap<>();
    private final Map<String, String> names = new HashMap<>();

    private SymbolReader(final ConfigSection section) {
        this.section = section;
    }

    /**
     * Reads the spellings.
     *
     * @param messages has {@code aliases}, an older way to write names: the published name by the venue's spelling
     * @param added    names of the configuration, which replace those of the file
     * @param isOff    all symbols are published as the venue spells them; mistakes in the file count all the same
     */
    public static SymbolSpec read(final ConfigSection section, final ConfigSection messages,
            final Map<String, String> added, final boolean isOff) {
        return new SymbolReader(section).read(messages, added, isOff);
    }

    private SymbolSpec read(final ConfigSection messages, final Map<String, String> added, final boolean isOff) {
        messages.textMap("aliases").forEach((venue, name) -> add(messages, "aliases", name, venue));
        section.textMap("names").forEach((name, venue) -> add(section, "names", name, venue));
        added.forEach((name, venue) -> {
            venues.remove(names.remove(venue));
            names.remove(venues.remove(name));
        });
        added.forEach((name, venue) -> add(section, "names", name, venue));
        final List<SymbolRule> rules = rules(words());
        final Pattern pattern = pattern();
        return isOff ? new SymbolSpec(pattern, Map.of(), Map.of(), List.of())
            : new SymbolSpec(pattern, venues, names, rules);
    }

    private void add(final ConfigSection place, final String key, final String name, final String venue) {
        final String otherVenue = venues.put(name, venue);
        final String otherName = names.put(venue, name);
        if (otherVenue != null && !otherVenue.equals(venue)) {
            place.problem(key, "has two spellings of " + name + ": " + otherVenue + " and " + venue
                + "; the relay asks for one, so keep one");
        }
        if (otherName != null && !otherName.equals(name)) {
            place.problem(key, "publishes " + venue + " under two names: " + otherName + " and " + name
                + "; keep one of them");
        }
    }

    private SymbolRule.Words words() {
        final Letters publish = section.choice("publish-case", Letters.KEEP, Letters.class);
        final Letters venue = section.choice("venue-case", Letters.KEEP, Letters.class);
        if (publish != Letters.KEEP && venue == Letters.KEEP) {
            section.problem("publish-case", "needs venue-case = upper or lower: the relay must know how the venue "
                + "writes a name that subscribers ask for");
        }
        final Map<String, String> written = section.textMap("currencies");
        final Map<String, String> byVenue = new HashMap<>();
        written.forEach((name, word) -> {
            final String other = byVenue.put(word, name);
            if (other != null) {
                section.problem("currencies", "publish " + word + " under two names: " + other + " and " + name
                    + "; keep one of them");
            }
            if (!isWord(name) || !isWord(word)) {
                section.problem("currencies", "must have letters and digits only, got " + name + " = " + word);
            }
        });
        if (!section.has("rules") && (publish != Letters.KEEP || !written.isEmpty())) {
            section.problem("rules", "are missing: publish-case and currencies are for names that a rule makes");
        }
        return new SymbolRule.Words(publish, venue, Currencies.of(written));
    }

    private List<SymbolRule> rules(final SymbolRule.Words words) {
        final List<SymbolRule> rules = new ArrayList<>();
        for (final ConfigSection rule : section.sections("rules")) {
            final String venue = rule.requiredText("venue");
            final String publish = rule.requiredText("publish");
            if (!venue.isEmpty() && !publish.isEmpty()) {
                final SymbolRule compiled = compiled(rule, venue, publish, words);
                if (compiled != null) {
                    rules.add(compiled);
                }
            }
        }
        return rules;
    }

    private static SymbolRule compiled(final ConfigSection rule, final String venue, final String publish,
            final SymbolRule.Words words) {
        if (rule.compiled("venue", () -> SymbolRule.parts(venue)) == null) {
            return null;
        }
        return rule.compiled("publish", () -> SymbolRule.compile(venue, publish, words));
    }

    private static boolean isWord(final String text) {
        return !text.isEmpty() && text.chars().allMatch(Character::isLetterOrDigit);
    }

    private Pattern pattern() {
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
