package penstock.fanout;

import penstock.wire.SessionLimits;

/**
 * What sessions are given and held to. Intervals in ms, times in ns. {@code evictBlockedAfterNs}: a socket that takes
 * not one byte for so long is dead.
 */
public record SessionSettings(String feedName, String version, int defaultIntervalMs, long heartbeatNs,
        long pingEveryNs, long pongWithinNs,
                       long evictBlockedAfterNs, SessionLimits limits) {
}
