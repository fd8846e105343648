package penstock.bench.load.client;

import org.HdrHistogram.Histogram;

/**
 * What a group of sessions received: counts of one window, and latencies of the updates due in it. It checks the
 * ledger: each update of a symbol has the next number, and the server must report skipped ones as conflated or in a
 * gap. Owned by its swarm's thread; opened and read there, by {@link ClientSwarm#ask}.
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

    /** Starts a window: counts updates that arrive in it, and records latencies of updates that are due in it. */
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

    /** Updates that the server reported as conflated into others. */
    public long conflated() {
        return conflated;
    }

    /** Updates that did not arrive, reported or not. */
    public long skipped() {
        return skipped;
    }

    /** Updates that arrived after a newer one of their symbol, or twice. */
    public long disordered() {
        return disordered;
    }

    /** Number of gap messages. */
    public long gaps() {
        return gaps;
    }

    /** Updates that gap messages reported as missed. */
    public long missed() {
        return missed;
    }

    /** Latencies, from the due time of each update. */
    public Histogram latencies() {
        return window.latencies();
    }

    /** @param step the update's number minus the last one of its symbol; 1 for the first */
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
