package penstock.feed;

import penstock.upstream.LossReason;
import penstock.upstream.UpstreamLoss;

/** Events of an {@link UpstreamSession}. Called on the feed thread. */
interface UpstreamSessionListener {
    void onOpen(UpstreamSession session);

    /** All items are requested; data should follow. */
    void onSubscribed(UpstreamSession session);

    /** Updates arrive, and the connection was not live. */
    void onFirstUpdate(long receivedNs);

    /** The candidate of the rollover can replace the present session. */
    void onReadyToTakeOver();

    /** The image of a topic is behind the venue's until its next update. */
    void onTopicStale(UpstreamSession session, int topic);

    /** The venue is about to close the session; {@code what}: its words. */
    void onMove(UpstreamSession session, String what);

    /** All that was read for now is processed. */
    void onBatchEnd();

    /** The session has reached {@code connection.lifetime}. */
    void onAged(UpstreamSession session);

    /** The last call. */
    void onLost(UpstreamSession session, UpstreamLoss loss);

    /** Permanent failure: login rejected, or the request cannot be built. No further callbacks. */
    void onFatal(UpstreamSession session, LossReason reason, String what);
}
