package penstock.time;

import java.util.concurrent.Executor;

/**
 * Time and timers of the feed thread. Tests advance the clock themselves. Any thread may call {@link #execute}; the
 * feed thread owns everything else and runs every task.
 */
public interface FeedClock extends Executor {
    /** Monotonic time. */
    long nowNs();

    /** Wall-clock time in µs since 1970. */
    long epochUs();

    /** Runs {@code task} on the feed thread after {@code delayMs}. */
    Timer executeAfter(Runnable task, long delayMs);

    /** Runs a call of a socket now, on the feed thread; what it throws is reported like what a task throws. */
    default void run(final Runnable call) {
        call.run();
    }

    /** A scheduled task. */
    interface Timer {
        /** Cancels the task; no effect once it has run. */
        void cancel();
    }
}
