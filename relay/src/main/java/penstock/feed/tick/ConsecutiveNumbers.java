package penstock.feed.tick;

/**
 * A count without holes: each number from the first to the newest one was published or reported as missing, but for
 * those that a line which is behind may still send. Owned by the feed thread.
 */
final class ConsecutiveNumbers implements NumbersOfCount {
    private final MissingNumbers missing = new MissingNumbers();
    private long oldest;
    private long newest;

    /** {@code first}: will be added. */
    ConsecutiveNumbers(final long first) {
        oldest = first;
        newest = first - 1;
    }

    @Override
    public long oldest() {
        return oldest;
    }

    @Override
    public boolean covers(final long number) {
        return number >= oldest && number <= newest && !missing.contains(number);
    }

    @Override
    public long newest() {
        return newest;
    }

    @Override
    public long add(final long number, final long nowNs) {
        if (covers(number)) {
            return KNOWN;
        }
        if (number < oldest) {
            final long first = number + 1;
            final long limit = oldest;
            oldest = number;
            return missing.add(first, limit, nowNs);
        }
        if (number <= newest) {
            return missing.remove(number);
        }
        final long first = newest + 1;
        newest = number;
        if (number - first < 0 || number - first > MissingNumbers.MAX_LENGTH) {
            oldest = number;
            return missing.giveUpAll();
        }
        return missing.add(first, number, nowNs);
    }

    @Override
    public boolean isMissing(final long number) {
        return missing.contains(number);
    }

    @Override
    public boolean hasMissing() {
        return !missing.isEmpty();
    }

    @Override
    public long giveUp(final long upTo, final long nowNs) {
        return missing.giveUp(upTo, nowNs);
    }

    @Override
    public long giveUpAll() {
        return missing.giveUpAll();
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
