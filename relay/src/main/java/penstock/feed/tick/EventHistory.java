package penstock.feed.tick;

import penstock.venue.SequenceTracker;

/** The snapshot of events that a line is sending: in any order, what is missing shows at its end. Feed thread. */
final class EventHistory {
    private final boolean isConsecutive;
    /** Null if no snapshot has begun. */
    private RecentNumbers published;
    /** The others: known ones, or older ones than the first known one; of a new count they are missing. */
    private RecentNumbers withheld;
    private EventPlace line;
    private long publishedCount;
    private long withheldCount;
    /** The newest number before the snapshot. */
    private long before;

    EventHistory(final boolean isConsecutive) {
        this.isConsecutive = isConsecutive;
    }

    /** {@link NumbersOfCount#KNOWN}, or 0 if the event is new; {@code current}: null before the first count. */
    long add(final EventPlace place, final NumbersOfCount current, final long number) {
        line = place;
        if (published == null) {
            published = new RecentNumbers();
            withheld = new RecentNumbers();
            publishedCount = 0;
            withheldCount = 0;
            before = current == null ? Long.MIN_VALUE : current.newest();
        }
        final boolean isOld = isConsecutive ? number <= before
            : current != null && (number < current.oldest() || current.covers(number));
        if (isOld) {
            withheldCount += withheld.add(number) == NumbersOfCount.KNOWN ? 0 : 1;
            return NumbersOfCount.KNOWN;
        }
        if (published.add(number) == NumbersOfCount.KNOWN) {
            return NumbersOfCount.KNOWN;
        }
        publishedCount++;
        return 0;
    }

    /** A snapshot has begun, and not ended. */
    boolean isOpen() {
        return published != null;
    }

    /** Its line has ended before it; if it may be of a new count, the next snapshot goes on with it. */
    boolean isCut() {
        return isOpen() && line.isClosed() && !isOfNewCount();
    }

    /** Whether all its events are of another count than the one that was known. */
    boolean isOfNewCount() {
        return SequenceTracker.isFarBelow(newest(), before);
    }

    long newest() {
        return Math.max(published.newest(), withheld.newest());
    }

    long oldest() {
        return Math.min(published.oldest(), withheld.oldest());
    }

    /** The snapshot ends, and a count begins with it; returns how many of its events were not published. */
    long begin(final NumbersOfCount begun) {
        begun.include(published);
        begun.include(withheld);
        published = null;
        return isConsecutive ? begun.size() - publishedCount : withheldCount;
    }

    /** The snapshot ends: events since the newest one before it are missing. Returns how many are given up for them. */
    long end(final NumbersOfCount current, final long nowNs) {
        final RecentNumbers ended = published;
        published = null;
        if (!isConsecutive || publishedCount > RecentNumbers.MAX_NUMBERS) {
            current.include(ended);
            return isConsecutive ? ended.newest() - before - publishedCount : 0;
        }
        long givenUp = 0;
        for (final long number : ended.sorted()) {
            givenUp += current.add(number, nowNs);
        }
        return givenUp;
    }
}
