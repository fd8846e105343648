package penstock.wire.request;

import java.util.List;
import penstock.wire.ChannelName;

/**
 * The topics of an HTTP request, and which part of them. The names of {@code channel} are null for the default one; no
 * {@code fields} means all, {@code depth} 0 means the whole book. Immutable.
 */
public record TopicQuery(ChannelName channel, List<SymbolPattern> symbols, List<String> fields, int depth) {
}
