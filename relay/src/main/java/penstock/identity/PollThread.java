package penstock.identity;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import penstock.telemetry.ErrorLog;

/**
 * Polls twice a second in a daemon thread of its own, and at once after {@link #wake}. A round that fails is recorded,
 * and the next round follows. Started and closed by one thread; any thread may wake it.
 */
public abstract class PollThread implements AutoCloseable {
    private static final long EVERY_NS = TimeUnit.MILLISECONDS.toNanos(500);

    private final String name;
    private final ErrorLog errors;
    private volatile Thread thread;
    private volatile boolean isClosed;

    /** {@code name}: of the thread, which does not start yet. */
    protected PollThread(final String name, final ErrorLog errors) {
        this.name = name;
        this.errors = errors;
    }

    /** A round. */
    protected abstract void poll();

    /** Starts with a round. */
    public final void start() {
        final Thread started = new Thread(this::run, name);
        started.setDaemon(true);
        thread = started;
        started.start();
    }

    /** The next round begins now. */
    protected final void wake() {
        LockSupport.unpark(thread);
    }

    /** No round begins after this. Does not interrupt one that reads a file or waits for a server. */
    @Override
    public final void close() {
        isClosed = true;
        wake();
    }

    private void run() {
        while (!isClosed) {
            try {
                poll();
            } catch (final RuntimeException e) {
                errors.record("thread " + name, e);
            }
            LockSupport.parkNanos(EVERY_NS);
        }
    }
}
