package penstock.upstream;

/** Why there is no upstream connection. Subscribers read {@link #word()} in {@code status}. */
public enum LossReason {
    /** Name lookup failed, no route, connection refused, no tunnel through a proxy, or no answer in time. */
    UNREACHABLE("upstream_unreachable"),
    /** TLS failed: certificate not trusted, expired, or issued for another host. */
    UNTRUSTED("upstream_untrusted"),
    /** The server answered the upgrade request with another status than 101. */
    REFUSED("upstream_refused"),
    /** The connection was open and was lost. */
    DISCONNECTED("upstream_disconnected"),
    /** A watchdog closed the connection. */
    SILENT("upstream_silent"),
    /** The venue reported an error. */
    VENUE_ERROR("upstream_error"),
    /** Messages are missing, and only a snapshot can replace them. */
    GAP("upstream_gap"),
    /** The server violated RFC 6455 or exceeded a limit. */
    PROTOCOL_ERROR("upstream_protocol_error"),
    /** Another login with the same credentials ended the connection. */
    EVICTED("upstream_evicted"),
    /** Another program goes on logging in with the same credentials. */
    CONTESTED("contested"),
    /** The login failed. */
    LOGIN_FAILED("login_failed"),
    /** Another relay holds the lease, and is connected. */
    STANDBY("standby"),
    /** The operator has removed the feed from the configuration. */
    REMOVED("removed"),
    /** The relay closed the connection. */
    STOPPED("stopped");

    private final String word;

    LossReason(final String word) {
        this.word = word;
    }

    /** The reason in the wire protocol. */
    public String word() {
        return word;
    }
}
