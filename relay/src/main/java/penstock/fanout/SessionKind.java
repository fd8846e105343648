package penstock.fanout;

/** What a session is sent. */
public enum SessionKind {
    /** Messages of the protocol, in WebSocket frames. */
    PROTOCOL,
    /** The upstream's payloads, verbatim, one per frame, and nothing else. */
    RAW,
    /**
     * Messages of the protocol, as server-sent events. Its first request is its only one, and nothing it says is a sign
     * of life.
     */
    EVENTS;

    /** Whether it is told what the protocol tells, besides values. */
    public boolean hasMessages() {
        return this != RAW;
    }
}
