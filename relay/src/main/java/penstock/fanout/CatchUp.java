package penstock.fanout;

import penstock.topic.Journal;
import penstock.topic.TopicTable;
import penstock.wire.Messages;

/**
 * Encodes what a subscription of mode all has not been sent yet: the journal's entries as they are, in their order, from its cursor on.
 * Where updates are missing a gap stands in front of the entry that jumps, or of all when the cursor was overtaken. What it looks at
 * and adds in one write is bounded: the rest is for the next. Owned by the shard; one for all its sessions.
 */
final class CatchUp {
    /** Leaves half of a write to what else its session is owed. */
    private static final int MAX_WRITE_BYTES = 128 * 1024;

    private final TopicTable table;
    private final Journal journal;
    private final FrameBuilder frames;
    private final Unsent unsent;
    private Frame last;

    CatchUp(final TopicTable table, final FrameBuilder frames) {
        this.table = table;
        this.frames = frames;
        journal = table.journal();
        unsent = new Unsent(journal);
    }

    /** How many updates of its topics a subscription was not sent and never will be: overwritten behind its cursor. */
    static long overwritten(final Journal journal, final Subscription subscription) {
        long missed = 0;
        if (subscription.journalCursor < journal.oldest()) {
            final HeldTopics held = subscription.held;
            for (int slot = 0; slot < held.slots(); slot++) {
                if (held.topic(slot) != HeldTopics.NONE && held.sent(slot) != HeldTopics.NEVER) {
                    missed += Math.max(0, journal.lostQ(held.topic(slot)) - held.sent(slot));
                }
            }
        }
        return missed;
    }

    /** Adds them; false when there is more. */
    boolean encode(final Subscription subscription, final long tsUs) {
        last = null;
        if (!overtaken(subscription) || last != null && last.owes) {
            return false;
        }
        unsent.collect(subscription, Math.max(subscription.journalCursor, journal.oldest()));
        int i = 0;
        int bytes = 0;
        while (i < unsent.count() && bytes < MAX_WRITE_BYTES) {
            final long missed = missed(subscription, i);
            if (missed > 0 && !gapBefore(subscription, i, missed)) {
                return false;
            }
            final int from = i;
            i = message(subscription, from, tsUs);
            if (i == from) {
                return false;
            }
            bytes += frames.entries.length();
        }
        final long end = i < unsent.count() ? unsent.address(i) : unsent.end();
        if (last == null) {
            subscription.journalCursor = end;
        } else {
            last.journalEnd = end;
        }
        return end == journal.head();
    }

    /** Adds one message of entries from {@code from} on; returns where it ends, {@code from} when there was no room. */
    private int message(final Subscription subscription, final int from, final long tsUs) {
        final boolean isImage = journal.isImage(unsent.address(from));
        frames.startMessage();
        int i = from;
        do {
            final long address = unsent.address(i);
            if (i > from) {
                frames.entries.put(',');
            }
            frames.note(unsent.slot(i), journal.q(address), journal.receivedNs(address));
            journal.append(address, frames.entries);
            i++;
        } while (i < unsent.count() && i - from < Encoder.MAX_ENTRIES && frames.entries.length() < Encoder.MAX_BYTES
            && missed(subscription, i) == 0 && journal.isImage(unsent.address(i)) == isImage);
        final long p = journal.p(unsent.address(i - 1));
        frames.head.put(isImage ? Encoder.SNAPSHOT : Encoder.UPDATE).put(subscription.label).put(tsUs);
        if (isImage) {
            frames.head.put(Encoder.EPOCH).put(table.epoch());
        }
        frames.reached(table.epoch(), p);
        frames.head.put(Encoder.POSITION).put(p);
        if (isImage) {
            frames.head.put(Encoder.LAST);
        }
        frames.head.put(Encoder.DATA);
        return add(frames.endMessage(subscription), i < unsent.count() ? unsent.address(i) : unsent.end(), p) ? i : from;
    }

    /** What lies between an entry and the one of its topic before: nothing, but where updates never came here. */
    private long missed(final Subscription subscription, final int i) {
        final long address = unsent.address(i);
        final long skipped = journal.skipped(address);
        return skipped == 0 ? 0 : Math.min(skipped, journal.q(address) - subscription.held.sent(unsent.slot(i)) - 1);
    }

    private boolean gapBefore(final Subscription subscription, final int i, final long missed) {
        final long address = unsent.address(i);
        frames.startMessage();
        frames.note(unsent.slot(i), journal.q(address) - 1, Long.MIN_VALUE);
        Messages.gap(frames.head, subscription.name, journal.p(address) - 1, missed);
        return addGap(subscription, address, journal.p(address) - 1);
    }

    /** A gap in front of all when the cursor was overtaken and something was lost with it. False when there was no room for it. */
    private boolean overtaken(final Subscription subscription) {
        final long missed = overwritten(journal, subscription);
        if (missed == 0) {
            return true;
        }
        frames.startMessage();
        final HeldTopics held = subscription.held;
        for (int slot = 0; slot < held.slots(); slot++) {
            if (held.topic(slot) != HeldTopics.NONE && held.sent(slot) != HeldTopics.NEVER) {
                final long lostQ = journal.lostQ(held.topic(slot));
                if (lostQ > held.sent(slot)) {
                    frames.note(slot, lostQ, Long.MIN_VALUE);
                }
            }
        }
        Messages.gap(frames.head, subscription.name, journal.lostPosition(), missed);
        final boolean added = addGap(subscription, journal.oldest(), journal.lostPosition());
        if (added) {
            last.owes = subscription.channel.needsImageAfterGap();
        }
        return added;
    }

    private boolean addGap(final Subscription subscription, final long goOnAt, final long p) {
        frames.reached(table.epoch(), p);
        final boolean added = add(frames.endPlain(subscription), goOnAt, p);
        if (added) {
            last.gap = true;
        }
        return added;
    }

    private boolean add(final Frame frame, final long goOnAt, final long p) {
        if (frame != null) {
            frame.journalEnd = goOnAt;
            frame.position = p;
            last = frame;
        }
        return frame != null;
    }
}
