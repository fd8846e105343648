package penstock.feed.tick;

/** The states of an upstream connection, and of the feed; {@link ConnectionState} draws the transitions. */
public enum SessionState {
    /** DNS, TCP, TLS or the upgrade is in progress. */
    CONNECTING,
    /** Connected: the login script runs, or the subscriptions are sent and no update has arrived yet. */
    LOGGING_IN,
    /** Updates arrive. */
    LIVE,
    /** Waiting before the next attempt. */
    BACKING_OFF,
    /** Not connected because there is nothing to subscribe to. */
    IDLE,
    /** Stopped, or rejected permanently by the venue. */
    CLOSED
}
