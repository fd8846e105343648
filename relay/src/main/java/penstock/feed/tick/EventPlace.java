package penstock.feed.tick;

import penstock.venue.SequenceTracker;

/** Where one line is in the numbers of one topic. Owned by the feed thread. */
final class EventPlace {
    /** That of its last event; null before the first one. */
    private EventCount count;
    /** The largest number of this count that it has sent since it came into it. */
    private long newest;
    /** The number of the last event. */
    private long last;
    /** For how many further events the venue may send late ones of the count that the line comes from. */
    private int lateLeft;
    private boolean comesFromAnother;
    private boolean isClosed;

    boolean isIn(final EventCount other) {
        return other != null && count == other;
    }

    long newest() {
        return newest;
    }

    /** Up to which number of a count the line will send no other, unless the venue reorders; {@code next}: or null. */
    long passed(final EventCount other, final EventCount next) {
        return isIn(other) ? last : isIn(next) ? Long.MAX_VALUE : Long.MIN_VALUE;
    }

    /** The line sends a number of a count; a new one comes from no other, unless this one has just begun. */
    void enter(final EventCount next, final long number) {
        last = number;
        if (next == count) {
            newest = Math.max(newest, number);
            lateLeft = comesFromAnother || next.isYoung() ? Math.max(0, lateLeft - 1) : 0;
            return;
        }
        comesFromAnother = count != null;
        lateLeft = comesFromAnother || next.isYoung() ? SequenceTracker.MAX_REORDERED : 0;
        newest = number;
        count = next;
    }

    /** Whether a number may be a late one of the count that the line comes from. */
    boolean mayBeLate() {
        return lateLeft > 0;
    }

    /** The line has ended. */
    void close() {
        isClosed = true;
    }

    boolean isClosed() {
        return isClosed;
    }
}
