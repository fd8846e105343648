package penstock.feed.tick;

/**
 * A count without holes: each number from the first to the newest one was published or reported as missing. Owned by
 * the feed thread.
 */
final class ConsecutiveNumbers implements NumbersOfCount {
    /** No outage is that long: a venue that jumps further numbers its events in another way. */
    private static final long MAX_MISSING = 1_000_000_000;

    private long first;
    private long newest;

    /** {@code first} is published, and so are or will be those up to {@code newest}. */
    ConsecutiveNumbers(final long first, final long newest) {
        this.first = first;
        this.newest = newest;
    }

    @Override
    public long oldest() {
        return first;
    }

    @Override
    public boolean covers(final long number) {
        return number >= first && number <= newest;
    }

    @Override
    public long newest() {
        return newest;
    }

    @Override
    public long add(final long number) {
        if (number > newest) {
            final long missing = number - newest - 1;
            newest = number;
            if (missing < 0 || missing > MAX_MISSING) {
                first = number;
                return 0;
            }
            return missing;
        }
        if (number >= first) {
            return KNOWN;
        }
        final long missing = first - number - 1;
        first = number;
        return missing <= MAX_MISSING ? missing : 0;
    }

    @Override
    public long countAbove(final long number) {
        return Math.max(0, newest - Math.max(number, first - 1));
    }

    @Override
    public long size() {
        return newest - first + 1;
    }

    @Override
    public long include(final NumbersOfCount lower) {
        final long missing = Math.max(0, first - lower.newest() - 1);
        first = Math.min(first, lower.oldest());
        return missing;
    }

    /** All numbers up to this one were published or reported. */
    void extendTo(final long number) {
        newest = Math.max(newest, number);
    }
}
