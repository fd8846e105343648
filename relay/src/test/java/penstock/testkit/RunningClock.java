package penstock.testkit;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;

/**
 * A clock of the time that this process has the machine, for tests that share a busy one. It looks every 50 ms. It
 * leaves out the time in which threads of this process were ready to run and had no core, as the kernel counts it; and
 * of a look that is overdue it counts 100 ms at most, for a machine that stood still. Any thread may read it.
 */
public final class RunningClock implements AutoCloseable {
    private static final long EVERY_MS = 50;
    private static final long OVERDUE_NS = 100_000_000;
    private static final Path THREADS = Path.of("/proc/self/task");

    /** What the kernel counts of a thread since its start, ns. */
    private record Times(long ranNs, long waitedNs) {
        private static final Times NONE = new Times(0, 0);

        Times plus(final Times more) {
            return new Times(ranNs + more.ranNs, waitedNs + more.waitedNs);
        }

        Times minus(final Times less) {
            return new Times(ranNs - less.ranNs, waitedNs - less.waitedNs);
        }
    }

    private final ScheduledExecutorService looks = Executors.newSingleThreadScheduledExecutor(task -> {
        final Thread thread = new Thread(task, "running clock");
        thread.setDaemon(true);
        return thread;
    });
    private Map<Path, Times> times = threads();
    private long lookedNs = System.nanoTime();
    private volatile long ns;

    /** Starts it. */
    public RunningClock() {
        this(ranNs -> { });
    }

    /** Starts it; {@code look} gets its time on its thread after each step. */
    public RunningClock(final LongConsumer look) {
        looks.scheduleWithFixedDelay(() -> {
            final Map<Path, Times> timesNow = threads();
            Times all = Times.NONE;
            for (final Map.Entry<Path, Times> thread : timesNow.entrySet()) {
                all = all.plus(thread.getValue().minus(times.getOrDefault(thread.getKey(), Times.NONE)));
            }
            final long nowNs = System.nanoTime();
            ns += hadNs(nowNs - lookedNs, all.ranNs, all.waitedNs);
            lookedNs = nowNs;
            times = timesNow;
            look.accept(ns);
        }, EVERY_MS, EVERY_MS, TimeUnit.MILLISECONDS);
    }

    /** Time in which this process ran, in steps of 50 ms. */
    public long ns() {
        return ns;
    }

    /**
     * Of {@code gapNs} between two looks, the time in which the process had the machine, when its threads ran for
     * {@code ranNs} and waited for a core for {@code waitedNs}, each of them all together. Threads that do one after
     * the other what a test waits for waited for that long in turn; of threads that were ready at the same time, each
     * got the part of the gap that their sums say.
     */
    static long hadNs(final long gapNs, final long ranNs, final long waitedNs) {
        final double busyNs = (double) ranNs + waitedNs;
        final double lostNs = busyNs > gapNs ? waitedNs * (gapNs / busyNs) : waitedNs;
        return Math.min(gapNs - Math.round(lostNs), OVERDUE_NS);
    }

    /** Empty where the kernel does not say. */
    private static Map<Path, Times> threads() {
        final Map<Path, Times> threads = new HashMap<>();
        try (DirectoryStream<Path> each = Files.newDirectoryStream(THREADS)) {
            for (final Path thread : each) {
                final String[] numbers = read(thread.resolve("schedstat")).trim().split(" ");
                if (numbers.length == 3) {
                    threads.put(thread, new Times(Long.parseLong(numbers[0]), Long.parseLong(numbers[1])));
                }
            }
        } catch (final IOException noSuchSystem) {
            return Map.of();
        }
        return threads;
    }

    /** Empty if the thread has ended. */
    private static String read(final Path file) {
        try {
            return Files.readString(file);
        } catch (final IOException ended) {
            return "";
        }
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
