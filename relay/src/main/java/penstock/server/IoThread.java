package penstock.server;

import java.time.Instant;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.xnio.XnioIoThread;
import penstock.fanout.ShardThread;
import penstock.telemetry.ErrorLog;

/**
 * An XNIO io thread as a shard sees it. The wall clock is read once a second; in between, times follow the monotonic
 * clock, which saves a second system call.
 *
 * <p>{@link #epochUs} is called on the io thread, everything else on any thread.
 */
public final class IoThread implements ShardThread {
    private static final long WALL_CLOCK_EVERY_NS = 1_000_000_000L;

    private final XnioIoThread thread;
    private final ErrorLog errors;
    private long epochUsAtZero;
    private long readNs = System.nanoTime() - WALL_CLOCK_EVERY_NS;

    /** {@code thread} belongs to the worker of the listeners; timers that fail are recorded in {@code errors}. */
    public IoThread(final XnioIoThread thread, final ErrorLog errors) {
        this.thread = thread;
        this.errors = errors;
    }

    @Override
    public void execute(final Runnable task) {
        try {
            thread.execute(task);
        } catch (final RejectedExecutionException ending) {
            onRejected(ending);
        }
    }

    @Override
    public void executeAfter(final Runnable task, final long delayMs) {
        try {
            thread.executeAfter(() -> run(task), delayMs, TimeUnit.MILLISECONDS);
        } catch (final RejectedExecutionException ending) {
            onRejected(ending);
        }
    }

    @Override
    public boolean isCurrent() {
        return Thread.currentThread() == thread;
    }

    @Override
    public long nowNs() {
        return System.nanoTime();
    }

    @Override
    public long epochUs(final long nowNs) {
        if (nowNs - readNs >= WALL_CLOCK_EVERY_NS) {
            readNs = nowNs;
            final Instant wall = Instant.now();
            epochUsAtZero = wall.getEpochSecond() * 1_000_000 + wall.getNano() / 1000 - System.nanoTime() / 1000;
        }
        return epochUsAtZero + nowNs / 1000;
    }

    private void run(final Runnable task) {
        try {
            task.run();
        } catch (final RuntimeException | Error e) {
            errors.record("a timer of an io thread failed", e);
        }
    }

    /** A worker that is stopping rejects tasks, and no task is needed any more. Otherwise the rejection is a fault. */
    private void onRejected(final RejectedExecutionException ending) {
        if (!thread.getWorker().isShutdown()) {
            throw ending;
        }
    }
}
