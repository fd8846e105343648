package penstock.fanout.frame;

import penstock.fanout.subscription.PendingSnapshots;
import penstock.fanout.subscription.SubscribedTopics;
import penstock.fanout.subscription.Subscription;
import penstock.topic.Topic;
import penstock.topic.TopicTable;
import penstock.wire.MessageBuffer;
import penstock.wire.Replaces;

/**
 * Encodes the pending snapshots of a subscription, one after the other, each in pieces. Owned by the shard's io thread;
 * one for all its subscriptions.
 */
final class SnapshotEncoder {
    /** A slot without an image takes 4 ns; 0.1 µs in a process that is new. */
    private static final int SLOTS_PER_LOOK = 512;

    private final TopicTable table;
    private final FrameBuilder frames;
    private final WriteBudget budget;
    private final BinaryEncoder binary;
    private final JournalEncoder journal;
    /** The slot at which the search for images is. */
    private int scan;

    SnapshotEncoder(final TopicTable table, final FrameBuilder frames, final WriteBudget budget,
            final BinaryEncoder binary, final JournalEncoder journal) {
        this.table = table;
        this.frames = frames;
        this.budget = budget;
        this.binary = binary;
        this.journal = journal;
    }

    /** Puts what tells a snapshot from others: the request that it answers, and what it replaces. */
    static void putKind(final MessageBuffer out, final String requestId, final Replaces replaces) {
        if (requestId != null) {
            out.put(MessageParts.ID).put(requestId);
        }
        out.put(MessageParts.REPLACES).putString(replaces.text());
    }

    /** Adds them; false when some are left. {@code p}: the position of the subscription with the last one. */
    boolean encode(final Subscription subscription, final long tsUs, final long p) {
        final PendingSnapshots pending = subscription.cursor().snapshots();
        for (int i = 0; i < pending.size();) {
            scan = i == 0 ? subscription.cursor().imageScan() : 0;
            if (!find(subscription, i)) {
                if (i == 0) {
                    subscription.cursor().onImagesSearched(scan);
                }
                return false;
            }
            if (isAtEnd(subscription) && pending.get(i).replaces() == Replaces.ONE) {
                pending.drop(i);
                if (i == 0) {
                    subscription.cursor().restartImageScan();
                }
                continue;
            }
            // one position is true of all topics only when no other snapshot is pending
            if (!pieces(subscription, i, new Place(tsUs, i + 1 < pending.size() ? 0 : p))) {
                return false;
            }
            i++;
        }
        return true;
    }

    /** Adds the images as bare payloads. */
    boolean encodeBare(final Subscription subscription) {
        final SubscribedTopics subscribed = subscription.topics();
        int left = subscribed.pendingImages();
        for (int slot = subscription.cursor().imageScan(); left > 0; slot++) {
            if (subscribed.topic(slot) != SubscribedTopics.NONE && subscribed.isImagePending(slot)) {
                if (!budget.allowsBytes()) {
                    return false;
                }
                final PendingFrame frame = frames.putPayload(subscription, slot, table.topic(subscribed.topic(slot)));
                if (frame == null) {
                    return false;
                }
                left--;
                frame.snapshot = true;
                frame.imageScan = slot + 1;
                budget.spend(0, frames.bytes(frames.frameCount() - 1));
            }
        }
        return true;
    }

    private record Place(long tsUs, long p) {
    }

