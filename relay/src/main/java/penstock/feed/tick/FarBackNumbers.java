package penstock.feed.tick;

/**
 * Numbers of one line that went far back: perhaps the first ones of a new count; the next number of the line decides.
 * Owned by the feed thread.
 */
final class FarBackNumbers {
    private static final RecentNumbers NONE = new RecentNumbers();

    private RecentNumbers numbers = NONE;
    /** Those that were not published, because the count before has them, too. */
    private RecentNumbers withheld = NONE;
    private EventPlace line;

    boolean isOf(final EventPlace place) {
        return line == place;
    }

    /** {@code isKnown}: the current count has the number. */
    void add(final EventPlace place, final boolean isKnown, final long number) {
        if (line == null) {
            numbers = new RecentNumbers();
            withheld = new RecentNumbers();
            line = place;
        }
        if (numbers.add(number) != NumbersOfCount.KNOWN && isKnown) {
            withheld.add(number);
        }
    }

    /** They belong to the count before, or to a new one. */
    void forget() {
        numbers = NONE;
        withheld = NONE;
        line = null;
    }

    /** The smallest of them and {@code number}. */
    long oldest(final long number) {
        return Math.min(numbers.oldest(), number);
    }

    /** The largest of them and {@code number}. */
    long newest(final long number) {
        return Math.max(numbers.newest(), number);
    }

    /** The numbers of a count that begins with them. */
    RecentNumbers begun() {
        return line == null ? new RecentNumbers() : numbers;
    }

    boolean isWithheld(final long number) {
        return withheld.covers(number);
    }

    long withheldCount() {
        return withheld.size();
    }
}
