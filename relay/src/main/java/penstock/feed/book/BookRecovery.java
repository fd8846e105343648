package penstock.feed.book;

import java.util.function.IntFunction;
import penstock.feed.request.LineListener;
import penstock.ring.ConflationClass;
import penstock.ring.UpdateKind;
import penstock.ring.UpdateSlice;
import penstock.telemetry.Counter;
import penstock.telemetry.Counters;
import penstock.venue.FeedBooks;
import penstock.venue.Venue;
import penstock.venue.book.SnapshotSpec;
import penstock.venue.spec.GapAction;

/**
 * Is the update complete, together with what its line has sent before? A snapshot always is. A change is, if it follows
 * a snapshot of this line without a gap; otherwise it waits for a snapshot, or is dropped while the topic is requested
 * again. One per line. Owned by the feed thread.
 */
public final class BookRecovery {
    private final Venue rules;
    private final IntFunction<String> names;
    private final Counters counters;
    private final LineListener listener;
    private final SyncedTopics synced = new SyncedTopics();
    private final FeedBooks books;
    private final SnapshotSynchronizer synchronizer;
    private final GapRecovery gaps;

    /** {@code names}: the symbols of the topics, for messages and requests. */
    public BookRecovery(final Venue rules, final IntFunction<String> names, final Counters counters,
            final SnapshotSynchronizer synchronizer, final GapRecovery gaps, final LineListener listener) {
        this.rules = rules;
        this.names = names;
        this.counters = counters;
        this.synchronizer = synchronizer;
        this.gaps = gaps;
        this.listener = listener;
        books = new FeedBooks(rules);
    }

    /** Whether the update may be published; it is applied to the book then. */
    public boolean accepts(final int channel, final int topic, final long timeUs, final long receivedNs,
            final UpdateSlice slices) {
        if (slices.levels != null && rules.badLevels() > 0) {
            onBadLevels(channel, topic, slices.kind);
            return false;
        }
        if (slices.kind == UpdateKind.DELTA) {
            if (rules.verdict().isNewCount()) {
                synchronizer.onNewCount(topic);
            }
            if (!synced.contains(topic)) {
                onUnsynced(channel, topic, timeUs, receivedNs, slices);
                return false;
            }
            if (!synchronizer.isNew(topic, rules.lastNumber())) {
                counters.increment(Counter.FEED_DUPLICATES);
                if (synchronizer.isOfEarlierCount(topic, rules.lastNumber())) {
                    onGap(channel, topic, GapAction.RESNAPSHOT, "the snapshot was older than a new count");
                    synchronizer.onNewCount(topic);
                }
                return false;
            }
            if (!synchronizer.follows(topic, rules.firstNumber(), rules.lastNumber(), rules.snapshot())) {
                onGap(channel, topic, GapAction.RESNAPSHOT, "the snapshot was older than the first change");
                onUnsynced(channel, topic, timeUs, receivedNs, slices);
                return false;
            }
        }
        switch (apply(channel, topic, slices, true)) {
            case WHOLE -> {
                if (slices.kind != UpdateKind.DELTA && slices.levels != null) {
                    // the venue has sent it itself: none needs to be asked for, and its numbers count
                    synchronizer.forget(topic);
                }
                return true;
            }
            case MISSING_ORDERS -> onBadLevels(channel, topic, slices.kind);
            default -> {
                counters.increment(Counter.FEED_CHECKSUMS_WRONG);
                synced.forget(topic);
                gaps.recover(channel, topic,
                    "order book of " + names.apply(topic) + " does not match the venue's checksum");
            }
        }
        return false;
    }

    /** Applies a snapshot that was asked for, or a change after it; false if the book must be asked for once more. */
    public boolean acceptsFetched(final int channel, final int topic, final UpdateSlice slices) {
        final boolean isWhole = apply(channel, topic, slices, false) == FeedBooks.Outcome.WHOLE;
        if (!isWhole) {
            synced.forget(topic);
            listener.onTopicStale(topic);
        }
        return isWhole;
    }

    private FeedBooks.Outcome apply(final int channel, final int topic, final UpdateSlice slices,
            final boolean isNew) {
        synced.onUpdate(channel, topic, slices.kind);
        return books.apply(channel, topic, slices, isNew);
    }

    /** Where a book whose snapshot has arrived is read from. */
    public SnapshotSynchronizer synchronizer() {
        return synchronizer;
    }

    /** A complete update has arrived. */
    public void onComplete(final int topic) {
        gaps.onComplete(topic);
    }

