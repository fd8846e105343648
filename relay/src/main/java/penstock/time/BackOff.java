package penstock.time;

import java.util.random.RandomGenerator;

/**
 * Exponential back-off with full jitter: the n-th delay is drawn evenly from [0, min(max, min · 2ⁿ)], so that a
 * thousand relays cut off by one venue do not come back in step. Owned by the feed thread.
 */
public final class BackOff {
    private final long minMs;
    private final long maxMs;
    private final RandomGenerator random;
    private int attempts;

    /** The ceiling starts at {@code minMs} and doubles with each delay up to {@code maxMs}. */
    public BackOff(final long minMs, final long maxMs, final RandomGenerator random) {
        if (minMs < 1 || maxMs < minMs) {
            throw new IllegalArgumentException("reconnect: needs 1 ms <= min <= max, got min " + minMs + " ms, max "
                + maxMs + " ms");
        }
        this.minMs = minMs;
        this.maxMs = maxMs;
        this.random = random;
    }

    /** How long to wait before the next attempt. */
    public long nextMs() {
        final long ceilingMs = ceilingMs();
        attempts++;
        return random.nextLong(ceilingMs + 1);
    }

    /** The same without the luck of a short one: the ceiling, and up to a tenth on top. */
    public long nextWholeMs() {
        final long ceilingMs = ceilingMs();
        attempts++;
        return spreadMs(ceilingMs);
    }

    /** The largest value {@link #nextMs()} can draw now. */
    public long ceilingMs() {
        // 2^40 ms are 34 years: shifting further says nothing and would overflow
        return attempts >= 40 ? maxMs : Math.min(maxMs, saturated(minMs, attempts));
    }

    /** Where {@link #ceilingMs()} ends. */
    public long maxMs() {
        return maxMs;
    }

    /** Begins again at the smallest ceiling; only data that kept flowing for a while earns this. */
    public void reset() {
        attempts = 0;
    }

    /** {@code delayMs} and up to a tenth on top: for delays that the other side dictates. */
    public long spreadMs(final long delayMs) {
        return delayMs + random.nextLong(delayMs / 10 + 1);
    }

    private static long saturated(final long value, final int doublings) {
        return value > Long.MAX_VALUE >> doublings ? Long.MAX_VALUE : value << doublings;
    }
}
