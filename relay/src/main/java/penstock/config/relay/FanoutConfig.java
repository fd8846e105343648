package penstock.config.relay;

/**
 * Intervals, watchdogs and limits of the subscribers' sessions. {@code journalBytes}: memory for updates of lossless
 * channels. Immutable.
 */
public record FanoutConfig(Interval interval, long journalBytes, long evictBlockedAfterMs, long heartbeatMs,
        long pingEveryMs, long pongWithinMs, Limits limits) {

    /** The default interval of subscriptions, and the bounds of an explicit one. */
    public record Interval(long defaultMs, long minMs, long maxMs) {
    }

    /** Limits of one session. */
    public record Limits(int subscriptions, int symbols, int requestsPerSecond) {
    }
}
