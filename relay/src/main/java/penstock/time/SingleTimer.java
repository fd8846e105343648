package penstock.time;

import penstock.thread.ThreadOwner;

/** One task at a time that runs after a delay: a later one replaces it. Owned by the feed thread. */
public final class SingleTimer {
    private final ThreadOwner owner = new ThreadOwner();
    private final FeedClock clock;
    private FeedClock.Timer timer;

    /** Not set. */
    public SingleTimer(final FeedClock clock) {
        this.clock = clock;
    }

    /** Runs {@code task} after {@code delayMs}, unless it is cancelled or replaced before. */
    public void set(final Runnable task, final long delayMs) {
        cancel();
        timer = clock.executeAfter(() -> {
            timer = null;
            task.run();
        }, delayMs);
    }

    /** True while a task is to run. */
    public boolean isSet() {
        return timer != null;
    }

    /** No effect if no task is to run. */
    public void cancel() {
        assert owner.check();
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }
}
