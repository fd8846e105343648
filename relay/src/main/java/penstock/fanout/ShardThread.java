package penstock.fanout;

import penstock.fanout.schedule.ShardClock;

/** The io thread of a shard and its clocks. Tests run it by hand. */
public interface ShardThread extends ShardClock {
    /** Runs {@code task} on the thread, soon. Any thread. */
    void execute(Runnable task);

    /** Runs {@code task} on the thread after at least {@code delayMs}. */
    void executeAfter(Runnable task, long delayMs);

    /** Whether the caller runs on the thread. */
    boolean isCurrent();
}
