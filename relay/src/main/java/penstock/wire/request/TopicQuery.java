package penstock.wire.request;

import java.util.List;

/**
 * Topics asked for over HTTP, and what of them; {@code channel} is null when not given. No {@code fields} are all,
 * {@code depth} 0 is the whole book. Immutable.
 */
public record TopicQuery(String channel, List<SymbolPattern> symbols, List<String> fields, int depth) {
}
