package penstock.bench.load.client;

import java.util.Arrays;

/**
 * One subscription as its client sees it: its ledger, and where its latencies go. Owned by its client's thread; counts
 * read from any.
 */
public final class SubscriptionStats {
    public final String name;
    public final String request;
    public final LatencyWindow window;
    public volatile boolean isSnapshotDone;
    public volatile long updates;
    public volatile long conflated;
    public volatile int gaps;
    public volatile long missed;
    /** Reported in gaps and not yet seen to be missing. */
    public volatile long unseenGap;
    public volatile int breaches;
    private long[] sequences = new long[128];

    private SubscriptionStats(final String name, final String options, final LatencyWindow window) {
        this.name = name;
        this.window = window;
        request = "{\"op\":\"subscribe\",\"sub\":\"" + name + "\",\"symbols\":[\"*\"]," + options + "}";
    }

    /** Every trade. */
    public static SubscriptionStats trades(final LatencyWindow window) {
        return new SubscriptionStats("trades", "\"channel\":\"trade\",\"mode\":\"all\"", window);
    }

    /** The newest quotes, each at most once per interval. */
    public static SubscriptionStats quotes(final int intervalMs, final LatencyWindow window) {
        return new SubscriptionStats("quotes", "\"channel\":\"quote\",\"interval\":" + intervalMs, window);
    }

    /** True if every lost update was counted, and no other. */
    public boolean isExact() {
        return breaches == 0 && unseenGap == 0;
    }

    public void onImage(final int symbol, final long q) {
        makeRoom(symbol);
        breaches += q < sequences[symbol] ? 1 : 0;
        sequences[symbol] = q;
    }

    public void onUpdate(final int symbol, final long q, final long c, final long dueNs, final long nowNs) {
        makeRoom(symbol);
        final long before = sequences[symbol];
        if (before > 0 && q != before + c + 1) {
            unseenGap -= q - before - c - 1;
            breaches += q <= before || unseenGap < 0 ? 1 : 0;
        }
        sequences[symbol] = q;
        updates++;
        conflated += c;
        if (window != null) {
            window.record(dueNs, nowNs);
        }
    }

    public void onGap(final long count) {
        gaps++;
        missed += count;
        unseenGap += count;
    }

    private void makeRoom(final int symbol) {
        if (symbol >= sequences.length) {
            sequences = Arrays.copyOf(sequences, 2 * symbol);
        }
    }
}
