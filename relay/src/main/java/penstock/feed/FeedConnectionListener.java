package penstock.feed;

import penstock.upstream.LossReason;

/** Events of a {@link FeedConnection}. Called on the feed thread. */
interface FeedConnectionListener {
    /** Its state or detail has changed. */
    void onChange();

    /** Updates arrive. */
    void onLive();

    /** No data until it is live again; {@code retryInMs}: the time to the next attempt, 0 = now. */
    void onDown(FeedConnection connection, LossReason reason, long retryInMs);

    /** Not connected because the group has no items; no update is missed. */
    void onIdle(LossReason reason);

    /** Permanent failure. */
    void onFatal(LossReason reason, String what);

    /** {@link FeedConnection#stop} is done. */
    void onStopped();

    /** The image of a topic is behind the venue's until its next update on this connection. */
    void onTopicStale(FeedConnection connection, int topic);

    /** All that was read for now is processed. */
    void onBatchEnd();
}
