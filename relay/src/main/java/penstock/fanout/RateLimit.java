package penstock.fanout;

import penstock.wire.SubscriptionOptions;

/**
 * How much a subscription may be sent: a bucket of updates and one of bytes, each filled at its limit, each holding
 * what the interval, or 100 ms if that is longer, fills in. What was sent is taken out afterwards, so that a message
 * larger than the bucket leaves a debt. Owned by the shard.
 */
final class RateLimit {
    private static final double LEAST_BURST_S = 0.1;
    /** Who ran dry is looked at again no sooner: some writes of several updates cost less than many of one. */
    private static final long LEAST_HOLD_NS = 20_000_000;

    private static final double ROUNDING = 1e-6;

    private int maxRate;
    private long maxBytes;
    private double burstS;
    private double updates;
    private double bytes;
    private long filledNs;

    /** One with full buckets. */
    RateLimit(final SubscriptionOptions terms, final long nowNs) {
        filledNs = nowNs;
        updates = Double.MAX_VALUE;
        bytes = Double.MAX_VALUE;
        limit(terms);
    }

    /** Whether these terms have limits at all. */
    static boolean isNeeded(final SubscriptionOptions terms) {
        return terms.maxRate() > 0 || terms.maxBytes() > 0;
    }

    /** How long who ran dry holds. */
    static long holdNs(final SubscriptionOptions terms) {
        final long one = terms.maxRate() > 0 ? 1_000_000_000L / terms.maxRate() : 0;
        return Math.max(Math.max(one, LEAST_HOLD_NS), terms.intervalMs() * 1_000_000L);
    }

    /** Keeps to these limits from now on; what was spent stays spent. */
    void keepTo(final SubscriptionOptions terms, final long nowNs) {
        refill(nowNs);
        limit(terms);
    }

    /** Fills the buckets up to now. */
    void refill(final long nowNs) {
        final double seconds = (nowNs - filledNs) * 1e-9;
        filledNs = nowNs;
        updates = Math.min(mostUpdates(), updates + seconds * maxRate);
        bytes = Math.min(mostBytes(), bytes + seconds * maxBytes);
    }

    /** How many updates may be sent now. */
    int updates() {
        return maxRate == 0 ? Integer.MAX_VALUE : (int) Math.max(0, updates + ROUNDING);
    }

    /** How many bytes may be sent now, at least in part. */
    long bytes() {
        return maxBytes == 0 ? Long.MAX_VALUE : (long) Math.ceil(bytes);
    }

    void onSent(final int sentUpdates, final int sentBytes) {
        // what has no limit leaves no debt to a limit that comes later
        updates -= maxRate > 0 ? sentUpdates : 0;
        bytes -= maxBytes > 0 ? sentBytes : 0;
    }

    private void limit(final SubscriptionOptions terms) {
        maxRate = terms.maxRate();
        maxBytes = terms.maxBytes();
        burstS = Math.max(LEAST_BURST_S, terms.intervalMs() * 1e-3);
        updates = Math.min(updates, mostUpdates());
        bytes = Math.min(bytes, mostBytes());
    }

    private double mostUpdates() {
        return Math.max(1, maxRate * burstS);
    }

    private double mostBytes() {
        return Math.max(1, maxBytes * burstS);
    }
}
