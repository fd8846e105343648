package penstock.telemetry;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.SingleWriterRecorder;

/**
 * How long something took: recorded without garbage or locks by one thread, read as quantiles since the start by any.
 * Written by the thread that owns it; read by any.
 */
public final class LatencyRecorder {
    private static final VarHandle SUM = sumHandle();
    private static final long SMALLEST_NS = 1;
    private static final long LARGEST_NS = 3_600_000_000_000L;
    /** 1 %, for 37 KiB a histogram. */
    private static final int DIGITS = 2;

    private final SingleWriterRecorder recorder = new SingleWriterRecorder(SMALLEST_NS, LARGEST_NS, DIGITS);
    private final Histogram total = new Histogram(SMALLEST_NS, LARGEST_NS, DIGITS);
    private Histogram interval;
    private long sumNs;

    /** Records one; what is negative counts as 0, what is more than an hour as an hour. Owner only. */
    public void recordNs(final long ns) {
        final long bounded = Math.max(0, Math.min(ns, LARGEST_NS));
        recorder.recordValue(bounded);
        SUM.setOpaque(this, sumNs + bounded);
    }

    /**
     * The value below which the share {@code quantile} (0 to 1) of all lies, exact to 1 %; 0 when there is none. Any
     * thread.
     */
    public synchronized long quantileNs(final double quantile) {
        collect();
        return total.getTotalCount() == 0 ? 0 : total.getValueAtPercentile(quantile * 100);
    }

    /** How many were recorded. Any thread. */
    public synchronized long count() {
        collect();
        return total.getTotalCount();
    }

    /** The sum of all. Any thread. */
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
