package penstock.time;

import penstock.thread.ThreadOwner;

/**
 * The timers of a feed connection: the next attempt, the next flush, the settled state and pending interest changes.
 * Owned by the feed thread.
 */
public final class FeedTimers {
    private final ThreadOwner owner = new ThreadOwner();
    private final FeedClock clock;
    private FeedClock.Timer retry;
    private FeedClock.Timer flush;
    private FeedClock.Timer settled;
    private FeedClock.Timer interest;

    public FeedTimers(final FeedClock clock) {
        this.clock = clock;
    }

    /** Schedules the next attempt; replaces an earlier schedule. */
    public void retry(final Runnable task, final long delayMs) {
        cancel(retry);
        retry = clock.executeAfter(task, delayMs);
    }

    /** Schedules a flush, unless one is scheduled already. */
    public void flushAgain(final Runnable task, final long delayMs) {
        if (flush == null) {
            flush = clock.executeAfter(() -> {
                flush = null;
                task.run();
            }, delayMs);
        }
    }

    /** Runs {@code task} after {@code delayMs}, unless the connection is lost or replaced before. */
    public void whenSettled(final Runnable task, final long delayMs) {
        cancel(settled);
        settled = clock.executeAfter(task, delayMs);
    }

    /** Runs {@code task} once the interest has not changed for {@code delayMs}. */
    public void whenInterestSettled(final Runnable task, final long delayMs) {
        cancel(interest);
        interest = clock.executeAfter(task, delayMs);
    }

    public void onDisconnected() {
        settled = cancel(settled);
    }

    public void stopAll() {
        onDisconnected();
        retry = cancel(retry);
        flush = cancel(flush);
        interest = cancel(interest);
    }

    private FeedClock.Timer cancel(final FeedClock.Timer timer) {
        assert owner.check();
        if (timer != null) {
            timer.cancel();
        }
        return null;
    }
}
