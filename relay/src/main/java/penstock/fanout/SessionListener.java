package penstock.fanout;

/** Receives what a session reports to its shard. Called on the shard's io thread. */
interface SessionListener {
    /** Messages are queued: the session is to be flushed in this turn or the next. */
    void onPending(int session);

    /**
     * The session is to be checked at {@code deadlineNs}, perhaps earlier than it seemed before: it sent a Close frame,
     * or its client showed a token that expires.
     */
    void onDeadline(int session, long deadlineNs);

    /** The session is disconnected. */
    void onEnded(int session);
}
