package penstock.config;

import java.util.List;
import java.util.Map;

/**
 * The upstream. {@code urls} is empty when the venue's own are to be used, {@code channels} when the venue's default is;
 * {@code venue} is a built-in name or a path; {@code name} is what subscribers see. Immutable.
 */
public record FeedConfig(
    String name,
    String venue,
    List<String> urls,
    List<String> channels,
    List<String> symbols,
    @Secret Map<String, String> headers) {

    @Override
    public String toString() {
        return EffectiveConfig.oneLine(this);
    }
}
