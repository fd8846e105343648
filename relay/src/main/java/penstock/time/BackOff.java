package penstock.time;

import java.util.random.RandomGenerator;

/**
 * Exponential back-off with full jitter: the n-th delay is uniform in [0, min(max, min · 2ⁿ)]. So a thousand relays
 * that lose the same venue do not reconnect at the same moments. Owned by the feed thread.
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

    /** Delay before the next attempt. */
    public long nextMs() {
        final long ceilingMs = ceilingMs();
        attempts++;
        return random.nextLong(ceilingMs + 1);
    }

    /** Delay without the chance of a short one: the ceiling plus up to a tenth. */
    public long nextWholeMs() {
        final long ceilingMs = ceilingMs();
        attempts++;
        return spreadMs(ceilingMs);
    }

    /** The largest value that {@link #nextMs()} can return now. */
    public long ceilingMs() {
        // 2^40 ms are 34 years; a larger shift would overflow
        return attempts >= 40 ? maxMs : Math.min(maxMs, saturated(minMs, attempts));
    }

    /** Upper limit of {@link #ceilingMs()}. */
    public long maxMs() {
        return maxMs;
    }

    /** Returns to the smallest ceiling. Called only after data has flowed for a while. */
    public void reset() {
        attempts = 0;
    }

    /** {@code delayMs} plus up to a tenth, for delays that the other side dictates. */
    public long spreadMs(final long delayMs) {
        return delayMs + random.nextLong(delayMs / 10 + 1);
    }

    private static long saturated(final long value, final int doublings) {
        return value > Long.MAX_VALUE >> doublings ? Long.MAX_VALUE : value << doublings;
    }
}
