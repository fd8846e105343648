package penstock.venue.symbol;

import java.util.HashMap;
import java.util.Map;

/**
 * Currencies that a venue, or its list of instruments, calls otherwise, like XBT for BTC. They are replaced where they
 * stand between characters that are neither letters nor digits. Immutable.
 *
 * @param venues    the venue's word by the published one
 * @param published the other way round
 */
public record Currencies(Map<String, String> venues, Map<String, String> published) {
    /** No word is replaced. */
    public static final Currencies NONE = new Currencies(Map.of(), Map.of());

    /** {@code venues}: the venue's word by the published one; no word twice. */
    public static Currencies of(final Map<String, String> venues) {
        final Map<String, String> published = new HashMap<>();
        venues.forEach((name, venue) -> published.put(venue, name));
        return new Currencies(Map.copyOf(venues), Map.copyOf(published));
    }

    /** The name with the published words. */
    public String published(final String name) {
        return translated(name, published);
    }

    /** The name with the venue's words. */
    public String venue(final String name) {
        return translated(name, venues);
    }

    private static String translated(final String name, final Map<String, String> words) {
        if (words.isEmpty()) {
            return name;
        }
        final StringBuilder out = new StringBuilder();
        int from = 0;
        for (int at = 0; at <= name.length(); at++) {
            if (at == name.length() || !Character.isLetterOrDigit(name.charAt(at))) {
                final String word = name.substring(from, at);
                out.append(words.getOrDefault(word, word));
                if (at < name.length()) {
                    out.append(name.charAt(at));
                }
                from = at + 1;
            }
        }
        return out.toString();
    }
}
