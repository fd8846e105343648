package penstock.fanout.frame;

import penstock.fanout.schedule.FlushScheduler;
import penstock.fanout.subscription.SubscribedTopics;
import penstock.fanout.subscription.Subscription;
import penstock.fanout.subscription.SubscriptionCursor;
import penstock.topic.Topic;
import penstock.topic.TopicTable;

/**
 * Encodes the pending data of a subscription into the write under construction: pending images first, then one entry
 * per topic that changed, as much as the rate limit allows. Owned by the shard's io thread; one for all its sessions.
 */
final class Encoder {
    private final TopicTable table;
    private final FrameBuilder frames;
    private final DirtyTopics dirty;
    private final JournalEncoder journalEncoder;
    private final SnapshotEncoder snapshots;
    private final RowEncoder rows;
    private final BinaryEncoder binary;
    private final WriteBudget budget = new WriteBudget();

    Encoder(final TopicTable table, final FlushScheduler scheduler, final FrameBuilder frames) {
        this.table = table;
        this.frames = frames;
        dirty = new DirtyTopics(table, scheduler);
        rows = new RowEncoder(table, frames, budget);
        binary = new BinaryEncoder(table, frames, budget);
        journalEncoder = new JournalEncoder(table, scheduler, frames, budget, new JournalEncoder.Formats(rows, binary));
        snapshots = new SnapshotEncoder(table, frames, budget, binary, journalEncoder);
    }

    /**
     * Adds the pending data of {@code subscription}, as far as the write has room and the rate limit allows.
     *
     * @param write        how far the subscription gets
     * @param messageBytes where a message ends
     * @param tsUs         the time in the messages
     */
    void encode(final Subscription subscription, final PendingWrite write, final int messageBytes, final long tsUs,
            final long nowNs) {
        frames.beginSubscription(write);
        budget.begin(subscription.rateLimit(), messageBytes, nowNs);
        binary.at(tsUs, nowNs);
        final boolean isBare = !subscription.session().hasMessages();
        final int before = frames.frameCount();
        final boolean all = subscription.deliversAll() ? everything(subscription, tsUs, isBare)
            : newest(subscription, tsUs, isBare);
        final boolean any = frames.frameCount() > before;
        if (all && any) {
            frames.frame(frames.frameCount() - 1).completes = true;
        }
        write.onEncoded(all, any, budget.isSpent());
    }

    private boolean newest(final Subscription subscription, final long tsUs, final boolean isBare) {
        final SubscriptionCursor cursor = subscription.cursor();
        if (!subscription.isOnce() && dirty.collect(subscription)) {
            // some topics no longer know what changed since: their images go first
            cursor.requestReplacement();
        }
        final SubscribedTopics subscribed = subscription.topics();
        long p = cursor.position();
        if (cursor.areImagesPending() && !subscription.isOnce() && subscribed.pendingImages() == subscribed.size()) {
            // nothing but images is pending, and they are as new as the table
            cursor.skipTo(table.heldPosition(), subscription.channel().changes());
            p = table.position();
        }
        if (cursor.areImagesPending() && !(isBare ? snapshots.encodeBare(subscription)
                : snapshots.encode(subscription, tsUs, p))) {
            return false;
        }
        return subscription.isOnce() || (isBare ? bareUpdates(subscription) : updates(subscription, tsUs));
    }

    /**
     * Images follow the entries of the journal: only then one position describes all topics, for a client that resumes.
     */
    private boolean everything(final Subscription subscription, final long tsUs, final boolean isBare) {
        final boolean caughtUp = journalEncoder.encode(subscription, tsUs);
        if (!subscription.cursor().areImagesPending() || !caughtUp && !budget.isSpent()) {
            return caughtUp;
        }
        // a limit of updates does not hold images back, except those that end a resume: its updates go first
        if (!caughtUp && subscription.cursor().snapshots().isAnyResumed()) {
            return false;
        }
        if (!caughtUp) {
            subscription.cursor().onImagesAhead();
        }
        return (isBare ? snapshots.encodeBare(subscription)
            : snapshots.encode(subscription, tsUs, caughtUp ? table.position() : 0)) && caughtUp;
    }

