package penstock.wire.request;

import java.util.List;

/**
 * The topics of an HTTP request, and which part of them. {@code channel} is null for the default channel; no
 * {@code fields} means all, {@code depth} 0 means the whole book. Immutable.
 */
public record TopicQuery(String channel, List<SymbolPattern> symbols, List<String> fields, int depth) {
}
