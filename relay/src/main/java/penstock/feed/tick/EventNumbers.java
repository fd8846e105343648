package penstock.feed.tick;

import penstock.venue.SequenceTracker;
import penstock.venue.SequenceTracker.Verdict;

/**
 * The numbers of one topic's events: those of the current count, and of the count before it, which another line may not
 * have left yet. Owned by the feed thread.
 */
final class EventNumbers {
    private static final long KNOWN = NumbersOfCount.KNOWN;

    private static final int FIRST_COUNT = 1;

    private final boolean isConsecutive;
    /** Null before the first event that is not history. */
    private NumbersOfCount current;
    private NumbersOfCount previous;
    private int count = FIRST_COUNT - 1;
    /** Open lines that have sent an event, and those of them that are not in the current count. */
    private int lines;
    private int linesBefore;
    /** How often all lines had been lost at the last event. */
    private int outage;
    /** Begun by one number; if this line goes on as before, that number was repeated. */
    private Place begunBy;
    /** Numbers that went far back: if a new count follows, they were its first ones. */
    private RecentNumbers farBack;
    private Place farBackOn;
    /** Those of them that were not published, because the count before has them, too. */
    private RecentNumbers withheld;
    /** The published part of a snapshot that is not over, and the newest number before it. */
    private RecentNumbers history;
    private long beforeHistory;
    private long historyCount;
    /** Missing events, to be reported with the next published one. */
    private long unreported;
    private boolean isLate;

    /** Where a line is. Owned by the feed thread. */
    static final class Place {
        private EventNumbers of;
        private int count;
        /** The first number of the line, if it is far below those of another line, and the newest one of that. */
        private long first = SequenceTracker.NONE;
        private long ahead;
        /** The line's last number went back into the current count: the next one is no sign of another new count. */
        private boolean isInNewCount;

        /** The line has ended. */
        void close() {
            if (of != null) {
                of.lines--;
                of.linesBefore -= count < of.count ? 1 : 0;
                of.begunBy = of.begunBy == this ? null : of.begunBy;
            }
        }
    }

    EventNumbers(final boolean isConsecutive) {
        this.isConsecutive = isConsecutive;
    }

    /** Whether the last published event came after one with a larger number. */
    boolean isLate() {
        return isLate;
    }

    /** {@link NumbersOfCount#KNOWN}, or how many events before this one are missing; {@code lineOutage}: see there. */
    long missedBefore(final Place place, final int lineOutage, final int openLines, final boolean isHistory,
            final Verdict verdict, final long number) {
        isLate = false;
        final long missed = isHistory ? inHistory(number) : live(place, lineOutage, openLines, verdict, number);
        if (missed == KNOWN) {
            return KNOWN;
        }
        final long all = missed + unreported;
        unreported = 0;
        return all;
    }

    /** A new line sees no number go back, but the other one has sent larger ones. */
    private Verdict verdict(final Place place, final boolean isFirst, final Verdict onLine, final long number) {
        if (isFirst && !isYoung() && SequenceTracker.isFarBelow(number, current.newest())) {
            place.first = number;
            place.ahead = current.newest();
            return Verdict.BACK;
        }
        if (place.first == SequenceTracker.NONE) {
            return onLine;
        }
        final long first = place.first;
        final boolean isFar = SequenceTracker.isFarBelow(number, place.ahead);
        place.first = isFar && number <= first ? number : SequenceTracker.NONE;
        return !isFar ? onLine : number > first ? Verdict.NEW_COUNT : Verdict.BACK;
    }

    private long inHistory(final long number) {
        if (history == null) {
            history = new RecentNumbers();
            historyCount = 0;
            beforeHistory = current == null ? Long.MIN_VALUE : current.newest();
        }
        final boolean isOld = isConsecutive ? number <= beforeHistory
            : current != null && (number < current.oldest() || current.covers(number));
        if (isOld || history.add(number) == KNOWN) {
            return KNOWN;
        }
        historyCount++;
        return 0;
    }

    /** The events of a snapshot come in any order: what is missing shows at its end. */
    private void closeHistory() {
        if (history.size() > 0 && isConsecutive) {
            final long from = current == null ? history.oldest() - 1 : beforeHistory;
            unreported += Math.max(0, history.newest() - from - historyCount);
            if (current == null) {
                current = new ConsecutiveNumbers(history.oldest(), history.newest());
            } else {
                ((ConsecutiveNumbers) current).extendTo(history.newest());
            }
        } else if (history.size() > 0) {
            if (current == null) {
                current = history;
            } else {
                current.include(history);
            }
        }
        history = null;
    }

