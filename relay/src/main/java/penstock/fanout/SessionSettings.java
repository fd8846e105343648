package penstock.fanout;

import penstock.wire.SessionLimits;

/**
 * What all sessions have in common.
 *
 * @param feedName          the name of the feed in the welcome
 * @param version           the version of the relay in the welcome
 * @param defaultIntervalMs the interval of a subscription that asks for none
 */
public record SessionSettings(String feedName, String version, int defaultIntervalMs, SessionTimeouts timeouts,
        SessionLimits limits) {
}
