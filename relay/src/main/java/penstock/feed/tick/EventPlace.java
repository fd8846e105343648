package penstock.feed.tick;

import penstock.venue.SequenceTracker;
import penstock.venue.SequenceTracker.Verdict;

/** Where one line is in the numbers of one topic. Owned by the feed thread. */
final class EventPlace {
    private EventCounts counts;
    private int count;
    /** The first number of the line, if it is far below those of another line, and the newest one of that. */
    private long first = SequenceTracker.NONE;
    private long ahead;
    /** The line's last number went back into the current count: the next one is no sign of another new count. */
    private boolean isInNewCount;

    /** The line sends the first event of a topic, in a count; false if it has sent one before. */
    boolean enter(final EventCounts newCounts, final int newCount) {
        if (counts == newCounts) {
            return false;
        }
        counts = newCounts;
        count = newCount;
        first = SequenceTracker.NONE;
        isInNewCount = false;
        return true;
    }

    /** The line has ended. */
    void close() {
        if (counts != null) {
            counts.leave(this);
        }
    }

    int count() {
        return count;
    }

    void moveTo(final int newCount) {
        count = newCount;
    }

    boolean isInNewCount() {
        return isInNewCount;
    }

    void setInNewCount(final boolean isIn) {
        isInNewCount = isIn;
    }

    /**
     * How a number follows those of all lines: a new line sees no number go back, but another one has sent larger ones.
     *
     * @param newest of another line, if this number is the line's first; else {@link SequenceTracker#NONE}
     * @param onLine how it follows those of its own line
     */
    Verdict verdict(final long newest, final Verdict onLine, final long number) {
        if (newest != SequenceTracker.NONE && SequenceTracker.isFarBelow(number, newest)) {
            first = number;
            ahead = newest;
            return Verdict.BACK;
        }
        if (first == SequenceTracker.NONE) {
            return onLine;
        }
        final long before = first;
        final boolean isFar = SequenceTracker.isFarBelow(number, ahead);
        first = isFar && number <= before ? number : SequenceTracker.NONE;
        return !isFar ? onLine : number > before ? Verdict.NEW_COUNT : Verdict.BACK;
    }
}
