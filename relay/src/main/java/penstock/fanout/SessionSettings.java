package penstock.fanout;

import penstock.wire.SessionLimits;

/** What all sessions have in common. A reload changes it for requests and sessions that come later. Any thread. */
public final class SessionSettings {
    private record Values(int defaultIntervalMs, SessionTimeouts timeouts, SessionLimits limits) {
    }

    private final String version;
    private volatile Values values;

    /**
     * As at the start.
     *
     * @param version           the version of the relay in the welcome
     * @param defaultIntervalMs the interval of a subscription that asks for none
     */
    public SessionSettings(final String version, final int defaultIntervalMs, final SessionTimeouts timeouts,
            final SessionLimits limits) {
        this.version = version;
        values = new Values(defaultIntervalMs, timeouts, limits);
    }

    /** Those of {@code next} count from now on: limits and intervals for the next request, times for new sessions. */
    public void follow(final SessionSettings next) {
        values = next.values;
    }

    String version() {
        return version;
    }

    int defaultIntervalMs() {
        return values.defaultIntervalMs;
    }

    /** The times of a new session. */
    public SessionTimeouts timeouts() {
        return values.timeouts;
    }

    /** What a session may ask for. */
    public SessionLimits limits() {
        return values.limits;
    }
}
