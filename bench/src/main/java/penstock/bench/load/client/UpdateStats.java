package penstock.bench.load.client;

import org.HdrHistogram.Histogram;

/**
 * What the sessions of a group got: counts of one window, and latencies of what was due in it. The ledger is checked on
 * the way: the number of each update of a symbol is one more than the last, and what is skipped must have been told, as
 * conflated or in a gap. Owned by its fleet's thread; opened and read there, by {@link ClientSwarm#ask}.
 */
public final class UpdateStats {
    private final LatencyWindow window = new LatencyWindow();
    private long fromNs = Long.MAX_VALUE;
    private long toNs = Long.MAX_VALUE;
    private long updates;
    private long conflated;
    private long skipped;
    private long disordered;
    private long gaps;
    private long missed;

    /** Counts anew: updates that arrive from then to then, latencies of those that are due from then to then. */
    public void open(final long newFromNs, final long newToNs) {
        fromNs = newFromNs;
        toNs = newToNs;
        window.open(newFromNs, newToNs);
        updates = 0;
        conflated = 0;
        skipped = 0;
        disordered = 0;
        gaps = 0;
        missed = 0;
    }

    /** Updates that arrived in the window. */
    public long updates() {
        return updates;
    }

    /** Updates that the server told to be folded into others. */
    public long conflated() {
        return conflated;
    }

    /** Updates that did not come, told or not. */
    public long skipped() {
        return skipped;
    }

    /** Updates that came behind a newer one of their symbol, or twice. */
    public long disordered() {
        return disordered;
    }

    /** Messages that told a gap, and what they told to be missed. */
    public long gaps() {
        return gaps;
    }

    /** What gaps told to be missed. */
    public long missed() {
        return missed;
    }

    /** From the time an update was due. */
    public Histogram latencies() {
        return window.latencies();
    }

    /** @param step the update's number less the last of its symbol; 1 when it is the first */
    public void onUpdate(final long dueNs, final int step, final long conflatedCount, final long nowNs) {
        window.record(dueNs, nowNs);
        if (nowNs >= fromNs && nowNs < toNs) {
            updates++;
            conflated += conflatedCount;
            if (step != 1) {
                skipped += Math.max(0, step - 1);
                disordered += step < 1 ? 1 : 0;
            }
        }
    }

    public void onGap(final long count, final long nowNs) {
        if (nowNs >= fromNs && nowNs < toNs) {
            gaps++;
            missed += count;
        }
    }
}
