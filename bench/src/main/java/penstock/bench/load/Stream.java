package penstock.bench.load;

import java.util.Arrays;

/**
 * One subscription as its client sees it: its ledger, and where its latencies go. Owned by its client's thread; counts
 * read from any.
 */
final class Stream {
    final String name;
    final String request;
    final Window window;
    volatile boolean isSnapshotDone;
    volatile long updates;
    volatile long conflated;
    volatile int gaps;
    volatile long missed;
    /** Told in gaps and not seen to be missing so far. */
    volatile long unseenGap;
    volatile int breaches;
    private long[] sequences = new long[128];

    private Stream(final String name, final String terms, final Window window) {
        this.name = name;
        this.window = window;
        request = "{\"op\":\"subscribe\",\"sub\":\"" + name + "\",\"symbols\":[\"*\"]," + terms + "}";
    }

    /** Every trade. */
    static Stream trades(final Window window) {
        return new Stream("trades", "\"channel\":\"trade\",\"mode\":\"all\"", window);
    }

    /** The newest quotes, each at most every so many ms. */
    static Stream quotes(final int intervalMs, final Window window) {
        return new Stream("quotes", "\"channel\":\"quote\",\"interval\":" + intervalMs, window);
    }

    /** Nothing was lost without being counted, and nothing counted that was not lost. */
    boolean isExact() {
        return breaches == 0 && unseenGap == 0;
    }

    void onImage(final int symbol, final long q) {
        makeRoom(symbol);
        breaches += q < sequences[symbol] ? 1 : 0;
        sequences[symbol] = q;
    }

    void onUpdate(final int symbol, final long q, final long c, final long dueNs, final long nowNs) {
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

    void onGap(final long count) {
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
