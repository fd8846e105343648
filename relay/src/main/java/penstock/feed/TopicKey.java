package penstock.feed;

import java.util.Collection;
import java.util.List;

/** A topic by its names. */
record TopicKey(int channel, String symbol) {
    static List<TopicKey> of(final int channel, final Collection<String> symbols) {
        return symbols.stream().map(symbol -> new TopicKey(channel, symbol)).toList();
    }
}
