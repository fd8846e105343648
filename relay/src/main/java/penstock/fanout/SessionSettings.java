package penstock.fanout;

import penstock.wire.SessionLimits;

/**
 * What all sessions have in common.
 *
 * @param version           the version of the relay in the welcome
 * @param defaultIntervalMs the interval of a subscription that asks for none
 */
public record SessionSettings(String version, int defaultIntervalMs, SessionTimeouts timeouts,
        SessionLimits limits) {
}
