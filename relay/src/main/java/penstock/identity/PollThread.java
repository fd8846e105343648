package penstock.identity;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import penstock.telemetry.ErrorLog;

/**
 * A daemon thread that runs a task every second, and at once after {@link #wake}. A failure of the task is recorded,
 * and the next round follows. Started and closed by one thread; any thread may wake it.
 */
public final class PollThread implements AutoCloseable {
    private static final long EVERY_NS = TimeUnit.SECONDS.toNanos(1);

    private final Thread thread;
    private volatile boolean isClosed;

    /** Does not start yet. */
    public PollThread(final String name, final Runnable task, final ErrorLog errors) {
        thread = new Thread(() -> run(task, errors), name);
        thread.setDaemon(true);
    }

    /** Starts with a round. */
    public void start() {
        thread.start();
    }

    /** The next round begins now. */
    public void wake() {
        LockSupport.unpark(thread);
    }

    /** No round begins after this. Does not interrupt one that reads a file or waits for a server. */
    @Override
    public void close() {
        isClosed = true;
        wake();
    }

    private void run(final Runnable task, final ErrorLog errors) {
        while (!isClosed) {
            try {
                task.run();
            } catch (final RuntimeException e) {
                errors.record("thread " + thread.getName(), e);
            }
            LockSupport.parkNanos(EVERY_NS);
        }
    }
}
