package penstock.testkit;

import java.util.function.LongSupplier;

/**
 * A thread whose work takes time: each reading of the clock while a task runs moves it. It remembers how long its
 * longest task took. One thread.
 */
public final class WorkingThread extends ManualThread {
    private final long perReadingNs;
    private long longestNs;
    private int tasks;
    private LongSupplier watched = () -> 0;
    private long largestChange;
    private boolean isWorking;

    /** {@code perReadingNs}: how far a reading moves the clock. */
    public WorkingThread(final long startNs, final long perReadingNs) {
        super(startNs);
        this.perReadingNs = perReadingNs;
    }

    @Override
    public long nowNs() {
        if (isWorking) {
            spendNs(perReadingNs);
        }
        return super.nowNs();
    }

    @Override
    public void executeAfter(final Runnable task, final long delayMs) {
        super.executeAfter(() -> work(task), delayMs);
    }

    @Override
    public void work(final Runnable task) {
        final long before = watched.getAsLong();
        final long beganNs = super.nowNs();
        isWorking = true;
        task.run();
        isWorking = false;
        longestNs = Math.max(longestNs, super.nowNs() - beganNs);
        largestChange = Math.max(largestChange, Math.abs(watched.getAsLong() - before));
        tasks++;
    }

    /** Watches a figure from now on, and forgets what its longest task was. */
    public void watch(final LongSupplier figure) {
        watched = figure;
        largestChange = 0;
        longestNs = 0;
        tasks = 0;
    }

    /** How much the figure that it watches changed in one task, at most. */
    public long largestChange() {
        return largestChange;
    }

    /** The time of its longest task. */
    public long longestNs() {
        return longestNs;
    }

    /** How many tasks it ran. */
    public int tasks() {
        return tasks;
    }
}
