package penstock.time;

import penstock.thread.ThreadOwner;

/**
 * A strict rate limit: never more than {@code permits} in any window of {@code per}, both ends included. A token bucket
 * with the same numbers would allow nearly twice as many in its first window, and venues that count a rolling second
 * close the connection for that. Owned by the feed thread.
 */
public final class SlidingWindow {
    private final ThreadOwner owner = new ThreadOwner();
    private final long[] takenNs;
    private final long perNs;
    private final long spacingNs;
    private int oldest;
    private long count;
    private long lastNs;

    public SlidingWindow(final RateSpec rate) {
        takenNs = new long[rate.permits()];
        perNs = rate.perMs() * 1_000_000;
        spacingNs = rate.spacingMs() * 1_000_000;
    }

    /** Null if {@code rate} is null: no limit. */
    public static SlidingWindow of(final RateSpec rate) {
        return rate == null ? null : new SlidingWindow(rate);
    }

    /** Time until {@code window} has a permit, 0 = now; a null window has no limit. */
    public static long waitNs(final SlidingWindow window, final long nowNs) {
        return window == null ? 0 : window.waitNs(nowNs);
    }

    /** Takes a permit and returns 0, or returns the delay in ms until there is one. A null window has no limit. */
    public static long takeOrWaitMs(final SlidingWindow window, final long nowNs) {
        final long waitNs = waitNs(window, nowNs);
        if (window != null && waitNs == 0) {
            window.take(nowNs);
        }
        return timerMs(waitNs);
    }

    /** Rounds up to milliseconds, so that a timer is never too early. */
    public static long timerMs(final long waitNs) {
        return (waitNs + 999_999) / 1_000_000;
    }

    public long waitNs(final long nowNs) {
        long waitNs = count == 0 ? 0 : lastNs + spacingNs - nowNs;
        if (count >= takenNs.length) {
            // plus one nanosecond: a window from the oldest to this one would contain both
            waitNs = Math.max(waitNs, takenNs[oldest] + perNs + 1 - nowNs);
        }
        return Math.max(0, waitNs);
    }

    public void take(final long nowNs) {
        assert owner.check();
        takenNs[oldest] = nowNs;
        oldest = (oldest + 1) % takenNs.length;
        lastNs = nowNs;
        count++;
    }
}
