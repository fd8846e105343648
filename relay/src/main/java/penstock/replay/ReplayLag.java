package penstock.replay;

import penstock.recording.RecordedSpan;
import penstock.recording.RecordingClock;

/**
 * When the messages of a recording are due that is played while it is written: so long after their receipt, and never
 * earlier.
 *
 * <p>Owned by the thread that plays.
 *
 * @param lagNs how long after
 */
record ReplayLag(RecordedSpan recording, RecordingClock clock, long lagNs) {
    /** When the current message is due, by the clock of {@code nowNs}. */
    long dueNs(final long nowNs) {
        return nowNs + lagNs - recording.ageNs(clock);
    }
}
