package penstock.feed;

import penstock.ring.UpdateSlice;
import penstock.upstream.LossReason;

/** Acts on what happens to a {@link FeedConnection}. Owned by the feed thread. */
interface FeedConnectionListener {
    /** Its state or detail is another. */
    void onChange(FeedConnection leg);

    /** Updates come. */
    void onLive(FeedConnection leg);

    /** Nothing comes until it is live again; {@code retryInMs}: when it tries, 0 = now. */
    void onDown(FeedConnection leg, LossReason reason, long retryInMs);

    /** Nothing comes until something is wanted of it again; nothing is missed. */
    void onRest(FeedConnection leg, LossReason reason);

    /** The venue will not have us: nothing more comes of it. */
    void onFatal(FeedConnection leg, LossReason reason, String what);

    /** What {@link FeedConnection#stop} began is done. */
    void onStopped(FeedConnection leg);

    /** Whether an update counts; {@code number}: the venue's own. */
    boolean takes(FeedConnection leg, int topic, UpdateSlice slices, long number);

    /** The topic lacks something, and its connection is the only one that could have told it. */
    void onBroken(FeedConnection leg, int topic, LossReason reason);

    /** All that was read for now is done. */
    void onBatchEnd();
}
