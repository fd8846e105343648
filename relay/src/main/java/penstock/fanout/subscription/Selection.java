package penstock.fanout.subscription;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import penstock.topic.Channel;
import penstock.topic.IdSet;
import penstock.topic.Topic;
import penstock.topic.TopicSearch;
import penstock.topic.TopicTable;
import penstock.wire.request.SymbolPattern;

/**
 * What the symbols of a request add to a subscription, found before anything changes. Topics come in the order of their
 * numbers: the order of the request makes no difference between subscriptions. Owned by the shard's io thread; one for
 * all its requests.
 */
final class Selection {
    /** Some 20 microseconds. */
    private static final int PIECES_PER_CHECK = 2_048;

    private final IdSet matched = new IdSet();
    private final List<Topic> named = new ArrayList<>();
    private final List<SymbolPattern> unknown = new ArrayList<>();
    private final List<SymbolPattern> patterns = new ArrayList<>();
    private int[] topics = new int[64];
    private int count;

    /** Begins to search for the topics that match the patterns among {@code symbols}. */
    static TopicSearch search(final TopicTable topics, final Channel channel, final List<SymbolPattern> symbols) {
        final SymbolPattern[] patterns = symbols.stream().filter(symbol -> !symbol.isExact()).distinct()
            .toArray(SymbolPattern[]::new);
        int pieces = 0;
        for (final SymbolPattern pattern : patterns) {
            pieces += pattern.pieces();
        }
        return pieces == 0 ? TopicSearch.NONE
            : topics.search(channel, symbol -> matchesAny(patterns, symbol), Math.max(1, PIECES_PER_CHECK / pieces));
    }

    private static boolean matchesAny(final SymbolPattern[] patterns, final String symbol) {
        for (final SymbolPattern pattern : patterns) {
            if (pattern.matches(symbol)) {
                return true;
            }
        }
        return false;
    }

    /**
     * Finds what {@code symbols} add to {@code subscribed}, null = a new subscription. {@code matching} are the topics
     * that match the patterns among them.
     */
    void select(final Channel channel, final List<SymbolPattern> symbols, final IdSet matching,
            final SubscribedTopics subscribed) {
        named.clear();
        unknown.clear();
        patterns.clear();
        count = 0;
        for (final SymbolPattern symbol : symbols) {
            final Topic topic = symbol.isExact() ? channel.topic(symbol.symbol()) : null;
            if (topic != null) {
                named.add(topic);
                matched.add(topic.id());
            } else if (symbol.isExact()) {
                unknown.add(symbol);
            } else {
                patterns.add(symbol);
            }
        }
        matched.addIntersection(matching, matching);
        for (int id = matched.next(0); id >= 0; id = matched.next(id + 1)) {
            matched.remove(id);
            if (subscribed == null || subscribed.slot(id) == SubscribedTopics.NONE) {
                add(id);
            }
        }
    }

    /** The numbers of the topics that are new to the subscription, in ascending order, up to {@link #count()}. */
    int[] topics() {
        return topics;
    }

    /** How many topics are new to the subscription. */
    int count() {
        return count;
    }

    /** The topics that the request names exactly; some may be subscribed already. */
    List<Topic> named() {
        return named;
    }

    /** Names that no topic has. */
    List<SymbolPattern> unknown() {
        return unknown;
    }

    /** Patterns with a star. */
    List<SymbolPattern> patterns() {
        return patterns;
    }

    private void add(final int topic) {
        if (count == topics.length) {
            topics = Arrays.copyOf(topics, count * 2);
        }
        topics[count++] = topic;
    }
}
