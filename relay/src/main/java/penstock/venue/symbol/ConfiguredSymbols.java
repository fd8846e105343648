package penstock.venue.symbol;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The symbols that a configuration lists, in either spelling. Stateless. */
public final class ConfiguredSymbols {
    private ConfiguredSymbols() {
    }

    /**
     * Their published names, in order.
     *
     * @throws IllegalArgumentException that names two symbols of one name
     */
    public static List<String> published(final List<String> listed, final SymbolSpec symbols) {
        final Map<String, String> byName = new HashMap<>();
        final List<String> names = new ArrayList<>();
        for (final String symbol : listed) {
            final String venue = symbols.spelling(symbol);
            final String wanted = symbols.wanted(venue);
            final String other = byName.put(wanted == null ? venue : wanted, symbol);
            if (other != null) {
                throw new IllegalArgumentException("feed.symbols: " + other + " and " + symbol + " are both published "
                    + "as " + (wanted == null ? venue : wanted) + "; remove one, or give one another name in "
                    + "feed.symbol-names");
            }
            names.add(symbols.published(venue));
        }
        return List.copyOf(names);
    }
}
