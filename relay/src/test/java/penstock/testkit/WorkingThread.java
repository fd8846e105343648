package penstock.testkit;

/**
 * A thread whose work takes time: each reading of the clock while a task runs moves it. It remembers how long its
 * longest task took. One thread.
 */
public final class WorkingThread extends ManualThread {
    private final long perReadingNs;
    private long longestNs;
    private int tasks;
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

    /** Runs a task of the test as one of the thread's. */
    public void work(final Runnable task) {
        final long beganNs = super.nowNs();
        isWorking = true;
        task.run();
        isWorking = false;
        longestNs = Math.max(longestNs, super.nowNs() - beganNs);
        tasks++;
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
