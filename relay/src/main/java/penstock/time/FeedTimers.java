package penstock.time;

/**
 * The timers of a feed connection: the next attempt, the next flush, the settled state and pending interest changes.
 * Owned by the feed thread.
 */
public final class FeedTimers {
    private final SingleTimer retry;
    private final SingleTimer flush;
    private final SingleTimer settled;
    private final SingleTimer interest;

    public FeedTimers(final FeedClock clock) {
        retry = new SingleTimer(clock);
        flush = new SingleTimer(clock);
        settled = new SingleTimer(clock);
        interest = new SingleTimer(clock);
    }

    /** Schedules the next attempt; replaces an earlier schedule. */
    public void retry(final Runnable task, final long delayMs) {
        retry.set(task, delayMs);
    }

    /** Schedules a flush, unless one is scheduled already. */
    public void flushAgain(final Runnable task, final long delayMs) {
        if (!flush.isSet()) {
            flush.set(task, delayMs);
        }
    }

    /** Runs {@code task} after {@code delayMs}, unless the connection is lost or replaced before. */
    public void whenSettled(final Runnable task, final long delayMs) {
        settled.set(task, delayMs);
    }

    /** Runs {@code task} once the interest has not changed for {@code delayMs}. */
    public void whenInterestSettled(final Runnable task, final long delayMs) {
        interest.set(task, delayMs);
    }

    /** The venue has been asked for all that is of interest: nothing has to settle. */
    public void onInterestRequested() {
        interest.cancel();
    }

    public void onDisconnected() {
        settled.cancel();
    }

    public void stopAll() {
        onDisconnected();
        retry.cancel();
        flush.cancel();
        interest.cancel();
    }
}
