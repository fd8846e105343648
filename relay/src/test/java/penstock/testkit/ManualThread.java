package penstock.testkit;

import java.util.ArrayDeque;
import penstock.fanout.ShardThread;

/** A shard's io thread that a test turns by hand. Its clock stands still until the test advances it. One thread. */
public class ManualThread implements ShardThread {
    private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
    private final ManualSchedule schedule;
    private final long epochUsAtZero;

    /** Starts its monotonic clock at {@code startNs}. */
    public ManualThread(final long startNs) {
        this(startNs, 1_700_000_000_000_000L);
    }

    /** {@code epochUsAtZero}: microseconds since 1970 when the monotonic clock shows 0. */
    public ManualThread(final long startNs, final long epochUsAtZero) {
        schedule = new ManualSchedule(startNs);
        this.epochUsAtZero = epochUsAtZero;
    }

    @Override
    public final void execute(final Runnable task) {
        tasks.add(task);
    }

    @Override
    public void executeAfter(final Runnable task, final long delayMs) {
        schedule.add(task, delayMs);
    }

    @Override
    public final boolean isCurrent() {
        return true;
    }

    @Override
    public long nowNs() {
        return schedule.nowNs();
    }

    @Override
    public final long epochUs(final long atNs) {
        return epochUsAtZero + atNs / 1000;
    }

    /** Moves the clock while a task runs: the task takes that long. */
    public final void spendNs(final long ns) {
        schedule.moveTo(schedule.nowNs() + ns);
    }

    /** Runs a task of the test as one of the thread's. */
    public void work(final Runnable task) {
        task.run();
    }

    /** Number of tasks that are scheduled for later. */
    public final int scheduledCount() {
        return schedule.size();
    }

    /** Runs the tasks that are not scheduled for later; true if there was one. */
    public final boolean runTasks() {
        boolean ran = false;
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
            work(task);
            ran = true;
        }
        return ran;
    }

    /** Runs every task that is due now, and those that they add. */
    public final void run() {
        boolean ran = true;
        while (ran) {
            ran = runTasks();
            final long nowNs = schedule.nowNs();
            for (Runnable task = schedule.pollUntil(nowNs); task != null; task = schedule.pollUntil(nowNs)) {
                tasks.add(task);
                ran = true;
            }
        }
    }

    /** Advances the clock, running each task at its time. */
    public final void advanceMs(final long ms) {
        advanceToNs(schedule.nowNs() + ms * 1_000_000);
    }

    /** Advances the clock to {@code ns}, running each task at its time. */
    public final void advanceToNs(final long ns) {
        run();
        while (schedule.nextNs() <= ns) {
            schedule.moveTo(schedule.nextNs());
            run();
        }
        schedule.moveTo(ns);
        run();
    }
}
