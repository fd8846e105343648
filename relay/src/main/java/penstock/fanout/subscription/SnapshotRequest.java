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
        this(requestId, subscription.cursor(),
            !isWanted ? Replaces.NONE : isFirst && !isResumed ? Replaces.ALL : Replaces.SOME, isResumed,
            isWanted ? subscription.cursor().snapshots().nextCode() : SubscribedTopics.NEVER_SENT);
    }

    private SnapshotRequest(final String requestId, final SubscriptionCursor cursor, final Replaces replaces,
            final boolean isResumed, final long code) {
        this.requestId = requestId;
        this.cursor = cursor;
        this.replaces = replaces;
        this.isResumed = isResumed;
        this.code = code;
    }

    /** The same if the client is not taken to have values, after all; {@code isFirst} as before. */
    public SnapshotRequest withoutResume(final boolean isFirst) {
        return !isResumed ? this
            : new SnapshotRequest(requestId, cursor, isFirst ? Replaces.ALL : Replaces.SOME, false, code);
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
