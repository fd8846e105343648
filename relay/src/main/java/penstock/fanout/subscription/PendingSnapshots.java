package penstock.fanout.subscription;

import java.util.ArrayList;
import java.util.List;
import penstock.wire.Replaces;

/**
 * The snapshots that a subscription waits for, in the order in which they are sent: one per request, and one for images
 * without a request. Owned by the shard's io thread.
 */
public final class PendingSnapshots {
    /** Images that replace what the client cannot apply changes to. */
    private static final Snapshot REPLACEMENT = new Snapshot(SubscribedTopics.NEVER_SENT, null, Replaces.ONE, false);
    private static final List<Snapshot> NONE = List.of();

    private List<Snapshot> pending = NONE;
    private long lastCode = SubscribedTopics.NEVER_SENT;

    /**
     * A snapshot that the subscription was not sent completely. The topics in it are marked with {@code code}, which is
     * negative. {@code requestId} is JSON text; null without a request, or without an id in it. Immutable.
     */
    public record Snapshot(long code, String requestId, Replaces replaces, boolean isResumed) {
    }

    /** A mark for the topics of the next request; it differs from those in use. */
    long nextCode() {
        lastCode = pending.isEmpty() ? SubscribedTopics.NEVER_SENT - 1 : lastCode - 1;
        return lastCode;
    }

    /** A request is to be answered with a snapshot, even if it is empty. */
    void add(final Snapshot snapshot) {
        begin();
        pending.add(snapshot);
    }

    /** Images without a request go before those of requests, but not into the one of which pieces were sent. */
    void addReplacement(final boolean isFirstBegun) {
        if (!hasReplacement()) {
            begin();
            pending.add(isFirstBegun && !pending.isEmpty() ? 1 : 0, REPLACEMENT);
        }
    }

    /** Whether images are pending that replace what the client has: no position describes the client until then. */
    public boolean hasReplacement() {
        return pending.contains(REPLACEMENT);
    }

    /** Whether one answers a client that resumes: with its last piece the client has all that it missed. */
    public boolean isAnyResumed() {
        for (final Snapshot snapshot : pending) {
            if (snapshot.isResumed) {
                return true;
            }
        }
        return false;
    }

    /** How many are pending. */
    public int size() {
        return pending.size();
    }

    /** The one at that place. */
    public Snapshot get(final int i) {
        return pending.get(i);
    }

    /** The one at that place has no images: it is not sent. */
    public void drop(final int i) {
        pending.remove(i);
        end();
    }

    /** The last piece of the first one was sent. */
    void onSent() {
        drop(0);
    }

    void clear() {
        pending = NONE;
    }

    private void begin() {
        if (pending == NONE) {
            pending = new ArrayList<>(1);
        }
    }

    /** An idle subscription keeps no list. */
    private void end() {
        if (pending.isEmpty()) {
            pending = NONE;
        }
    }
}
