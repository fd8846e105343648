package penstock.fanout.subscription;

import penstock.wire.Replaces;

/**
 * The snapshot that answers one request, while the request is handled: the mark of its topics, and what it replaces.
 * Owned by the shard's io thread.
 */
public final class SnapshotRequest {
    private final String requestId;
    private final SubscriptionCursor cursor;
    private final Replaces replaces;
    private final boolean isResumed;
    private final long code;

    /**
     * The request has the JSON text {@code requestId}, or null.
     *
     * @param isWanted  whether a snapshot answers it
     * @param isFirst   whether it begins the subscription
     * @param isResumed whether the client has values already
     */
    public SnapshotRequest(final String requestId, final Subscription subscription, final boolean isWanted,
            final boolean isFirst, final boolean isResumed) {
        this.requestId = requestId;
        this.isResumed = isResumed;
        cursor = subscription.cursor();
        replaces = !isWanted ? Replaces.NONE : isFirst && !isResumed ? Replaces.ALL : Replaces.SOME;
        code = isWanted ? cursor.snapshots().nextCode() : SubscribedTopics.NEVER_SENT;
    }

    /** The mark of the topics whose images are in it; {@link SubscribedTopics#NEVER_SENT} if there is no snapshot. */
    public long code() {
        return code;
    }

    /** What it replaces of the client's values. */
    public Replaces replaces() {
        return replaces;
    }

    /** The topics are marked: the snapshot is pending. */
    public void send() {
        if (replaces != Replaces.NONE) {
            cursor.request(new PendingSnapshots.Snapshot(code, requestId, replaces, isResumed));
        }
    }
}
