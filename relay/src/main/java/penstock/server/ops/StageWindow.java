package penstock.server.ops;

import java.util.Arrays;
import java.util.List;
import java.util.function.Supplier;
import penstock.telemetry.LatencyRecorder;

/**
 * What a stage of the updates took in the last minute: percentiles, from histograms whose marks are kept each five
 * seconds. A percentile lies in a bucket of the histogram, whose bounds are 1, 2, 5, 10…, and is interpolated there.
 * Owned by the ops thread.
 */
final class StageWindow {
    private static final long MARK_EVERY_NS = 5_000_000_000L;
    /** A minute. */
    private static final int MARKS = 12;
    private static final double US_PER_SECOND = 1e6;

    private final Supplier<List<LatencyRecorder>> recorders;
    private final long[][] marks = new long[MARKS + 1][LatencyRecorder.buckets()];
    private final long[] inWindow = new long[LatencyRecorder.buckets()];
    private int newest;
    private long markedNs;

    /** Of the recorders of all threads, from {@code nowNs} on. */
    StageWindow(final Supplier<List<LatencyRecorder>> recorders, final long nowNs) {
        this.recorders = recorders;
        markedNs = nowNs;
        read(marks[0]);
        for (int i = 1; i <= MARKS; i++) {
            System.arraycopy(marks[0], 0, marks[i], 0, marks[i].length);
        }
    }

    /** Keeps a mark when it is time. */
    void mark(final long nowNs) {
        if (nowNs - markedNs >= MARK_EVERY_NS) {
            markedNs = nowNs;
            newest = (newest + 1) % marks.length;
            read(marks[newest]);
        }
    }

    /** Looks at what was recorded in the last minute; returns how much that is. */
    long look() {
        read(inWindow);
        final long[] oldest = marks[(newest + 1) % marks.length];
        long count = 0;
        for (int i = 0; i < inWindow.length; i++) {
            inWindow[i] -= oldest[i];
            count += inWindow[i];
        }
        return count;
    }

    /** The latency that {@code share} of what was looked at does not exceed, in microseconds; {@code count} > 0. */
    long percentileUs(final double share, final long count) {
        final double rank = share * count;
        long before = 0;
        for (int i = 0; i < inWindow.length; i++) {
            if (before + inWindow[i] >= rank && inWindow[i] > 0) {
                final double from = i == 0 ? 0 : LatencyRecorder.boundSeconds(i - 1);
                final double to = LatencyRecorder.boundSeconds(i);
                final double part = Double.isInfinite(to) ? 0 : (to - from) * (rank - before) / inWindow[i];
                return Math.round((from + part) * US_PER_SECOND);
            }
            before += inWindow[i];
        }
        throw new IllegalStateException("nothing was recorded");
    }

    private void read(final long[] counts) {
        Arrays.fill(counts, 0);
        for (final LatencyRecorder each : recorders.get()) {
            for (int i = 0; i < counts.length; i++) {
                counts[i] += each.count(i);
            }
        }
    }
}
