package penstock.feed;

import penstock.ring.Slices;

/** Acts on what happens to a {@link Leg}. Owned by the feed thread. */
interface LegOwner {
    /** Its state or detail is another. */
    void onChange(Leg leg);

    /** Updates come. */
    void onLive(Leg leg);

    /** Nothing comes until it is live again; {@code retryInMs}: when it tries, 0 = now. */
    void onDown(Leg leg, LossReason reason, long retryInMs);

    /** Nothing comes until something is wanted of it again; nothing is missed. */
    void onRest(Leg leg, LossReason reason);

    /** The venue will not have us: nothing more comes of it. */
    void onFatal(Leg leg, LossReason reason, String what);

    /** What {@link Leg#stop} began is done. */
    void onStopped(Leg leg);

    /** Whether an update counts; {@code number}: the venue's own. */
    boolean takes(Leg leg, int topic, Slices slices, long number);

    /** The topic lacks something, and its connection is the only one that could have told it. */
    void onBroken(Leg leg, int topic, LossReason reason);

    /** All that was read for now is done. */
    void onBatchEnd();
}
