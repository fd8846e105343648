package penstock.telemetry;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;

/**
 * A latency histogram: recorded without garbage or locks by one thread, read as quantiles since the start by any.
 * Written by the thread that owns it; read by any.
 */
public final class LatencyRecorder {
    private static final VarHandle SUM = sumHandle();
    private static final long MIN_NS = 1;
    private static final long MAX_NS = 3_600_000_000_000L;
    /** Exact to 1 %, at 37 KiB for each histogram. */
    private static final int DIGITS = 2;

    private final SingleWriterRecorder recorder = new SingleWriterRecorder(MIN_NS, MAX_NS, DIGITS);
    private final Histogram total = new Histogram(MIN_NS, MAX_NS, DIGITS);
    private Histogram interval;
    private long sumNs;

    /** Records one latency; a negative one counts as 0, one of more than an hour as an hour. Owner only. */
    public void recordNs(final long ns) {
        final long bounded = Math.max(0, Math.min(ns, MAX_NS));
        recorder.recordValue(bounded);
        SUM.setOpaque(this, sumNs + bounded);
    }

    /**
     * The value at quantile {@code quantile} (0 to 1), exact to 1 %; 0 if there is none. Any thread.
     */
    public synchronized long quantileNs(final double quantile) {
        collect();
        return total.getTotalCount() == 0 ? 0 : total.getValueAtPercentile(quantile * 100);
    }

    /** The number of latencies recorded. Any thread. */
    public synchronized long count() {
        collect();
        return total.getTotalCount();
    }

    /** The sum of all latencies. Any thread. */
    public long sumNs() {
        return (long) SUM.getOpaque(this);
    }

    private void collect() {
        interval = recorder.getIntervalHistogram(interval);
        total.add(interval);
    }

    private static VarHandle sumHandle() {
        try {
            return MethodHandles.lookup().findVarHandle(LatencyRecorder.class, "sumNs", long.class);
        } catch (final ReflectiveOperationException impossible) {
            throw new ExceptionInInitializerError(impossible);
        }
    }
}
