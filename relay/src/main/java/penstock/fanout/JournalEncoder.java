package penstock.fanout;

import penstock.topic.Journal;
import penstock.topic.TopicTable;
import penstock.topic.View;
import penstock.wire.MessageEncoder;

/**
 * Encodes what a subscription of mode all has not been sent yet: the journal's entries as far as it is shown them, in
 * their order, from its cursor on. Where updates are missing a gap stands in front of the entry that jumps, or of all
 * when the cursor was overtaken. What it looks at and adds in one write is bounded: the rest is for the next. Owned by
 * the shard; one for all its sessions.
 */
final class JournalEncoder {
    /** Leaves half of a write to what else its session is owed. */
    private static final int MAX_WRITE_BYTES = 128 * 1024;

    private final TopicTable table;
    private final Journal journal;
    private final FrameBuilder frames;
    private final WriteBudget budget;
    private final JournalScan unsent;
    private final PendingSequences reached = new PendingSequences();
    private Subscription subscription;
    private PendingFrame last;
    /** The entry in front of which the last gap was told. */
    private long gapTold;
    /** What was reached before images that wait. */
    private long olderP;

    JournalEncoder(final TopicTable table, final FrameBuilder frames, final WriteBudget budget) {
        this.table = table;
        this.frames = frames;
        this.budget = budget;
        journal = table.journal();
        unsent = new JournalScan(journal);
    }

    /** How many updates of its topics a subscription was not sent and never will be: overwritten behind its cursor. */
    static long overwritten(final Journal journal, final Subscription subscription) {
        long missed = 0;
        if (subscription.journalCursor < journal.oldest()) {
            final SubscribedTopics held = subscription.held;
            for (int slot = 0; slot < held.slots(); slot++) {
                if (held.topic(slot) != SubscribedTopics.NONE && held.sent(slot) != SubscribedTopics.NEVER) {
                    missed += Math.max(0, journal.overwrittenQ(held.topic(slot)) - held.sent(slot));
                }
            }
        }
        return missed;
    }

    /** Adds them; false when there is more. */
    boolean encode(final Subscription to, final long tsUs) {
        subscription = to;
        last = null;
        gapTold = to.gapTold;
        olderP = to.cursor;
        reached.begin(to.held);
        if (!budget.allowsBytes() || !overtaken() || last != null && last.owes) {
            return false;
        }
        unsent.collect(to, Math.max(to.journalCursor, journal.oldest()));
        final int added = to.session.kind() == SessionKind.RAW ? payloads() : messages(tsUs);
        final long end = added < unsent.count() ? unsent.address(added) : unsent.end();
        if (last == null) {
            to.journalCursor = end;
        } else {
            last.journalEnd = end;
        }
        return end == journal.head();
    }

    /** Adds messages; returns how many entries are dealt with. */
    private int messages(final long tsUs) {
        int i = 0;
        int bytes = 0;
        while (i < unsent.count() && bytes < MAX_WRITE_BYTES && budget.allowsBytes()) {
            final long missed = missed(i);
            if (missed > 0 && !gapBefore(i, missed)) {
                return i;
            }
            if (!isShown(i)) {
                i++;
                continue;
            }
            if (budget.updates() == 0 && budget.refuse()) {
                return i;
            }
            final int from = i;
            i = message(from, tsUs);
            if (i == from) {
                return i;
            }
            bytes += frames.entries.length();
        }
        return i;
    }

    /** Adds one message of entries from {@code from} on; returns where it ends, {@code from} when there was no room. */
    private int message(final int from, final long tsUs) {
        final View view = subscription.view;
        final boolean isImage = journal.isImage(unsent.address(from), view);
        frames.startMessage();
        int i = from;
        int n = 0;
        do {
            if (i == from || isShown(i)) {
                final long address = unsent.address(i);
                if (n++ > 0) {
                    frames.entries.put(',');
                }
                final long q = journal.q(address);
                final int slot = unsent.slot(i);
                journal.append(address, view, q - reached.q(slot) - 1, frames.entries);
                reached.q(slot, q);
                frames.note(slot, q, journal.receivedNs(address));
            }
            i++;
        } while (i < unsent.count() && n < Math.min(Encoder.MAX_ENTRIES, budget.updates())
            && frames.entries.length() < budget.messageBytes() && missed(i) == 0
            && journal.isImage(unsent.address(i), view) == isImage);
        final long p = position(journal.p(unsent.address(i - 1)));
        frames.head.put(isImage ? Encoder.SNAPSHOT : Encoder.UPDATE).put(subscription.label).put(tsUs);
        if (isImage) {
            frames.head.put(Encoder.EPOCH).put(table.epoch());
        }
        frames.reached(table.epoch(), p);
        frames.head.put(Encoder.POSITION).put(p);
        if (isImage && !subscription.snapshotOwed) {
            frames.head.put(Encoder.LAST);
        }
        frames.head.put(Encoder.DATA);
        if (!add(frames.endMessage(subscription), i, p)) {
            return from;
        }
        budget.spend(n, frames.bytes(frames.frameCount() - 1));
        return i;
    }

