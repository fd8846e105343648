package penstock.fanout;

import java.util.List;
import penstock.fanout.subscription.SymbolInterest;
import penstock.topic.Channel;
import penstock.wire.request.SymbolList;
import penstock.wire.request.SymbolPattern;

/** What requests cost an io thread, in microseconds. Stateless. */
public final class RequestCost {
    /** A request that costs more than that is worked on in slices. */
    static final double LONG = 500;

    /** One piece of a pattern, searched in one symbol. */
    private static final double COMPARISON = 0.01;
    /** A topic that joins a subscription, with what it takes to send its first image. */
    private static final double JOIN = 0.25;
    /** A name that is looked up or compared with a pattern, or a topic that joins or leaves a subscription. */
    private static final double TOPIC = 0.1;

    private RequestCost() {
    }

    /** To compare the patterns among {@code symbols} with all topics of a channel. */
    public static double comparisons(final List<SymbolPattern> symbols, final Channel channel) {
        return COMPARISON * SymbolList.of(symbols).pieces() * channel.topics().size();
    }

    /** To end what a subscription keeps of {@code symbols}: its unknown names, and its patterns for later symbols. */
    static double leaving(final List<SymbolPattern> symbols, final SymbolInterest interest) {
        final SymbolList list = SymbolList.of(symbols);
        final int names = list.size() - list.patterns().size();
        return COMPARISON * list.pieces() * interest.unknownCount() + TOPIC * names * interest.globs();
    }

    /** What clients pay for that, and for subscriptions to all topics. */
    public static double price(final List<SymbolPattern> symbols, final Channel channel) {
        final double comparisons = comparisons(symbols, channel);
        return comparisons > 0 && SymbolList.of(symbols).patterns().contains(SymbolPattern.ALL)
            ? comparisons + JOIN * channel.topics().size() : comparisons;
    }

    /** To find {@code symbols} and have all that match join or leave a subscription. */
    static double of(final List<SymbolPattern> symbols, final Channel channel) {
        final double comparisons = comparisons(symbols, channel);
        return comparisons + TOPIC * (symbols.size() + (comparisons > 0 ? channel.topics().size() : 0));
    }
}
