package penstock.bench.load.client;

import org.HdrHistogram.Histogram;

/**
 * Latencies of the updates that were due in one span of time, from their due time. Written by its client's
 * thread; opened and read there too, by {@link LoadClient#ask}.
 */
public final class LatencyWindow {
    private static final long MAX_NS = 3_600_000_000_000L;
    private Histogram latencies = new Histogram(MAX_NS, 3);
    private long fromNs = Long.MAX_VALUE;
    private long toNs = Long.MAX_VALUE;

    public void open(final long newFromNs, final long newToNs) {
        latencies = new Histogram(MAX_NS, 3);
        latencies.setStartTimeStamp(System.currentTimeMillis());
        fromNs = newFromNs;
        toNs = newToNs;
    }

    public Histogram latencies() {
        return latencies;
    }

    public void record(final long dueNs, final long nowNs) {
        if (dueNs >= fromNs && dueNs < toNs) {
            latencies.recordValue(Math.min(MAX_NS, Math.max(0, nowNs - dueNs)));
        }
    }
}
