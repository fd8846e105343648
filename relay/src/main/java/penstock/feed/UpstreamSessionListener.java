package penstock.feed;

import penstock.ring.UpdateSlice;
import penstock.upstream.LossReason;
import penstock.upstream.UpstreamLoss;

/** Who acts on what happens to a connection. Owned by the feed thread. */
interface UpstreamSessionListener {
    void onOpen(UpstreamSession line);

    /** All is asked for; what follows should be data. */
    void onAsked(UpstreamSession line);

    /** An update has come. */
    void onData(UpstreamSession line, long receivedNs);

    /** Whether an update counts when another connection may have told it; {@code number}: the venue's own. */
    boolean takes(UpstreamSession line, int topic, long timeUs, UpdateSlice slices, long number);

    /** The topic lacks something, and was asked for anew. */
    void onBroken(UpstreamSession line, int topic, LossReason reason);

    /** The venue is going to close it. */
    void onMove(UpstreamSession line, String what);

    void onBatchEnd();

    /** It has lived as long as the venue lets it. */
    void onAged(UpstreamSession line);

    /** The last call. */
    void onLost(UpstreamSession line, UpstreamLoss loss);

    /** The venue will not have us, or can't be asked; the last call. */
    void onFatal(UpstreamSession line, LossReason reason, String what);
}
