package penstock.feed.tick;

/** The snapshot of events that a line is sending: in any order, what is missing shows at its end. Feed thread. */
final class EventHistory {
    private final boolean isConsecutive;
    /** The published part; null if no snapshot has begun. */
    private RecentNumbers numbers;
    /** The newest number before the snapshot. */
    private long before;
    private long count;

    EventHistory(final boolean isConsecutive) {
        this.isConsecutive = isConsecutive;
    }

    /** {@link NumbersOfCount#KNOWN}, or 0 if the event is new; {@code current}: null without one before. */
    long add(final NumbersOfCount current, final long number) {
        if (numbers == null) {
            numbers = new RecentNumbers();
            count = 0;
            before = current == null ? Long.MIN_VALUE : current.newest();
        }
        final boolean isOld = isConsecutive ? number <= before
            : current != null && (number < current.oldest() || current.covers(number));
        if (isOld || numbers.add(number) == NumbersOfCount.KNOWN) {
            return NumbersOfCount.KNOWN;
        }
        count++;
        return 0;
    }

    /** The snapshot is over: its published numbers, null if there was none. */
    RecentNumbers end() {
        final RecentNumbers ended = numbers;
        numbers = null;
        return ended;
    }

    /** How many events the snapshot that ended has not shown, between {@code from} and its newest one. */
    long missing(final RecentNumbers ended, final boolean isFirst) {
        final long from = isFirst ? ended.oldest() - 1 : before;
        return Math.max(0, ended.newest() - from - count);
    }
}
