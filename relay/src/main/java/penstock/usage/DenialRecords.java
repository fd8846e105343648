package penstock.usage;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import penstock.usage.DenialTallies.Denial;
import penstock.usage.DenialTallies.Times;

/**
 * Which denials have a record of their own: {@value #RECORDS_PER_DAY} of a day of UTC, in the order in which they come.
 * All others of the day add up, and have one record an hour: clients that are denied something else in each interval
 * cannot fill the disk. Owned by the writer of the ledger.
 */
final class DenialRecords {
    static final int RECORDS_PER_DAY = 1_000;
    static final long OTHERS_EVERY_MS = 3_600_000;

    private final Map<Denial, Times> due = new LinkedHashMap<>();
    private long day = Long.MIN_VALUE;
    private int ofDay;
    /** Null if there are none. */
    private Times others;
    private long othersSinceMs;

    /** Takes the denials of an interval, unless records of another one wait because the disk refused them. */
    void take(final DenialTallies tallies, final long nowMs) {
        if (!due.isEmpty()) {
            return;
        }
        final long today = TimeUnit.MILLISECONDS.toDays(nowMs);
        if (today != day) {
            day = today;
            ofDay = 0;
        }
        tallies.kinds().forEach((denial, times) -> {
            if (ofDay < RECORDS_PER_DAY) {
                ofDay++;
                due.put(denial, times);
            } else {
                othersSinceMs = others == null ? nowMs : othersSinceMs;
                others = others == null ? times : others.add(times);
            }
        });
        tallies.kinds().clear();
    }

    /** What is to be written; {@code isEnd}: nothing may wait for another hour. */
    Map<Denial, Times> due(final long nowMs, final boolean isEnd) {
        if (others != null && (isEnd || Math.abs(nowMs - othersSinceMs) >= OTHERS_EVERY_MS)) {
            due.merge(DenialTallies.OTHERS, others, Times::add);
            others = null;
        }
        return due;
    }

    /** What was due has its records. */
    void onWritten() {
        due.clear();
    }
}
