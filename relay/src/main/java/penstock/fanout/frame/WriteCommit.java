package penstock.fanout.frame;

import penstock.fanout.subscription.SubscribedTopics;
import penstock.fanout.subscription.Subscription;
import penstock.fanout.subscription.SubscriptionCursor;
import penstock.telemetry.Counter;
import penstock.telemetry.Counters;
import penstock.telemetry.ShardLatencies;
import penstock.topic.JournalEntries;
import penstock.topic.TopicTable;
import penstock.usage.UsageMeter;
import penstock.usage.session.SessionUsage;

/**
 * Advances what subscriptions were sent, for the frames that the socket has begun to take and for no others, and counts
 * it. Owned by the shard's io thread.
 */
public final class WriteCommit {
    private final TopicTable topicTable;
    private final Counters counters;
    private final ShardLatencies latencies;
    private long delivered;
    private long conflated;
    private long leftOut;
    private long gaps;
    private long inGaps;
    private long missed;
    private long images;

    /** Of one shard. */
    public WriteCommit(final TopicTable topics, final Counters counters, final ShardLatencies latencies) {
        topicTable = topics;
        this.counters = counters;
        this.latencies = latencies;
    }

    /** The socket took {@code written} bytes of the write; returns the updates of which it took a byte. */
    long commit(final FrameBuilder frames, final int written, final long nowNs) {
        int i = 0;
        for (; i < frames.frameCount() && frames.isBegun(i, written); i++) {
            final PendingFrame frame = frames.frame(i);
            final Subscription subscription = frame.owner;
            if (subscription == null) {
                continue;
            }
            frame.write.onBegun();
            if (frame.announces) {
                commitAnnouncement(frames, i, subscription);
            } else {
                commitEntries(frames, i, subscription);
                advance(subscription.cursor(), frame, frames);
            }
            if (subscription.rateLimit() != null) {
                subscription.rateLimit().onSent(
                    frame.snapshot || frame.gap ? 0 : frame.entriesEnd - frames.entriesStart(i), frames.bytes(i));
            }
            if (frame.completes) {
                frame.write.onCompleted();
                record(subscription, frame, nowNs);
            }
        }
        final long updates = delivered;
        if (i > 0) {
            count(i);
        }
        return updates;
    }

    /** The updates that the write reported as missing, or left out where a session is not sent such reports; once. */
    long takeMissed() {
        final long taken = missed;
        missed = 0;
        return taken;
    }

    /** The updates that the write left out for later ones; once. */
    long takeConflated() {
        final long taken = leftOut;
        leftOut = 0;
        return taken;
    }

    private static void commitAnnouncement(final FrameBuilder frames, final int i, final Subscription subscription) {
        for (int e = frames.announcedStart(i); e < frames.frame(i).announcedEnd; e++) {
            subscription.topics().onAnnounced(frames.announcedSlot(e), true);
        }
        subscription.onColumnsAnnounced(frames.frame(i).columns);
    }

    private static void advance(final SubscriptionCursor cursor, final PendingFrame frame, final FrameBuilder frames) {
        if (frame.gap) {
            cursor.onGap();
        }
        if (frame.requestsImages) {
            cursor.requestReplacement();
        }
        if (frame.position >= 0) {
            cursor.onReached(frame.position);
        }
        if (frame.journalEnd != JournalEntries.NONE) {
            cursor.onJournalSent(frame.journalEnd, frame.journalPosition, frame.gapAt);
        } else if (frame.snapshot) {
            cursor.onImagesSent(frame.imageScan, frame.lastImages);
        } else {
            cursor.onUpdatesSent(frames.slot(frame.entriesEnd - 1) + 1);
            if (frame.turn >= 0) {
                cursor.onTurn(frame.turn);
            }
        }
    }

    private void commitEntries(final FrameBuilder frames, final int i, final Subscription subscription) {
        final SubscribedTopics topics = subscription.topics();
        final PendingFrame frame = frames.frame(i);
        final int start = frames.entriesStart(i);
        final int end = frame.entriesEnd;
        long skipped = 0;
        for (int e = start; e < end; e++) {
            final int slot = frames.slot(e);
            skipped += frames.q(e) - topics.sentQ(slot) - 1;
            if (frame.gap) {
                topics.onMissed(slot, frames.q(e));
            } else {
                topics.onSent(slot, frames.q(e));
            }
            if (!frame.keepsAnnounced) {
                // the sequence is not one that the client's count of rows leads to
                topics.onAnnounced(slot, false);
            }
            if (frame.requestsImages) {
                topics.requestImage(slot, SubscribedTopics.NEVER_SENT);
            }
        }
        if (subscription.session().usage() != null && !frame.gap) {
            meter(subscription, frames, i);
        }
        if (frame.gap) {
            gaps++;
            inGaps += skipped + end - start;
        } else if (frame.snapshot) {
            images += end - start;
        } else {
            delivered += end - start;
            // a session without messages is not sent gaps
            if (subscription.deliversAll() && !subscription.session().hasMessages()) {
                inGaps += skipped;
            } else {
                conflated += skipped;
            }
        }
    }

    /** Counts the entries of a frame for their licences, the same as below for the metrics. */
    private void meter(final Subscription subscription, final FrameBuilder frames, final int i) {
        final SessionUsage usage = subscription.session().usage();
        final SubscribedTopics topics = subscription.topics();
        final PendingFrame frame = frames.frame(i);
        for (int e = frames.entriesStart(i); e < frame.entriesEnd; e++) {
            final UsageMeter meter = usage.meter(topicTable.group(topics.topic(frames.slot(e))));
            if (frame.snapshot) {
                meter.onImages(1);
            } else {
                meter.onDelivered(1);
            }
        }
    }

    /** Once a write: a counter in shared memory costs as much as an entry. */
    private void count(final int frameCount) {
        missed = inGaps;
        leftOut = conflated;
        counters.add(Counter.FRAMES_SENT, frameCount);
        counters.add(Counter.UPDATES_DELIVERED, delivered);
        counters.add(Counter.UPDATES_CONFLATED, conflated);
        if (gaps + inGaps + images > 0) {
            counters.add(Counter.GAPS_SENT, gaps);
            counters.add(Counter.UPDATES_IN_GAPS, inGaps);
            counters.add(Counter.IMAGES_DELIVERED, images);
        }
        delivered = 0;
        conflated = 0;
        gaps = 0;
        inGaps = 0;
        images = 0;
    }

    /** Time from received to written, in two parts: the subscription's own interval; the relay and the socket. */
    private void record(final Subscription subscription, final PendingFrame frame, final long nowNs) {
        final long receivedNs = frame.newestReceivedNs;
        if (receivedNs == Long.MIN_VALUE) {
            return;
        }
        final long dueSinceNs = subscription.schedule().dueSinceNs();
        final long dwellNs = dueSinceNs == 0 ? 0 : Math.max(0, dueSinceNs - receivedNs);
        latencies.dwell().recordNs(dwellNs);
        latencies.queueing().recordNs(nowNs - receivedNs - dwellNs);
        latencies.age().recordNs(nowNs - receivedNs);
        if (frame.newestReadNs != Long.MIN_VALUE) {
            latencies.write().recordNs(nowNs - Math.max(frame.newestReadNs, receivedNs + dwellNs));
        }
    }
}
