package penstock.config;

import java.util.List;
import java.util.Map;

/**
 * The upstream. {@code urls} is empty when the venue's own are to be used, {@code channels} when the venue's default
 * is; {@code venue} is a built-in name or a path; {@code name} is what subscribers see; {@code symbols} is the one word
 * {@link #ON_DEMAND} when subscribers decide; {@code options} are those of the venue file. Immutable.
 *
 * @param lingerMs   on demand: how long a topic is kept that nobody wants any more
 * @param maxSymbols on demand: how many topics may be wanted at a time
 * @param arbitrate  two connections ask for the same, and the first arrival counts
 */
public record FeedConfig(
    String name,
    String venue,
    List<String> urls,
    List<String> channels,
    List<String> symbols,
    @Secret Map<String, String> headers,
    long lingerMs,
    int maxSymbols,
    boolean arbitrate,
    Map<String, String> options) {

    /** Instead of symbols: what subscribers name. */
    public static final String ON_DEMAND = "on-demand";

    /** A feed of these symbols over one connection. */
    public FeedConfig(final String name, final String venue, final List<String> urls, final List<String> channels,
            final List<String> symbols, final Map<String, String> headers) {
        this(name, venue, urls, channels, symbols, headers, 30_000, 10_000, false, Map.of());
    }

    /** Whether subscribers decide what the venue is asked for. */
    public boolean isOnDemand() {
        return symbols.size() == 1 && symbols.get(0).equals(ON_DEMAND);
    }

    @Override
    public String toString() {
        return EffectiveConfig.oneLine(this);
    }
}
