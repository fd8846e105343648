package penstock.client.socket;

import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The clock of the machine, and timers on one daemon thread, {@code penstock-client}. A frame follows each message at
 * once: intervals are what paces it.
 */
public final class JvmPlatform implements ClientPlatform {
    private final ScheduledThreadPoolExecutor timers = new ScheduledThreadPoolExecutor(1, task -> {
        final Thread thread = Executors.defaultThreadFactory().newThread(task);
        thread.setName("penstock-client");
        thread.setDaemon(true);
        return thread;
    }, new ThreadPoolExecutor.DiscardPolicy());

    /** Begins the thread with the first timer. */
    public JvmPlatform() {
        timers.setRemoveOnCancelPolicy(true);
    }

    @Override
    public long nowMs() {
        return System.currentTimeMillis();
    }

    @Override
    public double random() {
        return ThreadLocalRandom.current().nextDouble();
    }

    @Override
    public Runnable after(final long ms, final Runnable task) {
        final Future<?> timer = timers.schedule(task, ms, TimeUnit.MILLISECONDS);
        return () -> timer.cancel(false);
    }

    @Override
    public void frame(final Runnable task) {
        task.run();
    }

    @Override
    public void close() {
        timers.shutdownNow();
    }
}
