package penstock.fanout.frame;

import penstock.fanout.schedule.FlushScheduler;
import penstock.fanout.subscription.SubscribedTopics;
import penstock.fanout.subscription.Subscription;
import penstock.topic.JournalEntries;
import penstock.topic.JournalProjection;
import penstock.topic.ResumeIndex;
import penstock.topic.Topic;
import penstock.topic.TopicTable;
import penstock.topic.image.View;
import penstock.wire.GapMessage;
import penstock.wire.Replaces;

/**
 * Encodes the journal for a subscription of mode all: the entries behind its cursor, in their order, as far as its view
 * shows them. Missing updates are reported by a gap: before the entry whose sequence jumps, or before all entries when
 * the cursor was overtaken. One write searches and adds a bounded number; the rest follows in the next. Owned by the
 * shard's io thread; one for all its sessions.
 */
final class JournalEncoder {
    /** Leaves half of a write to the other subscriptions of the session. */
    private static final int MAX_WRITE_BYTES = 128 * 1024;

    private final TopicTable table;
    private final JournalEntries stored;
    private final JournalProjection projection;
    private final ResumeIndex resumeIndex;
    private final FlushScheduler scheduler;
    private final FrameBuilder frames;
    private final WriteBudget budget;
    private final RowEncoder rows;
    private final BinaryEncoder binary;
    private final GapMessage gap;
    private final JournalScan unsent;
    private final PendingSequences reached = new PendingSequences();
    private Subscription subscription;
    private PendingFrame last;
    private long tsUs;
    /** Before this address the journal has nothing left for the subscription. */
    private long end;
    /** The entry before which the last gap was reported. */
    private long lastGap;
    /** The position before the images that are pending. */
    private long olderP;

    /** What entries are written with that are not JSON. */
    record Formats(RowEncoder rows, BinaryEncoder binary) {
    }

    JournalEncoder(final TopicTable table, final FlushScheduler scheduler, final FrameBuilder frames,
            final WriteBudget budget, final Formats formats) {
        this.table = table;
        rows = formats.rows;
        binary = formats.binary;
        this.scheduler = scheduler;
        this.frames = frames;
        this.budget = budget;
        stored = table.journal().entries();
        projection = table.journal().projection();
        resumeIndex = table.journal().resumeIndex();
        gap = new GapMessage(frames.head);
        unsent = new JournalScan(stored);
    }

    /** Whether the journal has nothing of the topic for the subscription encoded last, and added nothing of it. */
    boolean isPassed(final SubscribedTopics subscribed, final int slot) {
        return stored.newest(subscribed.topic(slot)) < end && !reached.isAdded(slot);
    }

    /** Adds entries; false when there are more. */
    boolean encode(final Subscription to, final long atUs) {
        subscription = to;
        tsUs = atUs;
        last = null;
        lastGap = to.cursor().lastGap();
        olderP = to.cursor().position();
        reached.begin(to.topics());
        end = to.cursor().journalAddress();
        if (!budget.allowsBytes() || !overtaken() || last != null && last.requestsImages) {
            return false;
        }
        unsent.collect(to, Math.max(to.cursor().journalAddress(), stored.oldest()));
        final int added = to.session().hasMessages() ? messages() : payloads();
        end = added < unsent.count() ? unsent.address(added) : unsent.end();
        if (last == null) {
            to.cursor().skipJournalTo(end, positionBefore(end));
        } else {
            last.journalEnd = end;
            last.journalPosition = positionBefore(end);
        }
        return end == stored.head();
    }

    /** Adds messages; returns how many entries they cover. */
    private int messages() {
        int i = 0;
        int bytes = 0;
        while (i < unsent.count() && bytes < MAX_WRITE_BYTES && frames.hasRoom() && budget.allowsBytes()) {
            if (isCountNeeded(i)) {
                if (!countBefore(i)) {
                    return i;
                }
                continue;
            }
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
            i = message(from);
            if (i == from) {
                return i;
            }
            bytes += frames.entries.length();
        }
        return i;
    }

