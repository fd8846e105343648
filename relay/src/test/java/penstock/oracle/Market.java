package penstock.oracle;

import java.util.ArrayList;
import java.util.List;

/** All topics of the simulated venue. */
public final class Market {
    private final List<MarketTopic> topics = new ArrayList<>();
    private final int symbols;
    private final boolean isNumberedByTime;
    /** When anything reached the relay last. */
    private volatile long arrivedNs;

    /** Every channel with as many symbols: {@code S0}, {@code S1} and so on. The time of an update is its number. */
    public Market(final long seed, final int symbols) {
        this(seed, symbols, true);
    }

    /** The same; without {@code isNumberedByTime} only the values of quotes and trades show their numbers. */
    public Market(final long seed, final int symbols, final boolean isNumberedByTime) {
        this.symbols = symbols;
        this.isNumberedByTime = isNumberedByTime;
        for (final MarketChannel channel : MarketChannel.values()) {
            for (int i = 0; i < symbols; i++) {
                topics.add(new MarketTopic(channel, "S" + i, seed));
            }
        }
    }

    /** Every topic, those of a channel together. */
    public List<MarketTopic> topics() {
        return topics;
    }

    /** Symbols of each channel. */
    public int symbols() {
        return symbols;
    }

    /** A topic by its place in its channel. */
    public MarketTopic topic(final MarketChannel channel, final int symbol) {
        return topics.get(channel.ordinal() * symbols + symbol);
    }

    /** The topic of a symbol; null if the venue has none of that name. */
    public MarketTopic topic(final MarketChannel channel, final String symbol) {
        try {
            final int i = Integer.parseInt(symbol.substring(1));
            return symbol.charAt(0) == 'S' && i >= 0 && i < symbols ? topic(channel, i) : null;
        } catch (final NumberFormatException | StringIndexOutOfBoundsException e) {
            return null;
        }
    }

    /** Whether the time of an update shows its number. */
    boolean isNumberedByTime() {
        return isNumberedByTime;
    }

    /** The updates sent of all topics. */
    public long sent() {
        return topics.stream().mapToLong(MarketTopic::sent).sum();
    }

    /** Updates on their way to the relay are lost. */
    public void disturbAll() {
        topics.forEach(topic -> topic.disturb(topic.sent()));
    }

    /** Something has reached a relay. */
    public void arrive(final long nowNs) {
        arrivedNs = nowNs;
    }

    /** When anything did last. */
    public long arrivedNs() {
        return arrivedNs;
    }
}
