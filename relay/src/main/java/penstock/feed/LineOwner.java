package penstock.feed;

import penstock.ring.Slices;

/** Who acts on what happens to a connection. Owned by the feed thread. */
interface LineOwner {
    void onOpen(FeedLine line);

    /** All is asked for; what follows should be data. */
    void onAsked(FeedLine line);

    /** An update has come. */
    void onData(FeedLine line, long receivedNs);

    /** Whether an update counts when another connection may have told it; {@code number}: the venue's own. */
    boolean takes(FeedLine line, int topic, long timeUs, Slices slices, long number);

    /** The topic lacks something, and was asked for anew. */
    void onBroken(FeedLine line, int topic, LossReason reason);

    /** The venue is going to close it. */
    void onMove(FeedLine line, String what);

    void onBatchEnd();

    /** It has lived as long as the venue lets it. */
    void onAged(FeedLine line);

    /** The last call. */
    void onLost(FeedLine line, UpstreamLoss loss);

    /** The venue will not have us, or can't be asked; the last call. */
    void onFatal(FeedLine line, LossReason reason, String what);
}
