package penstock.usage;

import java.time.YearMonth;

/**
 * Counts what one session receives of one product. Made by {@link UsageRecorder#open}. Owned by the session's io
 * thread.
 */
public final class UsageMeter {
    private final UsageRecorder recorder;
    private final UsageKey key;
    private long updates;
    private long images;
    private long sinceMs;
    private YearMonth seenMonth;
    private int index;

    UsageMeter(final UsageRecorder recorder, final UsageKey key, final long nowMs) {
        this.recorder = recorder;
        this.key = key;
        sinceMs = nowMs;
    }

    /**
     * The session's socket took {@code count} updates of the product. Call it where the relay counts delivered
     * updates, with the same number: then the ledger has the same sum. No allocation, no lock.
     */
    public void onDelivered(final int count) {
        updates += count;
    }

    /** The session's socket took {@code count} images of the product, as {@link #onDelivered}. */
    public void onImages(final int count) {
        images += count;
    }

    /** The session ends, or leaves the product. {@code nowMs}: milliseconds since 1970. */
    public void close(final long nowMs) {
        recorder.close(this, nowMs);
    }

    UsageKey key() {
        return key;
    }

    int index() {
        return index;
    }

    void index(final int place) {
        index = place;
    }

    /** Moves what was counted to the batch. What was counted in one period belongs to the month in which it began. */
    void handOver(final UsageBatch batch, final MonthOfTime months, final ConcurrentSessions sessions,
            final long nowMs) {
        final YearMonth month = months.of(sinceMs);
        // who opens sees the most; what was open before the month is seen by the first that closes, or hands over
        if (updates + images > 0 || !month.equals(seenMonth)) {
            final UsageTally tally = batch.tally(key, month);
            tally.addUse(updates, images, sinceMs,
                Math.max(sinceMs, Math.min(nowMs, months.lastMs(sinceMs))));
            tally.addSessions(sessions.ofDevice(key), sessions.ofPrincipal(key));
            updates = 0;
            images = 0;
            seenMonth = month;
        }
        sinceMs = nowMs;
    }
}
