package penstock.time;

import java.time.Instant;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.xnio.XnioExecutor;
import org.xnio.XnioIoThread;

/** Real time, with the feed's io thread as the timer. Owned by the feed thread. */
public final class IoThreadClock implements FeedClock {
    private final XnioIoThread thread;
    private final Consumer<Throwable> onFailure;

    /**
     * {@code thread}: the only io thread of the feed's worker; {@code onFailure} receives what a task throws, on the
     * feed thread. The other tasks go on.
     */
    public IoThreadClock(final XnioIoThread thread, final Consumer<Throwable> onFailure) {
        this.thread = thread;
        this.onFailure = onFailure;
    }

    @Override
    public long nowNs() {
        return System.nanoTime();
    }

    @Override
    public long epochUs() {
        final Instant now = Instant.now();
        return now.getEpochSecond() * 1_000_000 + now.getNano() / 1000;
    }

    @Override
    public Timer executeAfter(final Runnable task, final long delayMs) {
        try {
            final XnioExecutor.Key key = thread.executeAfter(() -> run(task), delayMs, TimeUnit.MILLISECONDS);
            return key::remove;
        } catch (final RejectedExecutionException ending) {
            // a worker that stops runs its last tasks, which may set timers: none is needed any more
            if (!thread.getWorker().isShutdown()) {
                throw ending;
            }
            return () -> { };
        }
    }

    @Override
    public void execute(final Runnable task) {
        thread.execute(() -> run(task));
    }

    @Override
    public void run(final Runnable task) {
        try {
            task.run();
        } catch (final RuntimeException | Error e) {
            onFailure.accept(e);
        }
    }
}
