package penstock.feed;

/** Where the upstream session stands. */
public enum SessionState {
    /** Name, TCP, TLS or upgrade under way. */
    CONNECTING,
    /** Connected: the login script runs, or subscriptions are made and no update has come yet. */
    LOGGING_IN,
    /** Updates arrive. */
    LIVE,
    /** Waits before the next attempt. */
    BACKING_OFF,
    /** Not connected because nothing is wanted. */
    IDLE,
    /** Stopped, or refused for good. */
    CLOSED
}
