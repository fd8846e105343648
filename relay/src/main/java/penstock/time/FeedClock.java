package penstock.time;

import java.util.concurrent.Executor;

/**
 * Time and timers of the feed thread, so that a test turns the clock by hand. {@link #execute} may be called from any
 * thread; everything else, and every task, belongs to the feed thread.
 */
public interface FeedClock extends Executor {
    /** Monotonic time. */
    long nowNs();

    /** Wall-clock time in µs since 1970. */
    long epochUs();

    /** Runs {@code task} on the feed thread once {@code delayMs} have passed. */
    Timer executeAfter(Runnable task, long delayMs);

    /** A task that waits for its time. */
    interface Timer {
        /** Takes the task back; without effect once it has run. */
        void cancel();
    }
}
