package penstock.reload;

import java.util.Map;
import java.util.function.Supplier;
import penstock.config.relay.ConfigView;

/**
 * A configuration that was read again and checked as at a start.
 *
 * @param steps prepares what is to be put into force of each part; the result is null if the part needs a restart this
 *              time. Throws {@link penstock.config.ConfigException} or {@link IllegalArgumentException} if there is a
 *              mistake
 */
public record ReloadCandidate(ConfigView view, Map<LivePart, Supplier<LiveStep>> steps) {
}
