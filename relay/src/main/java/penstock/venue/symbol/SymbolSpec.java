package penstock.venue.symbol;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * How a venue writes its symbols, and how they are published. A published name belongs to one symbol of the venue: the
 * one that the names give, else the one that the first rule gives that makes this name. Another symbol with that name
 * keeps the venue's spelling. So each name that is published leads back to its symbol. Immutable.
 */
public final class SymbolSpec {
    private final Pattern pattern;
    private final Map<String, String> venues;
    private final Map<String, String> names;
    private final List<SymbolRule> rules;

    /**
     * The spellings.
     *
     * @param pattern what the venue's symbols look like, null if the file does not say
     * @param venues  the venue's spelling by the published name
     * @param names   the other way round
     * @param rules   for the rest; the first that fits counts
     */
    SymbolSpec(final Pattern pattern, final Map<String, String> venues, final Map<String, String> names,
            final List<SymbolRule> rules) {
        this.pattern = pattern;
        this.venues = Map.copyOf(venues);
        this.names = Map.copyOf(names);
        this.rules = List.copyOf(rules);
    }

    /** True if all symbols are published as the venue spells them. */
    public boolean isVerbatim() {
        return venues.isEmpty() && rules.isEmpty();
    }

    /** The venue's spelling of a published symbol. */
    public String spelling(final String symbol) {
        final String owner = owner(symbol);
        return owner == null ? symbol : owner;
    }

    /** The published name of the venue's symbol; null if only another symbol can have that name. */
    public String published(final String symbol) {
        final String wanted = wanted(symbol);
        if (wanted != null && symbol.equals(owner(wanted))) {
            return wanted;
        }
        return owner(symbol) == null ? symbol : null;
    }

    /** The name that the file would give the venue's symbol, whether or not another symbol has it; null without one. */
    public String wanted(final String symbol) {
        final String name = names.get(symbol);
        if (name != null) {
            return name;
        }
        for (final SymbolRule rule : rules) {
            final String made = rule.publish(symbol);
            if (made != null) {
                return made;
            }
        }
        return null;
    }

    /** Why the venue cannot have the symbol under the published name; null if it can. */
    public String problem(final String symbol) {
        final String venue = spelling(symbol);
        if (pattern == null || pattern.matcher(venue).matches()) {
            final String name = published(venue);
            return symbol.equals(name) ? null : "the symbol is published as " + name + ": use that name";
        }
        final String upper = match(symbol.toUpperCase(Locale.ROOT));
        final String other = upper == null ? match(symbol.toLowerCase(Locale.ROOT)) : upper;
        return other == null ? "no symbol of the venue looks like that"
            : "no symbol of the venue looks like that, case counts: try " + other;
    }

    /** The published name of a symbol in either spelling, null if the venue has none that looks like it. */
    private String match(final String symbol) {
        final String venue = spelling(symbol);
        return pattern.matcher(venue).matches() ? published(venue) : null;
    }

    /** The venue's symbol that has the name; null if it is no name that is made here. */
    private String owner(final String name) {
        final String named = venues.get(name);
        if (named != null) {
            return named;
        }
        for (final SymbolRule rule : rules) {
            final String venue = rule.venue(name);
            if (venue != null && name.equals(wanted(venue))) {
                return venue;
            }
        }
        return null;
    }
}
