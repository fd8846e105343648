package penstock.feed.tick;

import penstock.venue.SequenceTracker;
import penstock.venue.SequenceTracker.Verdict;

/**
 * The numbers of one topic's events: the count that an event belongs to, and whether it is new there.
 *
 * <p>Promise: each event that arrives is published once or reported as missing once; where numbers have no holes, so is
 * each one between the first and the last of a count that arrive. It holds on one line and on two, with lost and new
 * connections, repeated events, and events that are late by up to {@link SequenceTracker#MAX_REORDERED} others, of the
 * count before, too. What one line lost is not reported while another one may send it: it is published when it comes,
 * or reported with the first event after that line has passed it, within the bounds of {@link MissingNumbers}. The
 * first event of a new count shows it, if its number is far below. It is published at once, unless the count before has
 * the number, because it could be a repeated one: then it is reported as missing as soon as a larger one follows. If a
 * count ends near the number that the next one begins with, numbers cannot tell the two apart: an event with a known
 * number is a repeated one.
 *
 * <p>Mechanism: a line is in a count, and what it sends belongs there or to the other count that is known, whichever
 * has the nearest number. A number that is nearer to 0 than to either begins another count. The older one is kept until
 * the newer one has as many events as a line may be behind.
 *
 * <p>Owned by the feed thread.
 */
final class EventNumbers {
    private static final long KNOWN = NumbersOfCount.KNOWN;

    private final boolean isConsecutive;
    private final EventHistory history;
    /** Null before the first event. */
    private EventCount newer;
    /** The count before; null if no line can be in it. */
    private EventCount older;
    /** How often all lines had been lost at the last event. */
    private int outage;
    /** Missing events, to be reported with the next published one. */
    private long unreported;
    private boolean isLate;

    EventNumbers(final boolean isConsecutive) {
        this.isConsecutive = isConsecutive;
        history = new EventHistory(isConsecutive);
    }

    /** Whether the last published event came after one with a larger number. */
    boolean isLate() {
        return isLate;
    }

    /** {@link NumbersOfCount#KNOWN}, or how many events before this one are missing; {@code topic}: theirs. */
    long missedBefore(final EventSequenceTracker.Line line, final int topic, final boolean isHistory,
            final Verdict verdict, final long number, final long nowNs) {
        isLate = false;
        final EventPlace place = line.of(topic);
        final long missed = isHistory ? historic(place, number, nowNs)
            : live(place, line.outage(), verdict, number, nowNs);
        if (newer != null && newer.numbers().hasMissing()) {
            unreported += newer.numbers().giveUp(line.passed(topic, newer, null), nowNs);
        }
        if (older != null && older.numbers().hasMissing()) {
            unreported += older.numbers().giveUp(line.passed(topic, older, newer), nowNs);
        }
        if (missed == KNOWN) {
            return KNOWN;
        }
        final long all = missed + unreported;
        unreported = 0;
        return all;
    }

    /** A snapshot that its line did not finish is over when the next one begins. */
    private long historic(final EventPlace place, final long number, final long nowNs) {
        if (history.isCut() && newer == null) {
            begin(null, history.oldest());
        } else if (history.isCut()) {
            unreported += history.end(newer.numbers(), nowNs);
        }
        final long missed = history.add(place, newer == null ? null : newer.numbers(), number);
        if (newer == null || !newer.numbers().isMissing(number)) {
            return missed;
        }
        isLate = true;
        return newer.numbers().add(number, nowNs);
    }

    private long live(final EventPlace place, final int lineOutage, final Verdict verdict, final long number,
            final long nowNs) {
        final boolean isAllNew = lineOutage > outage;
        outage = lineOutage;
        if (isAllNew && newer != null && newer.isCertain()) {
            endOlder();
        }
        if (history.isOpen() && newer != null && !history.isOfNewCount()) {
            unreported += history.end(newer.numbers(), nowNs);
        }
        final boolean isOfOlder = isOfOlder(place, number);
        if (newer == null || !isOfOlder && isOfAnother(place, isAllNew, verdict, number)) {
            begin(newer == null || isAllNew || verdict == Verdict.RESTART ? null : place, number);
        } else if (history.isOpen()) {
            unreported += history.end(newer.numbers(), nowNs);
        }
        if (isOfOlder) {
            return addToOlder(place, number, nowNs);
        }
        final long missed = add(place, newer, older, number, nowNs);
        if (newer.isCertain() && newer.numbers().size() >= RecentNumbers.MAX_NUMBERS) {
            endOlder();
        }
        return missed;
    }

    private boolean isOfOlder(final EventPlace place, final long number) {
        if (older == null) {
            return false;
        }
        if (place.isIn(newer)) {
            return place.mayBeLate() && isNearer(number, older.newest(), place.newest());
        }
        if (place.isIn(older)) {
            return !older.isFarBelow(number, place.newest()) && !isNearer(number, newer.newest(), place.newest());
        }
        return older.mayStillSend(number, newer) && isNearer(number, older.newest(), newer.newest());
    }

    /** Whether the number begins a count; a line in the older count comes into the newer one. */
    private boolean isOfAnother(final EventPlace place, final boolean isAllNew, final Verdict verdict,
            final long number) {
        if (place.isIn(older)) {
            return false;
        }
        if (place.isIn(newer)) {
            final boolean isNamed = verdict == Verdict.RESTART && number < place.newest() && !place.mayBeLate();
            return isNamed || newer.isFarBelow(number, place.newest());
        }
        return isAllNew ? newer.isFarBelow(number, newer.newest()) || isOfHistory(number) : newer.isFarBelow(number);
    }

    /** Whether the number follows the snapshot of another count. */
    private boolean isOfHistory(final long number) {
        return history.isOpen() && history.isOfNewCount() && isNearer(number, history.newest(), newer.newest());
    }

    private static boolean isNearer(final long number, final long newest, final long other) {
        return Math.abs(number - newest) < Math.abs(number - other);
    }

    /** The number that seemed to begin a count was repeated if its line goes on as before. */
    private long addToOlder(final EventPlace place, final long number, final long nowNs) {
        final long missed = add(place, older, null, number, nowNs);
        if (newer.isBegunBy(place) && !place.mayBeLate()) {
            older.numbers().include(newer.numbers());
            newer = older;
            older = null;
        }
        return missed;
    }

    private long add(final EventPlace place, final EventCount count, final EventCount before, final long number,
            final long nowNs) {
        place.enter(count, number);
        final long missed = count.add(before, number, nowNs);
        isLate = missed != KNOWN && number < count.newest();
        return missed;
    }

    /** {@code begunBy}: the line that sends its first number; null if it is certain that it was not repeated. */
    private void begin(final EventPlace begunBy, final long number) {
        final boolean hasHistory = history.isOpen();
        if (newer != null && newer.isCertain()) {
            endOlder();
            older = newer;
        }
        newer = new EventCount(isConsecutive, begunBy, hasHistory ? history.oldest() : number);
        if (hasHistory) {
            unreported += history.begin(newer.numbers());
        }
    }

    private void endOlder() {
        unreported += older == null ? 0 : older.numbers().giveUpAll();
        older = null;
    }
}
