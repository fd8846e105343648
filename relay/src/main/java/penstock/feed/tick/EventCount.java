package penstock.feed.tick;

import penstock.venue.SequenceTracker;

/** One count of a topic's events: its numbers, and whether more than one shows that it is a count. Feed thread. */
final class EventCount {
    private static final long KNOWN = NumbersOfCount.KNOWN;
    /** A line that returns may be this many events behind another one, those of the next count included. */
    private static final int MAX_BEHIND = 2 * SequenceTracker.MAX_REORDERED;

    private final NumbersOfCount numbers;
    private final long first;
    /** The line that sent {@code first}; null as soon as it is certain that this was no repeated event of long ago. */
    private EventPlace begunBy;
    /** Not published, as the count before has their numbers: if this one is a count, they are missing. */
    private long withheld;

    /** A count with the number {@code first}, which will be added; {@code begunBy}: null if the count is certain. */
    EventCount(final boolean isConsecutive, final EventPlace begunBy, final long first) {
        numbers = isConsecutive ? new ConsecutiveNumbers(first) : new RecentNumbers();
        this.begunBy = begunBy;
        this.first = first;
    }

    NumbersOfCount numbers() {
        return numbers;
    }

    long newest() {
        return numbers.newest();
    }

    boolean isYoung() {
        return numbers.size() < MAX_BEHIND;
    }

    boolean isCertain() {
        return begunBy == null;
    }

    boolean isBegunBy(final EventPlace place) {
        return begunBy == place;
    }

    /**
     * Whether no delay explains the number of a line that has sent {@code newest}: it is nearer to 0, where counts
     * begin, and more events than a venue reorders lie between the two.
     */
    boolean isFarBelow(final long number, final long newest) {
        return SequenceTracker.isFarBelow(number, newest)
            && numbers.countBetween(number, newest) > SequenceTracker.MAX_REORDERED;
    }

    /** Whether no delay explains the first number of a line that returns. */
    boolean isFarBelow(final long number) {
        return SequenceTracker.isFarBelow(number, newest()) && numbers.countBetween(number, newest()) >= MAX_BEHIND;
    }

    /** Whether a line that returns may be so far behind that it is in this count, though {@code next} has begun. */
    boolean mayStillSend(final long number, final EventCount next) {
        return Math.max(0, numbers.countBetween(number, newest())) + next.numbers.size() < MAX_BEHIND;
    }

    /** {@link NumbersOfCount#KNOWN}, or how many others are missing; {@code before}: the older count, or null. */
    long add(final EventCount before, final long number, final long nowNs) {
        final long missed = numbers.add(number, nowNs);
        if (begunBy == null || missed == KNOWN) {
            return missed;
        }
        if (number > first) {
            begunBy = null;
            return missed + withheld;
        }
        if (!before.numbers.covers(number)) {
            return missed;
        }
        withheld += missed + 1;
        return KNOWN;
    }
}