    private boolean updates(final Subscription subscription, final long tsUs) {
        final boolean hasRows = subscription.session().hasRows();
        final boolean isBinary = subscription.session().isBinary();
        final int max = max(subscription);
        int i = 0;
        while (i < dirty.count()) {
            if (!frames.hasRoom() || i == max && budget.refuse() || !budget.allowsBytes()) {
                return false;
            }
            final int from = i;
            frames.startMessage();
            if (isBinary) {
                binary.begin(subscription);
            } else {
                rows.begin();
            }
            for (int n = 0; i < max && n < FrameSizes.MAX_ENTRIES
                    && frames.entries.length() < budget.messageBytes() && !frames.isTimeUp(n); i++) {
                final Topic topic = dirty.topic(i);
                frames.note(dirty.slot(i), topic);
                if (hasRows) {
                    row(subscription, dirty.slot(i), topic, tsUs);
                } else if (isBinary) {
                    binary(subscription, dirty.slot(i), topic);
                } else {
                    if (n > 0) {
                        frames.entries.put(',');
                    }
                    topic.appendUpdate(frames.entries, subscription.topics().sentQ(dirty.slot(i)), table.state(topic),
                        subscription.view());
                }
                n++;
            }
            final long p = position(subscription, i);
            final long shownP = table.shownPosition(subscription.channel(), p);
            final PendingFrame frame = hasRows ? rows.end(subscription, tsUs, shownP)
                : isBinary ? binary.endUpdate(subscription, shownP) : end(subscription, tsUs, shownP);
            if (frame == null) {
                return false;
            }
            frame.position = Math.min(p, table.heldPosition());
            frame.turn = dirty.beginsTurn(i) ? table.heldPosition() : -1;
            budget.spend(i - from, frames.bytes(frames.frameCount() - 1));
        }
        return true;
    }

    /** What a client has reached with the first {@code i} of the changed topics. */
    private long position(final Subscription subscription, final int i) {
        return subscription.rateLimit() != null ? dirty.sentUpTo(i)
            : i == dirty.count() ? table.position()
            : dirty.endsTurn(i) ? subscription.cursor().turnPosition() : subscription.cursor().position();
    }

    /** How many changed topics may be sent now; they are ordered first. */
    private int max(final Subscription subscription) {
        if (subscription.rateLimit() == null) {
            return dirty.count();
        }
        final int max = Math.min(dirty.count(), budget.updates());
        dirty.order(subscription, max);
        return max;
    }

    private boolean bareUpdates(final Subscription subscription) {
        final int max = max(subscription);
        for (int i = 0; i < dirty.count(); i++) {
            if (i == max && budget.refuse() || !budget.allowsBytes()) {
                return false;
            }
            if (frames.putPayload(subscription, dirty.slot(i), dirty.topic(i)) == null) {
                return false;
            }
            budget.spend(1, frames.bytes(frames.frameCount() - 1));
        }
        return true;
    }

    private PendingFrame end(final Subscription subscription, final long tsUs, final long p) {
        frames.head.put(MessageParts.UPDATE).put(subscription.label()).put(tsUs);
        frames.position(table.epoch(), p);
        frames.head.put(MessageParts.POSITION).put(p).put(MessageParts.DATA);
        return frames.endMessage(subscription);
    }

    private void binary(final Subscription subscription, final int slot, final Topic topic) {
        final long sentQ = subscription.topics().sentQ(slot);
        if (!subscription.topics().isAnnounced(slot)) {
            binary.announce(slot, topic, sentQ);
        }
        binary.update(topic, sentQ, subscription.view());
    }

    private void row(final Subscription subscription, final int slot, final Topic topic, final long tsUs) {
        final long sentQ = subscription.topics().sentQ(slot);
        if (!subscription.topics().isAnnounced(slot)) {
            rows.announce(slot, topic, sentQ);
        }
        rows.onEntry(topic.q());
        topic.appendRow(frames.entries, sentQ, table.state(topic), subscription.view(), tsUs);
    }
}
