package penstock.time;

/**
 * What the session waits for besides its connections: the next attempt, the next flush, the way back, wishes. Owned by
 * the feed thread.
 */
public final class FeedTimers {
    private final FeedClock clock;
    private FeedClock.Timer retry;
    private FeedClock.Timer flush;
    private FeedClock.Timer settled;
    private FeedClock.Timer wishes;

    public FeedTimers(final FeedClock clock) {
        this.clock = clock;
    }

    public void retry(final Runnable task, final long delayMs) {
        cancel(retry);
        retry = clock.executeAfter(task, delayMs);
    }

    /** Once, however often it is asked for. */
    public void flushAgain(final Runnable task, final long delayMs) {
        if (flush == null) {
            flush = clock.executeAfter(() -> {
                flush = null;
                task.run();
            }, delayMs);
        }
    }

    /** Unless the connection is lost or replaced before. */
    public void whenSettled(final Runnable task, final long delayMs) {
        cancel(settled);
        settled = clock.executeAfter(task, delayMs);
    }

    /** Once nothing more has been asked of it for so long. */
    public void whenWishesSettled(final Runnable task, final long delayMs) {
        cancel(wishes);
        wishes = clock.executeAfter(task, delayMs);
    }

    public void onDisconnected() {
        settled = cancel(settled);
    }

    public void stopAll() {
        onDisconnected();
        retry = cancel(retry);
        flush = cancel(flush);
        wishes = cancel(wishes);
    }

    private static FeedClock.Timer cancel(final FeedClock.Timer timer) {
        if (timer != null) {
            timer.cancel();
        }
        return null;
    }
}