    /** From the image at {@link #scan}, or from the end, on. */
    private boolean pieces(final Subscription subscription, final int which, final Place place) {
        final boolean isBinary = subscription.session().isBinary();
        boolean isKnown = true;
        do {
            if (!frames.hasRoom() || !budget.allowsBytes()) {
                return false;
            }
            frames.startMessage();
            if (isBinary) {
                binary.begin(subscription);
            }
            for (int n = 0; isKnown && !isAtEnd(subscription) && n < FrameSizes.MAX_ENTRIES
                    && frames.entries.length() < budget.messageBytes() && !frames.isTimeUp(n); n++) {
                final Topic topic = table.topic(subscription.topics().topic(scan));
                frames.note(scan, topic);
                if (isBinary) {
                    image(subscription, topic);
                } else {
                    if (n > 0) {
                        frames.entries.put(',');
                    }
                    topic.appendEntry(frames.entries, table.state(topic), subscription.view());
                }
                scan++;
                isKnown = find(subscription, which);
            }
            final boolean isLast = isKnown && isAtEnd(subscription);
            final PendingFrame frame =
                end(subscription, subscription.cursor().snapshots().get(which), isLast, place);
            if (frame == null) {
                return false;
            }
            frame.imageScan = isLast ? 0 : scan;
        } while (isKnown && !isAtEnd(subscription));
        return isKnown;
    }

    /** Goes on to the next image of a snapshot, or to the end; false if the time of the write is over before. */
    private boolean find(final Subscription subscription, final int which) {
        final PendingSnapshots.Snapshot snapshot = subscription.cursor().snapshots().get(which);
        // whether a topic with a mark is in it may change behind the search: that one is not interrupted
        final boolean isSliced = !subscription.topics().hasMarks();
        for (int n = 1; !isAtEnd(subscription) && !isIn(subscription, snapshot, scan, which == 0); n++) {
            scan++;
            if (isSliced && n % SLOTS_PER_LOOK == 0 && frames.isTimeUp()) {
                return false;
            }
        }
        return true;
    }

    private boolean isAtEnd(final Subscription subscription) {
        return scan >= subscription.topics().slots();
    }

    private PendingFrame end(final Subscription subscription, final PendingSnapshots.Snapshot snapshot,
            final boolean isLast, final Place place) {
        final long p = isLast ? table.shownPosition(subscription.channel(), place.p) : 0;
        final PendingFrame frame = subscription.session().isBinary()
            ? binary.endSnapshot(subscription, snapshot, isLast, p)
            : endText(subscription, snapshot, isLast, new Place(place.tsUs, p));
        if (frame != null) {
            frame.snapshot = true;
            frame.lastImages = isLast;
            frame.position = !isLast || place.p == 0 ? -1
                : subscription.deliversAll() ? place.p : Math.min(place.p, table.heldPosition());
            budget.spend(0, frames.bytes(frames.frameCount() - 1));
        }
        return frame;
    }

    private void image(final Subscription subscription, final Topic topic) {
        if (!subscription.topics().isAnnounced(scan)) {
            binary.announce(scan, topic, 0);
        }
        binary.image(topic, subscription.view());
    }

    private PendingFrame endText(final Subscription subscription, final PendingSnapshots.Snapshot snapshot,
            final boolean isLast, final Place place) {
        frames.head.put(MessageParts.SNAPSHOT).put(subscription.label()).put(place.tsUs)
            .put(MessageParts.EPOCH).put(table.epoch());
        putKind(frames.head, snapshot.requestId(), snapshot.replaces());
        frames.position(table.epoch(), place.p);
        frames.head.put(MessageParts.POSITION).put(place.p);
        if (isLast) {
            frames.head.put(MessageParts.LAST);
        }
        if (snapshot.isResumed()) {
            frames.head.put(MessageParts.RESUMED);
        }
        frames.head.put(MessageParts.DATA);
        return frames.endMessage(subscription);
    }

    /** The first one has the images of topics that only need one if no entry precedes it. */
    private boolean isIn(final Subscription subscription, final PendingSnapshots.Snapshot snapshot, final int slot,
            final boolean isFirst) {
        final SubscribedTopics subscribed = subscription.topics();
        return subscribed.topic(slot) != SubscribedTopics.NONE && (subscribed.sentQ(slot) == snapshot.code()
            || isFirst && subscribed.isRefreshPending(slot) && journal.isPassed(subscribed, slot));
    }
}
