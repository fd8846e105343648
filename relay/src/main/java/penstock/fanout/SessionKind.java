package penstock.fanout;

/** What a session is sent. */
public enum SessionKind {
    /** Messages of the protocol. */
    PROTOCOL,
    /** The upstream's payloads, verbatim, one per frame, and nothing else. */
    RAW
}
