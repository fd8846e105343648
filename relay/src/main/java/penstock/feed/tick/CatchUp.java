package penstock.feed.tick;

import org.agrona.collections.Int2ObjectHashMap;
import penstock.ring.Conflator;
import penstock.ring.UpdateKind;
import penstock.ring.UpdateSlice;
import penstock.venue.SequenceTracker;
import penstock.venue.SequenceTracker.Verdict;

/**
 * What one line of two sends of topics that no line can go on with. Its image may be older than what the other line had
 * sent before it was lost: then the image and the changes after it are kept here, in one value of bounded size, until
 * they have reached the newest published number. So the topic stays stale rather than going back, and is whole
 * afterwards. A new count of the venue does not wait.
 *
 * <p>Owned by the feed thread.
 */
final class CatchUp {
    /** No line is behind for longer: more rising numbers than a venue reorders are another count then. */
    private static final long MAX_BEHIND_NS = 5_000_000_000L;

    private final LineArbiter lines;
    private final TickOutlet outlet;
    private final Int2ObjectHashMap<Behind> topics = new Int2ObjectHashMap<>();
    private final UpdateSlice whole = new UpdateSlice();

    /** The value of one topic as of the number {@code last}. */
    private static final class Behind {
        private final long sinceNs;
        private Conflator value;
        private long last;
        /** Numbers in a row that rose. */
        private int rising;

        private Behind(final long sinceNs, final long number) {
            this.sinceNs = sinceNs;
            last = number;
        }

        private void add(final long number, final UpdateSlice slices) {
            rising = number > last ? rising + 1 : 0;
            last = number;
            value.add(slices);
        }

        /** Whether the numbers are of another count than the newest published one. */
        private boolean isNewCount(final long newest, final long nowNs) {
            return rising > 0 && SequenceTracker.isFarBelow(last, newest)
                || rising > SequenceTracker.MAX_REORDERED && nowNs - sinceNs > MAX_BEHIND_NS;
        }
    }

    CatchUp(final LineArbiter lines, final TickOutlet outlet) {
        this.lines = lines;
        this.outlet = outlet;
    }

    /**
     * Takes the line's next update of a topic that no line can go on with; returns what is to be published, null while
     * the line is behind.
     *
     * @param number the venue's, {@link SequenceTracker#NONE} without one
     */
    UpdateSlice next(final int topic, final long number, final Verdict verdict, final long nowNs,
            final UpdateSlice slices) {
        Behind behind = topics.get(topic);
        if (slices.kind != UpdateKind.DELTA) {
            behind = behind == null ? new Behind(nowNs, number) : behind;
            behind.value = outlet.newConflator(topic);
            topics.put(topic, behind);
        }
        if (behind != null) {
            behind.add(number, slices);
        }
        if (!isThere(topic, number, verdict, nowNs, behind)) {
            return null;
        }
        topics.remove(topic);
        lines.onCaughtUp(topic, number, nowNs);
        if (behind == null || slices.kind != UpdateKind.DELTA) {
            return slices;
        }
        behind.value.writeTo(whole);
        return whole;
    }

    /** Another line can go on with the topic. */
    void forget(final int topic) {
        if (!topics.isEmpty()) {
            topics.remove(topic);
        }
    }

    private boolean isThere(final int topic, final long number, final Verdict verdict, final long nowNs,
            final Behind behind) {
        final long newest = lines.newest(topic);
        if (behind == null) {
            // the line was complete before: its changes follow what was published
            return number > newest;
        }
        return number == SequenceTracker.NONE || number >= newest || verdict.isNewCount()
            || behind.isNewCount(newest, nowNs)
            || SequenceTracker.isFarBelow(number, newest) && lines.isNewSince(topic);
    }
}
