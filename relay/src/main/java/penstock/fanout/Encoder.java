package penstock.fanout;

import penstock.topic.Topic;
import penstock.topic.TopicTable;
import penstock.wire.MessageBuffer;

/**
 * Encodes what a subscription is owed into the write under construction: owed images first, then one entry per topic
 * that changed, as much as its pace allows. Owned by the shard; one for all its sessions.
 */
final class Encoder {
    /** A snapshot comes in pieces of at most 500 topics; updates are cut alike. */
    static final int MAX_ENTRIES = 500;
    /** A message ends behind the entry that passes this. */
    static final int MAX_BYTES = 64 * 1024;
    static final byte[] SNAPSHOT = MessageBuffer.ascii("{\"type\":\"snapshot\",");
    static final byte[] UPDATE = MessageBuffer.ascii("{\"type\":\"update\",");
    static final byte[] EPOCH = MessageBuffer.ascii(",\"epoch\":");
    static final byte[] POSITION = MessageBuffer.ascii(",\"p\":");
    static final byte[] LAST = MessageBuffer.ascii(",\"last\":true");
    static final byte[] DATA = MessageBuffer.ascii(",\"data\":[");
    private static final byte[] RESUMED = MessageBuffer.ascii(",\"resumed\":true");

    private final TopicTable table;
    private final FrameBuilder frames;
    private final DirtyTopics dirty;
    private final JournalEncoder catchUp;
    private final WriteBudget budget = new WriteBudget();

    Encoder(final TopicTable table, final FlushScheduler dues, final FrameBuilder frames) {
        this.table = table;
        this.frames = frames;
        dirty = new DirtyTopics(table, dues);
        catchUp = new JournalEncoder(table, frames, budget);
    }

    /**
     * Adds all that {@code subscription} is owed now; false when the write had no room for all of it, or its pace did
     * not allow it.
     */
    boolean encode(final Subscription subscription, final long tsUs, final long nowNs) {
        budget.begin(subscription.pace, subscription.session.messageBytes(), nowNs);
        final boolean all = encode(subscription, tsUs);
        subscription.paced = budget.isSpent();
        return all;
    }

    private boolean encode(final Subscription subscription, final long tsUs) {
        final boolean raw = subscription.session.kind() == SessionKind.RAW;
        final int before = frames.frameCount();
        final boolean all = subscription.lossless ? everything(subscription, tsUs, raw)
            : newest(subscription, tsUs, raw);
        if (all && frames.frameCount() > before) {
            frames.frame(frames.frameCount() - 1).completes = true;
        }
        return all;
    }

    private boolean newest(final Subscription subscription, final long tsUs, final boolean raw) {
        if (!subscription.once && dirty.collect(subscription)) {
            // what changed in some topics since is not known any more: their images go first
            subscription.snapshotOwed = true;
            subscription.imageScan = 0;
        }
        if (subscription.snapshotOwed && !subscription.once && subscription.held.owed() == subscription.held.size()) {
            // nothing but images is owed, and they are as new as can be
            subscription.cursor = table.position();
            subscription.seenChanges = subscription.channel.changes();
        }
        if (subscription.snapshotOwed
                && !(raw ? rawImages(subscription) : images(subscription, tsUs, subscription.cursor))) {
            return false;
        }
        return subscription.once || (raw ? rawUpdates(subscription) : updates(subscription, tsUs));
    }

    /**
     * Images come behind what the journal has: only then one position tells where all topics are, for who comes back
     * with it.
     */
    private boolean everything(final Subscription subscription, final long tsUs, final boolean raw) {
        final boolean caughtUp = catchUp.encode(subscription, tsUs);
        if (!subscription.snapshotOwed || !caughtUp && !budget.isSpent()) {
            return caughtUp;
        }
        // a limit of updates does not hold images back
        subscription.imagesAhead |= !caughtUp;
        return (raw ? rawImages(subscription) : images(subscription, tsUs, caughtUp ? table.position() : 0))
            && caughtUp;
    }

