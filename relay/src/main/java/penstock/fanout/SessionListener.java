package penstock.fanout;

/** Receives what a session reports to its shard. Called on the shard's io thread. */
interface SessionListener {
    /** Messages are queued: the session is to be flushed in this turn or the next. */
    void onPending(int session);

    /** The session sent a Close frame and must be disconnected at {@code deadlineNs} at the latest. */
    void onClosing(int session, long deadlineNs);

    /** The session is disconnected. */
    void onEnded(int session);
}
