package penstock.venue.symbol;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import penstock.config.ConfigSection;
import penstock.config.KeyTable;
import penstock.config.KeyTable.ChoiceKey;

/** Reads {@code symbols} of a venue file, and what the configuration adds. Owned by the thread that reads the file. */
public final class SymbolReader {
    /** The key of {@code messages} that is about symbols. */
    public static final KeyTable MESSAGES = KeyTable.of("messages");
    private static final String ALIASES = MESSAGES.key("aliases", "map of texts", "`{}`",
        "The same as [`symbols.names`](#symbols), written the other way round: the venue's spelling → the "
        + "published name.");
    /** The keys of {@code symbols}. */
    public static final KeyTable KEYS = KeyTable.of("symbols");
    private static final String PATTERN = KEYS.key("pattern", "text", KeyTable.NONE,
        "A regular expression for whole symbols, as the venue spells them. On demand the venue is asked only for "
        + "names that match; others are `closed` at once.");
    private static final String NAMES = KEYS.key("names", "map of texts", "`{}`",
        "The published name of a symbol → the venue's spelling, each once. `feed.symbol-names` adds to it, or "
        + "replaces an entry.");
    private static final String CURRENCIES = KEYS.key("currencies", "map of texts", "`{}`",
        "The published word → the venue's, `{ BTC = XBT }`: in names that a rule makes, wherever the word stands "
        + "between characters that are neither letters nor digits.");
    private static final ChoiceKey<Letters> PUBLISH_CASE =
        KEYS.choice("publish-case", Letters.KEEP, "The case of names that a rule makes. Needs `venue-case`.");
    private static final ChoiceKey<Letters> VENUE_CASE =
        KEYS.choice("venue-case", Letters.KEEP, "The case in which the venue writes what a rule has renamed.");
    private static final KeyTable RULES = KEYS.section("rules[]");
    private static final String VENUE = RULES.key("venue", "text", KeyTable.REQUIRED,
        "The venue's spelling: literal characters and groups, `\"(.+)(USDT|BTC)\"`. Groups are regular "
        + "expressions in parentheses, without groups inside except `(?:…)`.");
    private static final String PUBLISH = RULES.key("publish", "text", KeyTable.REQUIRED,
        "The published name: literal characters, and each group once or more often, `\"$1/$2\"`.");

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
        messages.textMap(ALIASES).forEach((venue, name) -> add(messages, ALIASES, name, venue));
        section.textMap(NAMES).forEach((name, venue) -> add(section, NAMES, name, venue));
        added.forEach((name, venue) -> {
            venues.remove(names.remove(venue));
            names.remove(venues.remove(name));
        });
        added.forEach((name, venue) -> add(section, NAMES, name, venue));
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
        final Letters publish = PUBLISH_CASE.read(section);
        final Letters venue = VENUE_CASE.read(section);
        if (publish != Letters.KEEP && venue == Letters.KEEP) {
            section.problem(PUBLISH_CASE.name(), "needs venue-case = upper or lower: the relay must know how the venue "
                + "writes a name that subscribers ask for");
        }
        final Map<String, String> written = section.textMap(CURRENCIES);
        final Map<String, String> byVenue = new HashMap<>();
        written.forEach((name, word) -> {
            final String other = byVenue.put(word, name);
            if (other != null) {
                section.problem(CURRENCIES, "publish " + word + " under two names: " + other + " and " + name
                    + "; keep one of them");
            }
            if (!isWord(name) || !isWord(word)) {
                section.problem(CURRENCIES, "must have letters and digits only, got " + name + " = " + word);
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
            final String venue = rule.requiredText(VENUE);
            final String publish = rule.requiredText(PUBLISH);
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
        if (rule.compiled(VENUE, () -> SymbolRule.parts(venue)) == null) {
            return null;
        }
        return rule.compiled(PUBLISH, () -> SymbolRule.compile(venue, publish, words));
    }

    private static boolean isWord(final String text) {
        return !text.isEmpty() && text.chars().allMatch(Character::isLetterOrDigit);
    }

    private Pattern pattern() {
        final String written = section.text(PATTERN, null);
        try {
            return written == null ? null : Pattern.compile(written);
        } catch (final PatternSyntaxException e) {
            section.problem(PATTERN, "is no regular expression: " + e.getDescription() + " near character "
                + e.getIndex());
            return null;
        }
    }
}
