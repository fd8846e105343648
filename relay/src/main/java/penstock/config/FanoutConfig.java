package penstock.config;

/**
 * Pace, watchdogs and limits of the subscribers' sessions. {@code journalBytes} are kept of lossless channels.
 * Immutable.
 */
public record FanoutConfig(
    Interval interval,
    long journalBytes,
    long evictBlockedAfterMs,
    long heartbeatMs,
    long pingEveryMs,
    long pongWithinMs,
    Limits limits) {

    /** The interval of subscriptions that name none, and the bounds of those that do. */
    public record Interval(long defaultMs, long minMs, long maxMs) {
    }

    /** What one session may have and ask for. */
    public record Limits(int subscriptions, int symbols, int requestsPerSecond) {
    }
}
