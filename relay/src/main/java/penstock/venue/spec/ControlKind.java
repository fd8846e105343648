package penstock.venue.spec;

/** What a message of the venue is when it is not data. */
public enum ControlKind {
    /** A request of ours was accepted. */
    ACK,
    /** A request of ours was refused; the connection goes on. */
    NACK,
    /** Only says that the connection lives. */
    HEARTBEAT,
    /** Belongs to the login. */
    SESSION,
    /** The venue reports trouble; connect again after a while. */
    ERROR,
    /** This connection carries as much as the venue allows; the rest needs another. */
    SHARD,
    /** The venue will never accept this configuration; do not connect again unchanged. */
    FATAL,
    /** The venue announces that it will close; connect anew. */
    ROLLOVER,
    /** Known and not wanted. */
    IGNORED
}
