package penstock.venue.spec;

/** Meaning of a message that is not data. */
public enum ControlKind {
    /** The venue accepted a request. */
    ACK,
    /** The venue rejected a request; the connection stays open. */
    NACK,
    /** The connection is alive. */
    HEARTBEAT,
    /** Part of the login. */
    SESSION,
    /** The venue reports an error; reconnect after a delay. */
    ERROR,
    /** This connection is full; the remaining items need another connection. */
    SHARD,
    /** The venue will never accept this configuration; do not reconnect. */
    FATAL,
    /** Another login with the same credentials has ended this connection, or holds its place. */
    EVICTED,
    /** The venue announces that it will close the connection; reconnect. */
    ROLLOVER,
    /** Known and unused. */
    IGNORED
}