    /** Adds one message of entries from {@code from} on; returns its end, or {@code from} when there was no room. */
    private int message(final int from) {
        final View view = subscription.view();
        final boolean isImage = isImage(from);
        final boolean hasRows = subscription.session().hasRows() && !isImage;
        final boolean isBinary = subscription.session().isBinary();
        frames.startMessage();
        rows.begin();
        if (isBinary) {
            binary.begin(subscription);
        }
        int i = from;
        int n = 0;
        do {
            if (i == from || isShown(i)) {
                final long address = unsent.address(i);
                final long q = stored.q(address);
                final int slot = unsent.slot(i);
                if (hasRows) {
                    row(address, slot);
                } else if (isBinary) {
                    binary.entry(reached, slot, address, isWhole(i) ? view.whole() : view, isImage);
                } else {
                    if (n > 0) {
                        frames.entries.put(',');
                    }
                    final Topic topic = table.topic(stored.topic(address));
                    projection.append(address, topic, isWhole(i) ? view.whole() : view,
                        isImage ? 0 : q - reached.q(slot) - 1, topic.isLostSince(stored.p(address)), frames.entries);
                }
                n++;
                reached.onAdded(slot);
                reached.onAnnounced(slot, hasRows || isBinary);
                reached.q(slot, q);
                frames.note(slot, q, stored.receivedNs(address));
            }
            i++;
        } while (i < unsent.count() && n < Math.min(FrameSizes.MAX_ENTRIES, budget.updates())
            && frames.entries.length() < budget.messageBytes() && !frames.isTimeUp(n) && missed(i) == 0
            && !isCountNeeded(i) && isImage(i) == isImage);
        final long p = position(stored.p(unsent.address(i - 1)));
        if (!add(hasRows ? rows.end(subscription, tsUs, p) : end(isImage, p), i, p)) {
            return from;
        }
        budget.spend(n, frames.bytes(frames.frameCount() - 1));
        return i;
    }

    private void row(final long address, final int slot) {
        final long before = reached.q(slot);
        final long q = stored.q(address);
        final Topic topic = table.topic(stored.topic(address));
        if (!reached.isAnnounced(slot)) {
            rows.announce(slot, topic, before);
        }
        rows.onEntry(q);
        projection.appendRow(address, subscription.view(), q - before - 1,
            topic.isLostSince(stored.p(address)), topic, tsUs, frames.entries);
    }

    private PendingFrame end(final boolean isImage, final long p) {
        if (subscription.session().isBinary()) {
            return isImage ? binary.endImages(subscription, !subscription.cursor().areImagesPending(), p)
                : binary.endUpdate(subscription, p);
        }
        head(isImage, p);
        return frames.endMessage(subscription);
    }

    private void head(final boolean isImage, final long p) {
        frames.head.put(isImage ? MessageParts.SNAPSHOT : MessageParts.UPDATE).put(subscription.label()).put(tsUs);
        if (isImage) {
            frames.head.put(MessageParts.EPOCH).put(table.epoch());
            SnapshotEncoder.putKind(frames.head, null, Replaces.ONE);
        }
        frames.position(table.epoch(), p);
        frames.head.put(MessageParts.POSITION).put(p);
        if (isImage && !subscription.cursor().areImagesPending()) {
            frames.head.put(MessageParts.LAST);
        }
        frames.head.put(MessageParts.DATA);
    }

