package penstock.feed.tick;

import java.util.Arrays;
import penstock.ring.UpdateKind;
import penstock.venue.SequenceTracker;

/**
 * The venue's numbers of the published events, where each event of a topic has the next number: the numbers between two
 * of them were missed, exactly, even if the two came on different connections or an outage lies between. Owned by the
 * feed thread.
 */
final class EventSequenceTracker {
    private static final long NONE = SequenceTracker.NONE;
    /** No outage is that long: a venue that jumps further numbers its events in another way. */
    private static final long MAX_MISSED = 1_000_000_000;

    private long[] last = new long[64];

    EventSequenceTracker() {
        Arrays.fill(last, NONE);
    }

    /**
     * An event is about to be published; returns how many before it were not. A number that goes back says nothing: the
     * venue repeats an event, or has restarted its numbering.
     */
    long missedBefore(final int topic, final UpdateKind kind, final long number) {
        if (number == NONE) {
            return 0;
        }
        if (topic >= last.length) {
            final int size = last.length;
            last = Arrays.copyOf(last, Math.max(size * 2, topic + 1));
            Arrays.fill(last, size, last.length, NONE);
        }
        final long before = last[topic];
        // a snapshot repeats events, perhaps with the newest first
        last[topic] = kind == UpdateKind.SNAPSHOT ? Math.max(before, number) : number;
        final long missed = before == NONE ? 0 : number - before - 1;
        return missed > 0 && missed <= MAX_MISSED ? missed : 0;
    }

    /** The topic was not subscribed to for a while: the events of that time are not missed. */
    void forget(final int topic) {
        if (topic < last.length) {
            last[topic] = NONE;
        }
    }
}
