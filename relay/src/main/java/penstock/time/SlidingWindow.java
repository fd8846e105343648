package penstock.time;

/**
 * A strict limit: never more than {@code permits} in any window of {@code per}, both ends included. A token bucket of
 * the same numbers would let nearly twice as many through in its first window, and venues that count a rolling second
 * close the connection for it. Owned by the feed thread.
 */
public final class SlidingWindow {
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

    /** Without a limit where there is none. */
    public static SlidingWindow of(final RateSpec rate) {
        return rate == null ? null : new SlidingWindow(rate);
    }

    /** How long {@code window} wants us to wait, 0 = not at all; null = it knows no limit. */
    public static long waitNs(final SlidingWindow window, final long nowNs) {
        return window == null ? 0 : window.waitNs(nowNs);
    }

    /** Takes a permit, 0 then, or says how long a timer must wait for one; null = there is no limit. */
    public static long takeOrWaitMs(final SlidingWindow window, final long nowNs) {
        final long waitNs = waitNs(window, nowNs);
        if (window != null && waitNs == 0) {
            window.take(nowNs);
        }
        return timerMs(waitNs);
    }

    /** A duration for a timer, which counts milliseconds: never too early. */
    public static long timerMs(final long waitNs) {
        return (waitNs + 999_999) / 1_000_000;
    }

    public long waitNs(final long nowNs) {
        long waitNs = count == 0 ? 0 : lastNs + spacingNs - nowNs;
        if (count >= takenNs.length) {
            // one nanosecond more: a window that begins with the oldest and ends with this one would hold both
            waitNs = Math.max(waitNs, takenNs[oldest] + perNs + 1 - nowNs);
        }
        return Math.max(0, waitNs);
    }

    public void take(final long nowNs) {
        takenNs[oldest] = nowNs;
        oldest = (oldest + 1) % takenNs.length;
        lastNs = nowNs;
        count++;
    }
}