    /** Whether an image of the topic and all changes since have arrived. */
    public boolean isComplete(final int topic) {
        return synced.contains(topic);
    }

    /** Messages of the whole line are missing. */
    public void onLineGap(final String what) {
        synced.clear();
        listener.onUnrecoverable(what);
    }

    /** Messages of a topic are missing. */
    public void onGap(final int channel, final int topic, final GapAction action, final String numbers) {
        final boolean wasSynced = synced.forget(topic);
        if (rules.snapshot() != null) {
            // in each case the changes that wait have a hole
            synchronizer.onGap(topic);
        }
        if (action == GapAction.RESNAPSHOT && rules.snapshot() != null) {
            if (wasSynced) {
                listener.onTopicStale(topic);
            }
        } else if (wasSynced) {
            final String what = "messages of " + names.apply(topic) + " are missing: " + numbers;
            if (action == GapAction.RECONNECT) {
                listener.onUnrecoverable(what);
            } else {
                gaps.recover(channel, topic, what);
            }
        }
    }

    /**
     * Updates of the topic were left to another line, which has ended: what this line sends of it next does not follow
     * what was published. Events have numbers of their own.
     */
    public void onOrphaned(final int topic) {
        onBehind(topic);
        if (synced.contains(topic)
                && rules.channels().get(synced.channel(topic)).conflation() == ConflationClass.LAST_VALUE) {
            listener.onTopicStale(topic);
        }
    }

    /** What this line sends of a topic next was published before: a change would be applied to what came after it. */
    public void onBehind(final int topic) {
        if (synced.contains(topic)) {
            final int channel = synced.channel(topic);
            final ConflationClass conflation = rules.channels().get(channel).conflation();
            if (conflation == ConflationClass.MERGE || conflation == ConflationClass.ORDER_BOOK) {
                onGap(channel, topic, rules.snapshot() == null ? GapAction.RESUBSCRIBE : GapAction.RESNAPSHOT,
                    "another connection had them and has ended");
            }
        }
    }

    /** Levels are missing, because they could not be read: the book stays stale until a snapshot is whole. */
    private void onBadLevels(final int channel, final int topic, final UpdateKind kind) {
        final boolean wasSynced = synced.forget(topic);
        if (rules.snapshot() != null) {
            synchronizer.onGap(topic);
            if (wasSynced) {
                listener.onTopicStale(topic);
            }
        } else if (wasSynced || kind != UpdateKind.DELTA) {
            gaps.onUnreadable(channel, topic);
        } else {
            gaps.onUnsynced(channel, topic);
        }
    }

    /**
     * The topic counts from now on. If its subscription is there already, for another topic, the venue has sent the
     * image before.
     */
    public void onWanted(final int channel, final int topic) {
        final ConflationClass conflation = rules.channels().get(channel).conflation();
        if (conflation == ConflationClass.MERGE || conflation == ConflationClass.ORDER_BOOK) {
            gaps.onWanted(channel, topic);
        }
    }

    /** The venue sends nothing of a book, because nothing changes: it is asked for, unless it is complete. */
    public void onQuiet(final int channel, final int topic) {
        final SnapshotSpec spec = rules.quietSnapshot(channel);
        if (spec != null && !synced.contains(topic)) {
            synchronizer.ask(channel, topic, spec);
        }
    }

    /** The topic is no longer subscribed to, or was rejected: nothing of it is pending, and a snapshot comes first. */
    public void forget(final int topic) {
        synced.forget(topic);
        books.forget(topic);
        gaps.forget(topic);
        synchronizer.forget(topic);
    }

    /** The line has ended. */
    public void stop() {
        synchronizer.stop();
        gaps.stop();
    }

    /** A change without a snapshot to apply it to: it waits, if a snapshot can be fetched. */
    private void onUnsynced(final int channel, final int topic, final long timeUs, final long receivedNs,
            final UpdateSlice slices) {
        final SnapshotSpec spec = rules.snapshot();
        final SnapshotSynchronizer.PendingBook book = spec == null || slices.levels == null ? null
            : synchronizer.pending(channel, topic, spec);
        if (book == null) {
            counters.increment(Counter.FEED_UNSYNCED);
            gaps.onUnsynced(channel, topic);
        } else {
            book.add(rules.firstNumber(), rules.lastNumber(), timeUs, receivedNs, slices);
            if (rules.canBegin()) {
                // the venue may still send it after a new subscription, if it cannot be fetched
                gaps.onUnsynced(channel, topic);
            }
        }
    }
}
