package penstock.feed;

import java.util.Arrays;
import penstock.ring.UpdateKind;
import penstock.venue.SequenceTracker;

/**
 * The venue's numbers of the events that went out, where each event of a topic has the next number: what lies between
 * two of them was missed, exactly, whoever told them: two connections, one after the other, or one that was lost
 * meanwhile. Owned by the feed thread.
 */
final class EventSequenceTracker {
    private static final long NONE = SequenceTracker.NONE;
    /** No venue has so many events during an outage; one that jumps further numbers its events in another way. */
    private static final long MOST_MISSED = 1_000_000_000;

    private long[] last = new long[64];

    EventSequenceTracker() {
        Arrays.fill(last, NONE);
    }

    /**
     * An event goes out; returns how many before it did not. Numbers that go back say nothing: told again, or counted
     * anew.
     */
    long missedBefore(final int topic, final UpdateKind kind, final long number) {
        if (number == NONE) {
            return 0;
        }
        if (topic >= last.length) {
            final int had = last.length;
            last = Arrays.copyOf(last, Math.max(had * 2, topic + 1));
            Arrays.fill(last, had, last.length, NONE);
        }
        final long before = last[topic];
        // what was told already comes once more in a snapshot, perhaps the newest first
        last[topic] = kind == UpdateKind.SNAPSHOT ? Math.max(before, number) : number;
        final long missed = before == NONE ? 0 : number - before - 1;
        return missed > 0 && missed <= MOST_MISSED ? missed : 0;
    }

    /** The topic was not wanted for a while: what came meanwhile is not missed. */
    void forget(final int topic) {
        if (topic < last.length) {
            last[topic] = NONE;
        }
    }
}
