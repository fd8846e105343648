package penstock.config;

import java.util.List;
import java.util.Map;

/**
 * The upstream. {@code urls} is empty when the venue's own are to be used, {@code channels} when the venue's default is;
 * {@code venue} is a built-in name or a path; {@code name} is what subscribers see; {@code options} are those of the venue file. Immutable.
 */
public record FeedConfig(
    String name,
    String venue,
    List<String> urls,
    List<String> channels,
    List<String> symbols,
    @Secret Map<String, String> headers,
    Map<String, String> options) {

    /** Without options. */
    public FeedConfig(final String name, final String venue, final List<String> urls, final List<String> channels,
            final List<String> symbols, final Map<String, String> headers) {
        this(name, venue, urls, channels, symbols, headers, Map.of());
    }

    @Override
    public String toString() {
        return EffectiveConfig.oneLine(this);
    }
}
