package penstock.link;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import penstock.link.message.BadMessageException;
import penstock.text.PrintableText;
import penstock.text.SymbolName;

/** The topics of a channel by symbol, as they were received last. Owned by the feed thread. */
final class LinkTopics {
    private final int channel;
    private final String name;
    private final int max;
    private final Map<String, LinkTopic> bySymbol = new HashMap<>();
    /** Those that have left and are not forgotten yet, unless another one has the symbol. */
    private final Map<String, LinkTopic> leaving = new HashMap<>();

    LinkTopics(final int channel, final String name, final int max) {
        this.channel = channel;
        this.name = name;
        this.max = max;
    }

    /** The topic of a symbol, or null. */
    LinkTopic find(final String symbol) {
        return bySymbol.get(symbol);
    }

    /** The topic of a symbol; it is added if it is new. */
    LinkTopic get(final String symbol) {
        final LinkTopic known = bySymbol.get(symbol);
        if (known != null) {
            return known;
        }
        final String problem = SymbolName.problem(symbol);
        if (problem != null) {
            throw new BadMessageException("a symbol " + problem + ": " + PrintableText.excerpt(symbol));
        }
        if (bySymbol.size() == max) {
            throw new BadMessageException("channel " + name + " has more than " + max
                + " topics (feed.max-topics)");
        }
        final LinkTopic topic = new LinkTopic(channel, symbol);
        topic.before = leaving.remove(symbol);
        bySymbol.put(symbol, topic);
        return topic;
    }

    /** What comes of the topic from now on is of another one. */
    void leave(final LinkTopic topic) {
        bySymbol.remove(topic.symbol);
        leaving.put(topic.symbol, topic);
    }

    /** A topic that has left is forgotten. */
    void onForgotten(final LinkTopic topic) {
        leaving.remove(topic.symbol, topic);
    }

    /** Those that have left and are not forgotten yet. */
    List<LinkTopic> leaving() {
        final List<LinkTopic> all = new ArrayList<>(leaving.values());
        bySymbol.values().stream().filter(topic -> topic.before != null).forEach(topic -> all.add(topic.before));
        return all;
    }

    /** Those that there are. */
    Collection<LinkTopic> all() {
        return bySymbol.values();
    }
}
