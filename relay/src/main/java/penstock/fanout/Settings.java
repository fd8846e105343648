package penstock.fanout;

import penstock.wire.Limits;

/**
 * What sessions are given and held to. Intervals in ms, times in ns. {@code evictBlockedAfterNs}: a socket that takes not one byte
 * for so long is dead. {@code isOnDemand}: the feed sends what subscribers name, and nothing before.
 */
public record Settings(String feedName, String version, int defaultIntervalMs, long heartbeatNs, long pingEveryNs, long pongWithinNs,
                       long evictBlockedAfterNs, Limits limits, boolean isOnDemand) {
    /** Of a feed that sends by itself. */
    public Settings(final String feedName, final String version, final int defaultIntervalMs, final long heartbeatNs,
            final long pingEveryNs, final long pongWithinNs, final long evictBlockedAfterNs, final Limits limits) {
        this(feedName, version, defaultIntervalMs, heartbeatNs, pingEveryNs, pongWithinNs, evictBlockedAfterNs, limits, false);
    }
}
