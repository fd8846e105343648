package penstock.feed.tick;

import penstock.venue.SequenceTracker;

/**
 * The current count of a topic's events, and the count before it, which another line may not have left yet; each line
 * is in one of them. Owned by the feed thread.
 */
final class EventCounts {
    private static final int FIRST = 1;
    /** Events that a line which returns may be behind another one. */
    private static final int MAX_BEHIND = 4 * SequenceTracker.MAX_REORDERED;

    private final boolean isConsecutive;
    /** Null before the first event. */
    private NumbersOfCount current;
    private NumbersOfCount previous;
    private int count = FIRST - 1;
    /** Open lines that have sent an event, and those of them that are not in the current count. */
    private int lines;
    private int linesBefore;
    /** Begun by one number; if this line goes on as before, that number was repeated. */
    private EventPlace begunBy;
    /** Missing events, to be reported with the next published one. */
    private long unreported;

    EventCounts(final boolean isConsecutive) {
        this.isConsecutive = isConsecutive;
    }

    /** Null before the first event. */
    NumbersOfCount current() {
        return current;
    }

    /** The numbers of the count that the line is in. */
    NumbersOfCount of(final EventPlace place) {
        return isBehind(place) && previous != null ? previous : current;
    }

    /** The line is in the count before. */
    boolean isBehind(final EventPlace place) {
        return place.count() != count;
    }

    /** A count that has just begun: lower numbers are late ones, and not yet another count. */
    boolean isYoung() {
        return current.size() < 2 * SequenceTracker.MAX_REORDERED;
    }

    /** Whether a line that returns may send this number because it is behind, however far below the newest it is. */
    boolean mayBeBehind(final long number) {
        return isYoung() || number >= current.oldest() && current.countAbove(number) < MAX_BEHIND;
    }

    boolean isFirst() {
        return count <= FIRST;
    }

    /** A line sends a number; true if it is its first one. */
    boolean enter(final EventPlace place, final long number) {
        if (!place.enter(this, count)) {
            return false;
        }
        lines++;
        if (previous != null && isNearer(number)) {
            fallBehind(place);
        }
        return true;
    }

    /** The line has ended. */
    void leave(final EventPlace place) {
        lines--;
        linesBefore -= place.count() < count ? 1 : 0;
        begunBy = begunBy == place ? null : begunBy;
    }

    void join(final EventPlace place) {
        place.moveTo(count);
        linesBefore--;
    }

    void begin(final EventPlace place, final NumbersOfCount numbers) {
        previous = current;
        current = numbers;
        count++;
        place.moveTo(count);
        linesBefore = lines - 1;
    }

    boolean isBegunBy(final EventPlace place) {
        return begunBy == place;
    }

    /** Null: more than one number shows that a new count has begun. */
    void setBegunBy(final EventPlace place) {
        begunBy = place;
    }

    /** The number that began the count was repeated; where numbers have holes it is kept in mind. */
    void takeBack(final EventPlace place) {
        if (!isConsecutive) {
            previous.include(current);
        }
        current = previous;
        previous = null;
        begunBy = null;
        linesBefore = 0;
        count--;
        place.moveTo(count);
    }

    /** Forgets the count before if all lines have left it. */
    void settle(final int openLines) {
        if (previous != null && linesBefore == 0 && lines == openLines && begunBy == null) {
            if (previous.newest() < current.oldest()) {
                unreported += current.include(previous);
            }
            previous = null;
        }
    }

    /** The published numbers of a snapshot that is over, and how many events it has not shown. */
    void include(final RecentNumbers history, final long missing) {
        unreported += isConsecutive ? missing : 0;
        if (current == null) {
            current = isConsecutive ? new ConsecutiveNumbers(history.oldest(), history.newest()) : history;
        } else if (isConsecutive) {
            ((ConsecutiveNumbers) current).extendTo(history.newest());
        } else {
            current.include(history);
        }
    }

    /** {@link NumbersOfCount#KNOWN}, or how many numbers before this one are missing. */
    long add(final EventPlace place, final boolean isBack, final long number) {
        if (previous == null && !isBack && number < current.oldest()) {
            // a line that is behind the one that sent the first event
            place.moveTo(count);
            fallBehind(place);
            previous = isConsecutive ? new ConsecutiveNumbers(number, number - 1) : new RecentNumbers();
        }
        if (of(place) == previous && joins(number)) {
            join(place);
        }
        final NumbersOfCount numbers = of(place);
        final boolean isInPrevious =
            previous != null && previous.newest() < current.oldest() && previous.covers(number);
        return isInPrevious ? NumbersOfCount.KNOWN : numbers.add(number);
    }

    void miss(final long missing) {
        unreported += missing;
    }

    /** The missing events that were not reported yet; they are now. */
    long takeUnreported() {
        final long taken = unreported;
        unreported = 0;
        return taken;
    }

    private void fallBehind(final EventPlace place) {
        place.moveTo(count - 1);
        linesBefore++;
    }

    /** Whether the first number of a line is one of the count before, which is above the current one. */
    private boolean isNearer(final long number) {
        final boolean isNearEnd = isConsecutive ? number >= previous.newest() - SequenceTracker.MAX_REORDERED
            : !SequenceTracker.isFarBelow(number, previous.newest());
        return isNearEnd && previous.newest() > current.newest()
            && Math.abs(number - previous.newest()) < Math.abs(number - current.newest());
    }

    /** Whether a line in the count before has reached the current one. */
    private boolean joins(final long number) {
        final boolean isBelow = previous.newest() < current.newest();
        // where numbers have holes, a line behind the first event has reached it though no other line has its number
        final boolean isInside =
            !isConsecutive && previous.oldest() < current.oldest() && number >= current.oldest();
        if (!current.covers(number) && !(isBelow && (isInside || number > current.newest()))) {
            return false;
        }
        if (isBelow) {
            unreported += current.include(previous);
            previous = null;
        }
        return true;
    }
}
