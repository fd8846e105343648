package penstock.feed.tick;

/**
 * A count without holes: each number from the first to the newest one was published or reported as missing, but for
 * those that a line which is behind may still send. Owned by the feed thread.
 */
final class ConsecutiveNumbers implements NumbersOfCount {
    /** No outage is that long: a venue that jumps further numbers its events in another way. */
    private static final long MAX_MISSING = 1_000_000_000;

    private long oldest;
    private long newest;
    /** Neither published nor reported are the numbers from {@code openFrom} up to {@code openEnd}, without that. */
    private long openFrom;
    private long openEnd;

    /** {@code first}: will be added. */
    ConsecutiveNumbers(final long first) {
        oldest = first;
        newest = first - 1;
        openFrom = first;
        openEnd = first;
    }

    @Override
    public long oldest() {
        return oldest;
    }

    @Override
    public boolean covers(final long number) {
        return number >= oldest && number <= newest && !(number >= openFrom && number < openEnd);
    }

    @Override
    public long newest() {
        return newest;
    }

    @Override
    public long add(final long number) {
        if (covers(number)) {
            return KNOWN;
        }
        long missing;
        if (number > newest) {
            missing = number - newest - 1;
            newest = number;
            if (missing < 0 || missing > MAX_MISSING) {
                oldest = number;
                missing = 0;
            }
        } else if (number >= oldest) {
            missing = number - openFrom;
            openFrom = number + 1;
        } else if (openFrom < openEnd) {
            missing = oldest - number - 1;
            oldest = number;
        } else {
            missing = 0;
            openFrom = number + 1;
            openEnd = oldest;
            oldest = number;
        }
        return missing;
    }

    @Override
    public boolean isOpenAbove(final long number) {
        return number < openEnd;
    }

    @Override
    public long closeOpen() {
        final long missing = Math.max(0, openEnd - openFrom);
        openFrom = openEnd;
        return missing <= MAX_MISSING ? missing : 0;
    }

    @Override
    public long countBetween(final long lower, final long upper) {
        return upper - lower;
    }

    @Override
    public long size() {
        return newest - oldest + 1;
    }

    @Override
    public void include(final NumbersOfCount others) {
        newest = Math.max(newest, others.newest());
    }
}
