package penstock.feed.tick;

import penstock.venue.SequenceTracker;
import penstock.venue.SequenceTracker.Verdict;

/**
 * The numbers of one topic's events: decides whether a number that goes back is a late one or the first of a new count.
 * Owned by the feed thread.
 */
final class EventNumbers {
    private static final long KNOWN = NumbersOfCount.KNOWN;

    private final boolean isConsecutive;
    private final EventCounts counts;
    private final EventHistory history;
    private final FarBackNumbers farBack = new FarBackNumbers();
    /** How often all lines had been lost at the last event. */
    private int outage;
    private boolean isLate;

    EventNumbers(final boolean isConsecutive) {
        this.isConsecutive = isConsecutive;
        counts = new EventCounts(isConsecutive);
        history = new EventHistory(isConsecutive);
    }

    /** Whether the last published event came after one with a larger number. */
    boolean isLate() {
        return isLate;
    }

    /** {@link NumbersOfCount#KNOWN}, or how many events before this one are missing; {@code lineOutage}: see there. */
    long missedBefore(final EventPlace place, final int lineOutage, final int openLines, final boolean isHistory,
            final Verdict verdict, final long number) {
        isLate = false;
        final long missed = isHistory ? history.add(counts.current(), number)
            : live(place, lineOutage, openLines, verdict, number);
        return missed == KNOWN ? KNOWN : missed + counts.takeUnreported();
    }

    private long live(final EventPlace place, final int lineOutage, final int openLines, final Verdict onLine,
            final long number) {
        final RecentNumbers ended = history.end();
        if (ended != null && ended.size() > 0) {
            counts.include(ended, history.missing(ended, counts.current() == null));
        }
        final boolean isAllNew = lineOutage > outage;
        outage = lineOutage;
        final boolean isFirst = counts.enter(place, number);
        if (counts.current() == null) {
            return begin(place, number);
        }
        final Verdict verdict = isAllNew ? onLine : place.verdict(isFirst && !counts.mayBeBehind(number)
            ? counts.current().newest() : SequenceTracker.NONE, onLine, number);
        final boolean isBack = verdict == Verdict.BACK || verdict.isNewCount();
        if (counts.isBegunBy(place) && !isBack) {
            counts.takeBack(place);
        }
        counts.settle(openLines);
        if (isAllNew && SequenceTracker.isFarBelow(number, counts.current().newest())) {
            return beginWithSnapshot(place, ended, number);
        }
        if (isAllNew || farBack.isOf(place) && !isBack) {
            farBack.forget();
        }
        if (counts.isBegunBy(place)) {
            counts.setBegunBy(verdict == Verdict.BACK ? place : null);
        } else if (isBack && SequenceTracker.isFarBelow(number, counts.of(place).newest())) {
            return goBack(place, verdict.isNewCount(), number);
        } else if (!isBack) {
            place.setInNewCount(false);
        }
        return add(place, isBack, number);
    }

    /** {@code isSecond}: the number before on the line was in the new count, too. */
    private long goBack(final EventPlace place, final boolean isSecond, final long number) {
        if (!counts.isBehind(place) && !counts.isFirst() && counts.isYoung()) {
            place.setInNewCount(place.isInNewCount() && !isSecond);
        } else if (place.isInNewCount()) {
            place.setInNewCount(!isSecond);
        } else if (counts.isBehind(place)) {
            counts.join(place);
            place.setInNewCount(!isSecond);
        } else if (isSecond || number < counts.current().oldest()) {
            counts.setBegunBy(isSecond ? null : place);
            place.setInNewCount(!isSecond);
            return begin(place, number);
        } else {
            final boolean isKnown = counts.current().covers(number);
            farBack.add(place, isKnown, number);
            return isKnown ? KNOWN : add(place, true, number);
        }
        return add(place, true, number);
    }

    private long add(final EventPlace place, final boolean isBack, final long number) {
        final long missed = counts.add(place, isBack, number);
        isLate = missed != KNOWN && number < counts.of(place).newest();
        return missed;
    }

    /** A new count; its first numbers were withheld if they were numbers of the old count, too. */
    private long begin(final EventPlace place, final long number) {
        if (isConsecutive) {
            final long first = farBack.oldest(number);
            final long last = farBack.newest(number);
            farBack.forget();
            counts.begin(place, new ConsecutiveNumbers(first, last));
            return last - first;
        }
        final RecentNumbers begun = farBack.begun();
        final boolean isWithheld = farBack.isWithheld(number);
        counts.miss(farBack.withheldCount() - (isWithheld ? 1 : 0));
        farBack.forget();
        counts.begin(place, begun);
        return begun.add(number) == KNOWN && !isWithheld ? KNOWN : 0;
    }

    /** The snapshot of the new connection may have been of the new count. */
    private long beginWithSnapshot(final EventPlace place, final RecentNumbers ended, final long number) {
        final boolean isSnapshotNew = ended != null && !isConsecutive && ended.size() > 0
            && SequenceTracker.isFarBelow(ended.newest(), counts.current().newest());
        final long missed = begin(place, number);
        if (isSnapshotNew) {
            counts.current().include(ended);
        }
        return missed;
    }
}
