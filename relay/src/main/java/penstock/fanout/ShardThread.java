package penstock.fanout;

/**
 * The io thread of a shard and its clocks. Turned by hand in tests.
 */
public interface ShardThread {
    /** Runs {@code task} on the thread, soon. Any thread. */
    void execute(Runnable task);

    /** Runs {@code task} on the thread after at least {@code delayMs}. */
    void executeAfter(Runnable task, long delayMs);

    /** Whether the caller is on it. */
    boolean isCurrent();

    /** The monotonic clock. */
    long nowNs();

    /** Microseconds since 1970 at {@code nowNs}. */
    long epochUs(long nowNs);
}
