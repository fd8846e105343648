package penstock.fanout.subscription;

/** What a session is sent. */
public enum SessionKind {
    /** Messages of the protocol, in WebSocket frames. */
    PROTOCOL,
    /** The upstream's payloads, verbatim, one per frame, and nothing else. */
    RAW,
    /**
     * Messages of the protocol, as server-sent events. The first request is the only one, and the client sends no signs
     * of life.
     */
    EVENTS;

    /** Whether the session is sent messages of the protocol. */
    public boolean hasMessages() {
        return this != RAW;
    }
}
