package penstock.fanout.schedule;

import penstock.wire.SubscriptionOptions;

/**
 * Limits what a subscription is sent: one token bucket of updates and one of bytes. Each is refilled at its limit, and
 * is as large as what one interval, or 100 ms if that is longer, refills. What was sent is subtracted afterwards, so
 * that a message larger than the bucket leaves a debt. Owned by the shard's io thread.
 */
public final class RateLimit {
    private static final double MIN_BURST_S = 0.1;
    /** The shortest hold after a bucket ran dry: a few writes of several updates cost less than many of one. */
    private static final long MIN_HOLD_NS = 20_000_000;

    private static final double ROUNDING = 1e-6;

    private int maxRate;
    private long maxBytes;
    private double burstS;
    private double updates;
    private double bytes;
    private long filledNs;

    /** Begins with full buckets. */
    public RateLimit(final SubscriptionOptions options, final long nowNs) {
        filledNs = nowNs;
        updates = Double.MAX_VALUE;
        bytes = Double.MAX_VALUE;
        limit(options);
    }

    /** Whether these options have a limit at all. */
    public static boolean isNeeded(final SubscriptionOptions options) {
        return options.maxRate() > 0 || options.maxBytes() > 0;
    }

    /** How long a subscription holds after a bucket ran dry; 0 without a limit. */
    public static long intervalNs(final SubscriptionOptions options) {
        if (!isNeeded(options)) {
            return 0;
        }
        final long one = options.maxRate() > 0 ? 1_000_000_000L / options.maxRate() : 0;
        return Math.max(Math.max(one, MIN_HOLD_NS), options.intervalMs() * 1_000_000L);
    }

    /** Uses these limits from now on; what was spent stays spent. */
    public void change(final SubscriptionOptions options, final long nowNs) {
        refill(nowNs);
        limit(options);
    }

    /** Refills the buckets up to now. */
    public void refill(final long nowNs) {
        final double seconds = (nowNs - filledNs) * 1e-9;
        filledNs = nowNs;
        updates = Math.min(burstUpdates(), updates + seconds * maxRate);
        bytes = Math.min(burstBytes(), bytes + seconds * maxBytes);
    }

    /** How many updates may be sent now. */
    public int updates() {
        return maxRate == 0 ? Integer.MAX_VALUE : (int) Math.max(0, updates + ROUNDING);
    }

    /** How many bytes may be sent now; a message may exceed them. */
    public long bytes() {
        return maxBytes == 0 ? Long.MAX_VALUE : (long) Math.ceil(bytes);
    }

    /** Subtracts what was sent. */
    public void onSent(final int sentUpdates, final int sentBytes) {
        // sends without a limit leave no debt for a limit that is set later
        updates -= maxRate > 0 ? sentUpdates : 0;
        bytes -= maxBytes > 0 ? sentBytes : 0;
    }

    private void limit(final SubscriptionOptions options) {
        maxRate = options.maxRate();
        maxBytes = options.maxBytes();
        burstS = Math.max(MIN_BURST_S, options.intervalMs() * 1e-3);
        updates = Math.min(updates, burstUpdates());
        bytes = Math.min(bytes, burstBytes());
    }

    private double burstUpdates() {
        return Math.max(1, maxRate * burstS);
    }

    private double burstBytes() {
        return Math.max(1, maxBytes * burstS);
    }
}
