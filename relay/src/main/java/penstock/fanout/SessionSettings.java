package penstock.fanout;

import java.util.List;
import penstock.fanout.subscription.SessionProfile;
import penstock.wire.SessionLimits;

/** What all sessions have in common. A reload changes it for requests and sessions that come later. Any thread. */
public final class SessionSettings {
    private record Values(int defaultIntervalMs, SessionTimeouts timeouts, SessionLimits limits) {
    }

    private final String version;
    private volatile Values values;
    private volatile List<String> hops = List.of();

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

    /** The times of that new session. */
    SessionTimeouts timeouts(final SessionProfile session) {
        return session.isLink() ? values.timeouts.ofLink() : values.timeouts;
    }

    /** The ids of the relays between the venue and here, this one the last; empty: unknown yet. */
    public List<String> hops() {
        return hops;
    }

    /** Whether other relays may be behind this one: it knows who is in front. */
    public boolean isSource() {
        return !hops.isEmpty();
    }

    /** A relay behind others learns who they are; before any session begins that may see it. */
    public void hops(final List<String> ids) {
        hops = List.copyOf(ids);
    }

    /** What a session may ask for; {@code isEdge}: its client is an edge. */
    SessionLimits limits(final boolean isEdge) {
        return isEdge ? limits().ofLink() : limits();
    }

    /** What a session may ask for. */
    public SessionLimits limits() {
        return values.limits;
    }
}