    /** Adds the upstream's payloads, which cannot report a gap. */
    private int payloads() {
        int i = 0;
        int bytes = 0;
        while (i < unsent.count() && bytes < MAX_WRITE_BYTES && budget.allowsBytes()
                && (budget.updates() > 0 || !budget.refuse())) {
            final long address = unsent.address(i);
            if (!add(frames.putPayload(subscription, unsent.slot(i), stored, address), i + 1, stored.p(address))) {
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
        return subscription.view().isFull() || isWhole(i)
            || projection.isShown(unsent.address(i), subscription.view());
    }

    private boolean isImage(final int i) {
        return projection.isImage(unsent.address(i), subscription.view()) || isWhole(i);
    }

    /** Whether the client cannot apply the entry as a change: it has fields that the client was never sent. */
    private boolean isWhole(final int i) {
        return reached.isWholeNext(unsent.slot(i)) && !subscription.channel().isEventChannel();
    }

    /** Whether it is unknown which event of the topic a client that resumes was sent last. */
    private boolean isCountNeeded(final int i) {
        return reached.isWholeNext(unsent.slot(i)) && subscription.channel().isEventChannel()
            && (missed(i) > 0 || projection.isShown(unsent.address(i), subscription.view()));
    }

    /** Adds the sequence from which the client counts the next event: an image in which the view shows nothing. */
    private boolean countBefore(final int i) {
        final long p = position(stored.p(unsent.address(i)) - 1);
        final int slot = unsent.slot(i);
        frames.startMessage();
        frames.note(slot, reached.q(slot), Long.MIN_VALUE);
        if (subscription.session().isBinary()) {
            binary.begin(subscription);
            binary.count(reached, slot, subscription.topics().topic(slot));
        } else {
            final Topic topic = table.topic(subscription.topics().topic(slot));
            topic.appendCount(frames.entries, reached.q(slot), table.state(topic));
        }
        if (!add(end(true, p), i, p)) {
            return false;
        }
        budget.spend(0, frames.bytes(frames.frameCount() - 1));
        last.snapshot = true;
        reached.onAdded(slot);
        reached.onAnnounced(slot, false);
        return true;
    }

    /** How many updates of the topic never came here right before the entry, and are not reported yet. */
    private long missed(final int i) {
        final long address = unsent.address(i);
        final long skipped = stored.skipped(address);
        return skipped == 0 || address == lastGap ? 0
            : Math.min(skipped, stored.q(address) - reached.q(unsent.slot(i)) - 1);
    }

    /** Adds a gap. Entries before it that the view does not show are counted by the entry behind it. */
    private boolean gapBefore(final int i, final long missed) {
        final long before = stored.p(unsent.address(i)) - 1;
        // a client that resumes at a gap knows by the position that it is the same one
        final boolean mayRepeat =
            before == subscription.cursor().position() && !subscription.cursor().areImagesAhead();
        // another relay may have had what is missing here, at positions up to this one, and would not count it again
        final boolean isHereOnly = table.isRelayed() && !subscription.channel().isEventChannel();
        final long p = isHereOnly ? 0 : mayRepeat ? before : position(before);
        final int slot = unsent.slot(i);
        final long q = reached.q(slot) + missed;
        frames.startMessage();
        frames.note(slot, q, Long.MIN_VALUE);
        final String symbol = table.topic(subscription.topics().topic(slot)).symbol();
        gap.begin(subscription.name(), p, missed).add(symbol, q, missed).end();
        frames.position(table.epoch(), p);
        if (!add(frames.endPlain(subscription), i, p)) {
            return false;
        }
        budget.spend(0, frames.bytes(frames.frameCount() - 1));
        lastGap = unsent.address(i);
        last.gapAt = lastGap;
        last.gap = true;
        reached.q(slot, q);
        reached.onAnnounced(slot, false);
        return true;
    }

    /** Adds a gap before all entries if the cursor was overtaken and updates were lost. False without room for it. */
    private boolean overtaken() {
        final long passedP =
            Math.max(scheduler.passedPosition(subscription.schedule()), subscription.cursor().journalPosition());
        final long missed = LostUpdates.count(table.journal(), subscription, passedP);
        if (missed == 0 || !subscription.session().hasMessages()) {
            return true;
        }
        frames.startMessage();
        // a field that changed in a lost update would stay hidden until it changes again
        final boolean requestsImages = subscription.channel().isBook() || !subscription.view().isFull()
            && !subscription.channel().isEventChannel();
        // a client that resumed in front of the images would miss them; one that resumes here gets it again
        final long p = requestsImages ? 0 : position(passedP);
        gap.begin(subscription.name(), p, missed);
        final SubscribedTopics subscribed = subscription.topics();
        for (int slot = 0; slot < subscribed.slots(); slot++) {
            final long lost = LostUpdates.of(resumeIndex, subscribed, slot, passedP);
            if (lost > 0) {
                final long lostQ = resumeIndex.overwrittenQ(subscribed.topic(slot));
                gap.add(table.topic(subscribed.topic(slot)).symbol(), lostQ, lost);
                frames.note(slot, lostQ, Long.MIN_VALUE);
                reached.q(slot, lostQ);
                reached.onAnnounced(slot, false);
            }
        }
        gap.end();
        frames.position(table.epoch(), p);
        final PendingFrame frame = frames.endPlain(subscription);
        if (frame == null) {
            return false;
        }
        budget.spend(0, frames.bytes(frames.frameCount() - 1));
        frame.gap = true;
        frame.requestsImages = requestsImages;
        frame.journalEnd = stored.oldest();
        frame.journalPosition = resumeIndex.overwrittenPosition();
        // a topic whose image is pending lacks what was overwritten, and the gap does not count it
        frame.position = subscribed.pendingImages() > 0 ? -1 : resumeIndex.overwrittenPosition();
        olderP = Math.max(olderP, frame.position);
        last = frame;
        return true;
    }

    /**
     * The position in a frame: none while images are pending that replace something, or were sent ahead, or while
     * earlier updates of another relay may come as a part of later ones; the old one while other images are pending
     * behind it.
     */
    private long position(final long p) {
        return subscription.cursor().areImagesAhead() || subscription.cursor().snapshots().hasReplacement()
            || table.shownPosition(subscription.channel(), p) < p ? 0
            : subscription.topics().pendingImages() > 0 ? olderP : p;
    }

    /** Entries up to this position are before the address. */
    private long positionBefore(final long address) {
        final long entry = stored.entry(address);
        return entry < stored.head() ? stored.p(entry) - 1 : table.position();
    }

    private boolean add(final PendingFrame frame, final int next, final long p) {
        if (frame != null) {
            frame.journalEnd = next < unsent.count() ? unsent.address(next) : unsent.end();
            frame.journalPosition = positionBefore(frame.journalEnd);
            frame.position = p > 0 ? p : -1;
            last = frame;
        }
        return frame != null;
    }
}