    /** {@code p} is where all of the subscription is with the last of them. */
    private boolean images(final Subscription subscription, final long tsUs, final long p) {
        final SubscribedTopics held = subscription.held;
        int scan = subscription.imageScan;
        int left = held.owed();
        do {
            if (!budget.allowsBytes()) {
                return false;
            }
            frames.startMessage();
            for (int n = 0; left > 0 && n < MAX_ENTRIES && frames.entries.length() < budget.messageBytes(); scan++) {
                if (isOwed(held, scan)) {
                    final Topic topic = table.topic(held.topic(scan));
                    entry(topic, scan, n++);
                    topic.appendEntry(frames.entries, table.state(topic), subscription.view);
                    left--;
                }
            }
            head(SNAPSHOT, subscription, tsUs).put(EPOCH).put(table.epoch());
            position(left == 0 ? p : 0);
            if (left == 0) {
                frames.head.put(LAST);
            }
            if (subscription.resumed) {
                frames.head.put(RESUMED);
            }
            frames.head.put(DATA);
            final PendingFrame frame = frames.endMessage(subscription);
            if (frame == null) {
                return false;
            }
            frame.snapshot = true;
            frame.lastImages = left == 0;
            frame.position = left == 0 && p > 0 ? p : -1;
            frame.imageScan = scan;
            budget.spend(0, frames.bytes(frames.frameCount() - 1));
        } while (left > 0);
        return true;
    }

    private boolean updates(final Subscription subscription, final long tsUs) {
        final int most = most(subscription);
        int i = 0;
        while (i < dirty.count()) {
            if (i == most && budget.refuse() || !budget.allowsBytes()) {
                return false;
            }
            final int from = i;
            frames.startMessage();
            for (int n = 0; i < most && n < MAX_ENTRIES && frames.entries.length() < budget.messageBytes(); i++) {
                final Topic topic = dirty.topic(i);
                entry(topic, dirty.slot(i), n++);
                topic.appendUpdate(frames.entries, subscription.held.sent(dirty.slot(i)), table.state(topic),
                    subscription.view);
            }
            final long p = subscription.pace != null ? dirty.sentUpTo(i) : i == dirty.count() ? table.position()
                : subscription.cursor;
            head(UPDATE, subscription, tsUs);
            position(p).put(DATA);
            final PendingFrame frame = frames.endMessage(subscription);
            if (frame == null) {
                return false;
            }
            frame.position = p;
            budget.spend(i - from, frames.bytes(frames.frameCount() - 1));
        }
        return true;
    }

    /** How many of those that changed may be sent now: they are in front then. */
    private int most(final Subscription subscription) {
        if (subscription.pace == null) {
            return dirty.count();
        }
        final int most = Math.min(dirty.count(), budget.updates());
        dirty.order(subscription, most);
        return most;
    }

    private boolean rawImages(final Subscription subscription) {
        final SubscribedTopics held = subscription.held;
        int left = held.owed();
        for (int scan = subscription.imageScan; left > 0; scan++) {
            if (isOwed(held, scan)) {
                if (!budget.allowsBytes()) {
                    return false;
                }
                final PendingFrame frame = frames.putPayload(subscription, scan, table.topic(held.topic(scan)));
                if (frame == null) {
                    return false;
                }
                left--;
                frame.snapshot = true;
                frame.imageScan = scan + 1;
                budget.spend(0, frames.bytes(frames.frameCount() - 1));
            }
        }
        return true;
    }

    private boolean rawUpdates(final Subscription subscription) {
        final int most = most(subscription);
        for (int i = 0; i < dirty.count(); i++) {
            if (i == most && budget.refuse() || !budget.allowsBytes()) {
                return false;
            }
            if (frames.putPayload(subscription, dirty.slot(i), dirty.topic(i)) == null) {
                return false;
            }
            budget.spend(1, frames.bytes(frames.frameCount() - 1));
        }
        return true;
    }

    private MessageBuffer head(final byte[] type, final Subscription subscription, final long tsUs) {
        return frames.head.put(type).put(subscription.label).put(tsUs);
    }

    private MessageBuffer position(final long p) {
        frames.reached(table.epoch(), p);
        return frames.head.put(POSITION).put(p);
    }

    private void entry(final Topic topic, final int slot, final int n) {
        if (n > 0) {
            frames.entries.put(',');
        }
        frames.note(slot, topic);
    }

    private static boolean isOwed(final SubscribedTopics held, final int slot) {
        return held.topic(slot) != SubscribedTopics.NONE && held.sent(slot) == SubscribedTopics.NEVER;
    }
}
