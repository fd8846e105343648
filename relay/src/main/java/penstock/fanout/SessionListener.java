package penstock.fanout;

/** Receives what a session reports to its shard. Called on the shard's io thread. */
interface SessionListener {
    /**
     * The session is to be flushed in this turn or the next. Before all others if messages are queued; a slow reader
     * whose socket takes bytes again, which happens all the time, comes in turn with the others that have due
     * subscriptions.
     */
    void onPending(int session, boolean hasMessages);

    /**
     * The session is to be checked at {@code deadlineNs}, perhaps earlier than it seemed before: it sent a Close frame,
     * or its client showed a token that expires.
     */
    void onDeadline(int session, long deadlineNs);

    /** The session is disconnected. */
    void onEnded(int session);
}
