package penstock.time;

import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.xnio.XnioExecutor;
import org.xnio.XnioIoThread;

/** Real time, with the feed's io thread as the timer. Owned by the feed thread. */
public final class IoThreadClock implements FeedClock {
    private final XnioIoThread thread;

    /** {@code thread}: the only io thread of the feed's worker. */
    public IoThreadClock(final XnioIoThread thread) {
        this.thread = thread;
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
        final XnioExecutor.Key key = thread.executeAfter(task, delayMs, TimeUnit.MILLISECONDS);
        return key::remove;
    }

    @Override
    public void execute(final Runnable task) {
        thread.execute(task);
    }
}
