package penstock.feed.tick;

import java.util.Arrays;
import penstock.venue.SequenceTracker;

/**
 * The newest published numbers of a count with holes, in which nothing shows what is missing. Older numbers than the
 * oldest one of a full window count as known. Owned by the feed thread.
 */
final class RecentNumbers implements NumbersOfCount {
    /** One line may be this many events of a topic behind another one. 8 KiB. */
    static final int MAX_NUMBERS = 1_024;

    private long[] numbers = new long[8];
    private int count;
    private int next;
    private long newest = Long.MIN_VALUE;
    private long oldest = Long.MAX_VALUE;

    @Override
    public long oldest() {
        return oldest;
    }

    @Override
    public boolean covers(final long number) {
        return number <= newest && contains(number);
    }

    @Override
    public long newest() {
        return newest;
    }

    @Override
    public long add(final long number, final long nowNs) {
        return add(number);
    }

    /** As nothing shows what is missing, the time is of no use. */
    long add(final long number) {
        if (number <= newest && (count == MAX_NUMBERS && number < oldest || contains(number))) {
            return KNOWN;
        }
        if (count == numbers.length && count < MAX_NUMBERS) {
            numbers = Arrays.copyOf(numbers, count * 2);
            next = count;
        }
        final boolean losesOldest = count == MAX_NUMBERS && numbers[next] <= oldest;
        numbers[next] = number;
        next = (next + 1) % MAX_NUMBERS;
        count = Math.min(MAX_NUMBERS, count + 1);
        newest = Math.max(newest, number);
        oldest = losesOldest ? oldestLeft() : Math.min(oldest, number);
        return 0;
    }

    @Override
    public void include(final NumbersOfCount others) {
        final RecentNumbers included = (RecentNumbers) others;
        for (int i = 0; i < included.count; i++) {
            add(included.numbers[i]);
        }
    }

    /** The numbers of the window, rising. */
    long[] sorted() {
        final long[] sorted = Arrays.copyOf(numbers, count);
        Arrays.sort(sorted);
        return sorted;
    }

    @Override
    public boolean isMissing(final long number) {
        return false;
    }

    @Override
    public boolean hasMissing() {
        return false;
    }

    @Override
    public long giveUp(final long upTo, final long nowNs) {
        return 0;
    }

    @Override
    public long giveUpAll() {
        return 0;
    }

    @Override
    public long countBetween(final long lower, final long upper) {
        long between = 0;
        for (int i = 0; i < count; i++) {
            between += numbers[i] > lower && numbers[i] <= upper ? 1 : 0;
        }
        return between;
    }

    @Override
    public long size() {
        return count;
    }

    /** Newest first: a number that comes again was new a short while ago. */
    private boolean contains(final long number) {
        for (int i = 1; i <= count; i++) {
            if (numbers[next - i + (next < i ? count : 0)] == number) {
                return true;
            }
        }
        return false;
    }

    /** A count rises: the smallest number is near the one that has left, but for a few that were late. */
    private long oldestLeft() {
        long smallest = Long.MAX_VALUE;
        for (int i = 0; i < 2 * SequenceTracker.MAX_REORDERED; i++) {
            smallest = Math.min(smallest, numbers[(next + i) % MAX_NUMBERS]);
        }
        return smallest;
    }
}
