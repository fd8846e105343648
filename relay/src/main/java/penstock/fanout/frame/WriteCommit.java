package penstock.fanout.frame;

import penstock.fanout.subscription.SubscribedTopics;
import penstock.fanout.subscription.Subscription;
import penstock.fanout.subscription.SubscriptionCursor;
import penstock.telemetry.Counter;
import penstock.telemetry.Counters;
import penstock.telemetry.LatencyRecorder;
import penstock.topic.JournalEntries;

/**
 * Advances what subscriptions were sent, for the frames that the socket has begun to take and for no others, and counts
 * it. Owned by the shard's io thread.
 */
public final class WriteCommit {
    private final Counters counters;
    private final LatencyRecorder queueing;
    private final LatencyRecorder dwell;

    /**
     * Of one shard.
     *
     * @param queueing from an update's arrival, or the end of its subscription's interval, to the write
     * @param dwell    from an update's arrival to the end of its subscription's interval
     */
    public WriteCommit(final Counters counters, final LatencyRecorder queueing, final LatencyRecorder dwell) {
        this.counters = counters;
        this.queueing = queueing;
        this.dwell = dwell;
    }

    /** The socket took {@code written} bytes of the write. */
    void commit(final FrameBuilder frames, final int written, final long nowNs) {
        for (int i = 0; i < frames.frameCount() && frames.isBegun(i, written); i++) {
            final PendingFrame frame = frames.frame(i);
            final Subscription subscription = frame.owner;
            frame.write.onBegun();
            commitEntries(frames, i, subscription);
            advance(subscription.cursor(), frame, frames);
            if (subscription.rateLimit() != null) {
                subscription.rateLimit().onSent(
                    frame.snapshot || frame.gap ? 0 : frame.entriesEnd - frames.entriesStart(i), frames.bytes(i));
            }
            if (frame.completes) {
                frame.write.onCompleted();
                record(subscription, frame.newestReceivedNs, nowNs);
            }
        }
    }

    private static void advance(final SubscriptionCursor cursor, final PendingFrame frame, final FrameBuilder frames) {
        if (frame.requestsImages) {
            cursor.requestImages();
        }
        if (frame.position >= 0) {
            cursor.onReached(frame.position);
        }
        if (frame.journalEnd != JournalEntries.NONE) {
            cursor.onJournalSent(frame.journalEnd, frame.gapAt);
        } else if (frame.snapshot) {
            cursor.onImagesSent(frame.imageScan, frame.lastImages);
        } else {
            cursor.onUpdatesSent(frames.slot(frame.entriesEnd - 1) + 1);
        }
    }

    private void commitEntries(final FrameBuilder frames, final int i, final Subscription subscription) {
        final SubscribedTopics topics = subscription.topics();
        final PendingFrame frame = frames.frame(i);
        final int start = frames.entriesStart(i);
        final int end = frame.entriesEnd;
        long conflated = 0;
        for (int e = start; e < end; e++) {
            final int slot = frames.slot(e);
            conflated += frames.q(e) - topics.sentQ(slot) - 1;
            topics.onSent(slot, frames.q(e));
            if (frame.requestsImages) {
                topics.requestImage(slot);
            }
        }
        counters.increment(Counter.FRAMES_SENT);
        if (frame.gap) {
            counters.increment(Counter.GAPS_SENT);
            counters.add(Counter.UPDATES_IN_GAPS, conflated + end - start);
        } else if (frame.snapshot) {
            counters.add(Counter.IMAGES_DELIVERED, end - start);
        } else {
            counters.add(Counter.UPDATES_DELIVERED, end - start);
            // a session without messages is not sent gaps
            final boolean isGap = subscription.deliversAll() && !subscription.session().hasMessages();
            counters.add(isGap ? Counter.UPDATES_IN_GAPS : Counter.UPDATES_CONFLATED, conflated);
        }
    }

    /** Time from received to written, in two parts: the subscription's own interval; the relay and the socket. */
    private void record(final Subscription subscription, final long receivedNs, final long nowNs) {
        if (receivedNs != Long.MIN_VALUE) {
            final long dueSinceNs = subscription.schedule().dueSinceNs();
            final long dwellNs = dueSinceNs == 0 ? 0 : Math.max(0, dueSinceNs - receivedNs);
            dwell.recordNs(dwellNs);
            queueing.recordNs(Math.max(0, nowNs - receivedNs - dwellNs));
        }
    }
}
