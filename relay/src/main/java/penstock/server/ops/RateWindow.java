package penstock.server.ops;

import java.util.function.LongSupplier;

/** How fast a count grows, over the last two seconds. Owned by the ops thread. */
final class RateWindow {
    /** Of half a second each. */
    private static final int MARKS = 4;
    private static final double NS_PER_SECOND = 1e9;

    private final LongSupplier count;
    private final long[] counts = new long[MARKS + 1];
    private final long[] timesNs = new long[MARKS + 1];
    private int newest;

    /** Of {@code count}, from {@code nowNs} on. */
    RateWindow(final LongSupplier count, final long nowNs) {
        this.count = count;
        for (int i = 0; i <= MARKS; i++) {
            counts[i] = count.getAsLong();
            timesNs[i] = nowNs;
        }
    }

    /** To be called twice a second. */
    void mark(final long nowNs) {
        newest = (newest + 1) % counts.length;
        counts[newest] = count.getAsLong();
        timesNs[newest] = nowNs;
    }

    /** As of the last mark, rounded. */
    long perSecond() {
        final int oldest = (newest + 1) % counts.length;
        final long ns = timesNs[newest] - timesNs[oldest];
        return ns <= 0 ? 0 : Math.round((counts[newest] - counts[oldest]) * NS_PER_SECOND / ns);
    }
}