    private long live(final Place place, final int lineOutage, final int openLines, final Verdict onLine,
            final long number) {
        final RecentNumbers closed = history;
        if (closed != null) {
            closeHistory();
        }
        final boolean isAllNew = lineOutage > outage;
        outage = lineOutage;
        final boolean isFirst = place.of != this;
        if (isFirst) {
            place.of = this;
            lines++;
            place.count = count;
            if (previous != null && isNearer(number)) {
                place.count--;
                linesBefore++;
            }
            place.first = SequenceTracker.NONE;
            place.isInNewCount = false;
        }
        if (current == null) {
            return begin(place, number);
        }
        final Verdict verdict = isAllNew ? onLine : verdict(place, isFirst, onLine, number);
        final boolean isBack = verdict == Verdict.BACK || verdict.isNewCount();
        if (place == begunBy && !isBack) {
            // repeated events of before the first one: where numbers have holes they are kept in mind
            if (!isConsecutive) {
                previous.include(current);
            }
            current = previous;
            previous = null;
            begunBy = null;
            linesBefore = 0;
            count--;
            place.count = count;
        }
        if (previous != null && linesBefore == 0 && lines == openLines && begunBy == null) {
            if (previous.newest() < current.oldest()) {
                unreported += current.include(previous);
            }
            previous = null;
        }
        if (isAllNew || place == farBackOn && !isBack) {
            if (isAllNew && SequenceTracker.isFarBelow(number, current.newest())) {
                final boolean isSnapshotNew = closed != null && !isConsecutive && closed.size() > 0
                    && SequenceTracker.isFarBelow(closed.newest(), current.newest());
                final long missed = begin(place, number);
                if (isSnapshotNew) {
                    // the snapshot of the new connection was of the new count
                    current.include(closed);
                }
                return missed;
            }
            forgetFarBack();
        }
        if (place == begunBy) {
            begunBy = verdict == Verdict.BACK ? place : null;
        } else if (isBack && SequenceTracker.isFarBelow(number, numbers(place).newest())) {
            final boolean isSecond = verdict.isNewCount();
            if (place.count == count && count > FIRST_COUNT && isYoung()) {
                place.isInNewCount &= !isSecond;
            } else if (place.isInNewCount) {
                place.isInNewCount = !isSecond;
            } else if (place.count < count) {
                join(place);
                place.isInNewCount = !isSecond;
            } else if (isSecond || number < current.oldest()) {
                begunBy = isSecond ? null : place;
                place.isInNewCount = !isSecond;
                return begin(place, number);
            } else {
                return stepBack(place, number);
            }
        } else if (!isBack) {
            place.isInNewCount = false;
        }
        return add(place, isBack, number);
    }

    /** A count that has just begun: lower numbers are late ones, and not yet another count. */
    private boolean isYoung() {
        return current.size() < 2 * SequenceTracker.MAX_REORDERED;
    }

    /** Whether the first number of a line is one of the count before, which is above the current one. */
    private boolean isNearer(final long number) {
        final boolean isNearEnd = isConsecutive ? number >= previous.newest() - SequenceTracker.MAX_REORDERED
            : !SequenceTracker.isFarBelow(number, previous.newest());
        return isNearEnd && previous.newest() > current.newest()
            && Math.abs(number - previous.newest()) < Math.abs(number - current.newest());
    }

    private void join(final Place place) {
        place.count = count;
        linesBefore--;
    }

    private NumbersOfCount numbers(final Place place) {
        return place.count == count || previous == null ? current : previous;
    }

    /** Perhaps a new count; the next number on the line decides. */
    private long stepBack(final Place place, final long number) {
        if (farBack == null) {
            farBack = new RecentNumbers();
            withheld = new RecentNumbers();
            farBackOn = place;
        }
        final boolean isKnown = current.covers(number);
        if (farBack.add(number) != KNOWN && isKnown) {
            withheld.add(number);
        }
        return isKnown ? KNOWN : add(place, true, number);
    }

    private void forgetFarBack() {
        farBack = null;
        farBackOn = null;
        withheld = null;
    }

    /** A new count; its first numbers were withheld if they were numbers of the old count, too. */
    private long begin(final Place place, final long number) {
        previous = current;
        count++;
        place.count = count;
        linesBefore = lines - 1;
        final long first = farBack == null ? number : Math.min(number, farBack.oldest());
        final long last = farBack == null ? number : Math.max(number, farBack.newest());
        final RecentNumbers begun = farBack == null ? new RecentNumbers() : farBack;
        final RecentNumbers unpublished = withheld == null ? new RecentNumbers() : withheld;
        forgetFarBack();
        if (isConsecutive) {
            current = new ConsecutiveNumbers(first, last);
            return last - first;
        }
        current = begun;
        final boolean isWithheld = unpublished.covers(number);
        unreported += unpublished.size() - (isWithheld ? 1 : 0);
        return begun.add(number) == KNOWN && !isWithheld ? KNOWN : 0;
    }

    private long add(final Place place, final boolean isBack, final long number) {
        if (previous == null && !isBack && number < current.oldest()) {
            // a line that is behind the one that sent the first event
            place.count = count - 1;
            linesBefore++;
            previous = empty(number);
        }
        if (numbers(place) == previous && joins(number)) {
            join(place);
        }
        final NumbersOfCount numbers = numbers(place);
        if (previous != null && previous.newest() < current.oldest() && previous.covers(number)) {
            return KNOWN;
        }
        isLate = number < numbers.newest();
        return numbers.add(number);
    }

    /** Whether a line in the count before has reached the current one. */
    private boolean joins(final long number) {
        final boolean isBelow = previous.newest() < current.newest();
        if (!current.covers(number) && !(isBelow && number > current.newest())) {
            return false;
        }
        if (isBelow) {
            unreported += current.include(previous);
            previous = null;
        }
        return true;
    }

    /** Numbers right before this one, none of them published. */
    private NumbersOfCount empty(final long number) {
        return isConsecutive ? new ConsecutiveNumbers(number, number - 1) : new RecentNumbers();
    }
}