    /** The upstream's payloads, which cannot tell of anything missing. */
    private int payloads() {
        int i = 0;
        int bytes = 0;
        while (i < unsent.count() && bytes < MAX_WRITE_BYTES && budget.allowsBytes()
                && (budget.updates() > 0 || !budget.refuse())) {
            final long address = unsent.address(i);
            if (!add(frames.putPayload(subscription, unsent.slot(i), journal, address), i + 1, journal.p(address))) {
                return i;
            }
            i++;
            final int added = frames.bytes(frames.frameCount() - 1);
            budget.spend(1, added);
            bytes += added;
        }
        return i;
    }

    private boolean isShown(final int i) {
        return subscription.view.isFull() || journal.isShown(unsent.address(i), subscription.view);
    }

    /** What never came here of an entry's topic right before it, and was not told yet. */
    private long missed(final int i) {
        final long address = unsent.address(i);
        final long skipped = journal.skipped(address);
        return skipped == 0 || address == gapTold ? 0
            : Math.min(skipped, journal.q(address) - reached.q(unsent.slot(i)) - 1);
    }

    /** With it those in front of the gap that were not shown stay for the entry behind it to count. */
    private boolean gapBefore(final int i, final long missed) {
        final long p = position(journal.p(unsent.address(i)) - 1);
        final int slot = unsent.slot(i);
        final long q = reached.q(slot) + missed;
        frames.startMessage();
        frames.note(slot, q, Long.MIN_VALUE);
        MessageEncoder.gap(frames.head, subscription.name, p, missed);
        frames.reached(table.epoch(), p);
        if (!add(frames.endPlain(subscription), i, p)) {
            return false;
        }
        budget.spend(0, frames.bytes(frames.frameCount() - 1));
        gapTold = unsent.address(i);
        last.gapAt = gapTold;
        last.gap = true;
        reached.q(slot, q);
        return true;
    }

    /**
     * A gap in front of all when the cursor was overtaken and something was lost with it. False when there was no room
     * for it.
     */
    private boolean overtaken() {
        final long missed = overwritten(journal, subscription);
        if (missed == 0 || subscription.session.kind() == SessionKind.RAW) {
            return true;
        }
        frames.startMessage();
        final SubscribedTopics held = subscription.held;
        for (int slot = 0; slot < held.slots(); slot++) {
            if (held.topic(slot) != SubscribedTopics.NONE && held.sent(slot) != SubscribedTopics.NEVER) {
                final long lostQ = journal.overwrittenQ(held.topic(slot));
                if (lostQ > held.sent(slot)) {
                    frames.note(slot, lostQ, Long.MIN_VALUE);
                    reached.q(slot, lostQ);
                }
            }
        }
        MessageEncoder.gap(frames.head, subscription.name, journal.overwrittenPosition(), missed);
        frames.reached(table.epoch(), journal.overwrittenPosition());
        final PendingFrame gap = frames.endPlain(subscription);
        if (gap == null) {
            return false;
        }
        budget.spend(0, frames.bytes(frames.frameCount() - 1));
        gap.gap = true;
        gap.journalEnd = journal.oldest();
        gap.position = journal.overwrittenPosition();
        olderP = Math.max(olderP, gap.position);
        // a field that changed in what was lost would not show before it changes again
        gap.owes = subscription.channel.isBook() || !subscription.view.isFull()
            && !subscription.channel.isEventChannel();
        last = gap;
        return true;
    }

    /**
     * What a frame says to have reached: nothing new while images wait behind it, nothing at all behind images that are
     * ahead of it.
     */
    private long position(final long p) {
        return subscription.imagesAhead ? 0 : subscription.held.owed() > 0 ? olderP : p;
    }

    private boolean add(final PendingFrame frame, final int goOnWith, final long p) {
        if (frame != null) {
            frame.journalEnd = goOnWith < unsent.count() ? unsent.address(goOnWith) : unsent.end();
            frame.position = p;
            last = frame;
        }
        return frame != null;
    }
}
