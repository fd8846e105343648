package penstock.fanout.schedule;

/** The clocks of a shard. Tests advance them by hand. */
public interface ShardClock {
    /** The monotonic clock. */
    long nowNs();

    /** Microseconds since 1970 at {@code nowNs}. */
    long epochUs(long nowNs);
}
