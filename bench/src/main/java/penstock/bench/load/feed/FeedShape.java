package penstock.bench.load.feed;

import java.util.concurrent.TimeUnit;

/**
 * What the feed sends.
 *
 * @param quotesPerSecond over all symbols, in turn; {@link PacedFeed#pace} changes it
 * @param tradesPerSecond over all symbols, at random
 * @param symbols         how many, up to {@link PacedFeed#MAX_SYMBOLS}
 * @param bytes           minimum size of an update; shorter ones are padded
 * @param tickNs          updates are due at multiples of it; 0 = each quote alone, but not more often than every 250 µs
 */
public record FeedShape(int quotesPerSecond, int tradesPerSecond, int symbols, int bytes, long tickNs) {
    private static final long SHORTEST_TICK_NS = TimeUnit.MICROSECONDS.toNanos(250);
    private static final long SILENT_TICK_NS = TimeUnit.MILLISECONDS.toNanos(2);

    /** Quotes only, each due alone, without padding. */
    public static FeedShape quotes(final int perSecond, final int symbols) {
        return new FeedShape(perSecond, 0, symbols, 0, 0);
    }

    /** Updates of at least this size. */
    public FeedShape withBytes(final int newBytes) {
        return new FeedShape(quotesPerSecond, tradesPerSecond, symbols, newBytes, tickNs);
    }

    /** Number of topics of a relay that has seen an update of each; 0 if nothing is sent. */
    public int topics() {
        return symbols * ((quotesPerSecond > 0 ? 1 : 0) + (tradesPerSecond > 0 ? 1 : 0));
    }

    /** The time between two ticks at this many quotes per second. */
    public long tickNs(final int quotes) {
        return tickNs > 0 ? tickNs : quotes == 0 ? SILENT_TICK_NS
            : Math.max(SHORTEST_TICK_NS, TimeUnit.SECONDS.toNanos(1) / quotes);
    }
}
