package penstock.testkit;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/**
 * A clock that stands still while this process does, for tests that share a busy machine: it looks at the time every 20
 * ms, and of a look that is overdue it counts 100 ms at most. Any thread may read it.
 */
public final class RunningClock implements AutoCloseable {
    private static final long EVERY_MS = 20;
    private static final long OVERDUE_NS = 100_000_000;

    private final ScheduledExecutorService looks = Executors.newSingleThreadScheduledExecutor(task -> {
        final Thread thread = new Thread(task, "running clock");
        thread.setDaemon(true);
        return thread;
    });
    private long lookedNs = System.nanoTime();
    private volatile long ns;

    /** Starts it. */
    public RunningClock() {
        this(ranNs -> { });
    }

    /** Starts it; {@code look} gets its time on its thread after each step. */
    public RunningClock(final LongConsumer look) {
        looks.scheduleAtFixedRate(() -> {
            final long nowNs = System.nanoTime();
            ns += Math.min(nowNs - lookedNs, OVERDUE_NS);
            lookedNs = nowNs;
            look.accept(ns);
        }, EVERY_MS, EVERY_MS, TimeUnit.MILLISECONDS);
    }

    /** Time in which this process ran, in steps of 20 ms. */
    public long ns() {
        return ns;
    }

    @Override
    public void close() {
        looks.shutdownNow();
        try {
            looks.awaitTermination(1, TimeUnit.SECONDS);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
