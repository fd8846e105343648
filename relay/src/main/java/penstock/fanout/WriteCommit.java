package penstock.fanout;

import penstock.telemetry.Counter;
import penstock.telemetry.LatencyRecorder;
import penstock.topic.Journal;
import penstock.wire.CloseStatus;
import penstock.wire.Overflow;

/**
 * What a write delivered: versions advance for the frames that the socket has begun, and for no others; then each
 * subscription goes on to its next state. Owned by the shard.
 */
final class WriteCommit {
    private final Shard shard;
    private final FrameBuilder frames;
    private final Encoder encoder;
    private final LatencyRecorder queueing;
    private final LatencyRecorder dwell;
    private long turnNs;
    /** Which subscription of the session was encoded first. */
    private int firstEncoded;

    WriteCommit(final Shard shard, final LatencyRecorder queueing, final LatencyRecorder dwell) {
        this.shard = shard;
        this.queueing = queueing;
        this.dwell = dwell;
        frames = new FrameBuilder(new FrameCompressor(shard.counters()));
        encoder = new Encoder(shard.topics(), shard.dues(), frames);
    }

    /** Builds the writes of all sessions. */
    FrameBuilder frames() {
        return frames;
    }

    /** A turn begins to flush. */
    void onTurn(final long nowNs) {
        turnNs = nowNs;
    }

    /**
     * The time that frames of a slice have in common, so that they are the same bytes and compressed once; 3 ms old at
     * most.
     */
    private long sliceNs(final long nowNs) {
        return nowNs - turnNs <= Shard.SLICE_NS ? turnNs : nowNs;
    }

    /** Adds what the session's due subscriptions are owed to the write under construction. */
    void encode(final Session session, final long nowNs) {
        final long tsUs = shard.epochUs(session.deflates() ? sliceNs(nowNs) : nowNs);
        final int count = session.subscriptions.size();
        final int first = session.firstToEncode < count ? session.firstToEncode : 0;
        session.firstToEncode = 0;
        firstEncoded = first;
        boolean all = true;
        for (int n = 0; n < count; n++) {
            final int i = first + n < count ? first + n : first + n - count;
            final Subscription subscription = session.subscriptions.get(i);
            if (shard.dues().isDue(subscription)) {
                final int before = frames.frameCount();
                subscription.encodedAll = encoder.encode(subscription, tsUs, nowNs);
                subscription.encodedAny = frames.frameCount() > before;
                subscription.completed = false;
                subscription.begun = false;
                if (all && !subscription.encodedAll && !subscription.paced) {
                    // it is the last next time: one that has much to send leaves room to the others; one that found no
                    // room is the first
                    session.firstToEncode = subscription.encodedAny ? i + 1 : i;
                    all = false;
                }
            }
        }
    }

    /**
     * Ends a session that was overtaken on a subscription which does not want gaps, before anything is built for it.
     */
    void closeOverflown(final Session session) {
        for (int i = 0; i < session.subscriptions.size(); i++) {
            final Subscription subscription = session.subscriptions.get(i);
            if (subscription.lossless && subscription.terms().overflow() == Overflow.CLOSE
                    && shard.dues().isDue(subscription)
                && JournalEncoder.overwritten(shard.topics().journal(), subscription) > 0) {
                session.close(CloseStatus.SLOW_CONSUMER);
                return;
            }
        }
    }

    /** The socket took {@code written} bytes of the write. */
    void commit(final int written, final long nowNs) {
        for (int i = 0; i < frames.frameCount() && frames.isBegun(i, written); i++) {
            final PendingFrame frame = frames.frame(i);
            final Subscription subscription = frame.owner;
            subscription.begun = true;
            commitEntries(frames, i, subscription);
            if (frame.owes) {
                subscription.snapshotOwed = true;
                subscription.imageScan = 0;
            }
            if (frame.position >= 0) {
                subscription.cursor = frame.position;
            }
            if (frame.journalEnd != Journal.NONE) {
                subscription.journalCursor = frame.journalEnd;
                subscription.gapTold = frame.gapAt;
            } else if (frame.snapshot) {
                subscription.imageScan = frame.imageScan;
                if (frame.lastImages) {
                    // whatever waits behind them: they are not said again
                    subscription.snapshotOwed = false;
                    subscription.resumed = false;
                }
            } else {
                subscription.updateScan = frames.slot(frame.entriesEnd - 1) + 1;
            }
            if (subscription.pace != null) {
                subscription.pace.onSent(frame.snapshot || frame.gap ? 0 : frame.entriesEnd - frames.entriesStart(i),
                    frames.bytes(i));
            }
            if (frame.completes) {
                subscription.completed = true;
                record(subscription, frame.newestReceivedNs, nowNs);
            }
        }
    }

    /**
     * After the write: each subscription that was due holds, is armed, waits for the socket, or stays due for want of
     * room.
     */
    void settle(final Session session, final long nowNs, final boolean isBlocked) {
        if (isBlocked && session.subscriptions.size() > 1) {
            giveWay(session);
        }
        for (int i = session.subscriptions.size() - 1; i >= 0; i--) {
            final Subscription subscription = session.subscriptions.get(i);
            if (shard.dues().isDue(subscription)) {
                settleDue(subscription, nowNs, isBlocked);
            } else if (isBlocked && subscription.state == Subscription.State.ARMED) {
                shard.dues().waitForSocket(subscription);
            }
        }
    }

    /** The socket took no byte of some: the first of them is the first next time. */
    private void giveWay(final Session session) {
        final int count = session.subscriptions.size();
        for (int n = 0; n < count; n++) {
            final int i = (firstEncoded + n) % count;
            final Subscription subscription = session.subscriptions.get(i);
            if (shard.dues().isDue(subscription) && subscription.encodedAny && !subscription.begun) {
                session.firstToEncode = i;
                return;
            }
        }
    }

    private void settleDue(final Subscription subscription, final long nowNs, final boolean isBlocked) {
        if (subscription.completed || subscription.encodedAll && !subscription.encodedAny) {
            subscription.snapshotOwed = false;
            subscription.resumed = false;
            subscription.imagesAhead = false;
            subscription.updateScan = 0;
            subscription.cursor = shard.topics().position();
            subscription.seenChanges = subscription.channel.changes();
            if (subscription.once) {
                shard.desk().onImagesSent(subscription);
            } else if (subscription.completed && subscription.intervalNs() > 0) {
                shard.dues().hold(subscription, nowNs);
            } else if (isBlocked) {
                shard.dues().waitForSocket(subscription);
            } else {
                shard.dues().arm(subscription);
            }
        } else if (isBlocked) {
            shard.dues().waitForSocket(subscription);
        } else if (subscription.paced) {
            shard.dues().holdForPace(subscription, nowNs);
        }
    }

    private void commitEntries(final FrameBuilder frames, final int i, final Subscription subscription) {
        final SubscribedTopics held = subscription.held;
        final PendingFrame frame = frames.frame(i);
        final int start = frames.entriesStart(i);
        final int end = frame.entriesEnd;
        long conflated = 0;
        for (int e = start; e < end; e++) {
            final int slot = frames.slot(e);
            conflated += frames.q(e) - held.sent(slot) - 1;
            held.sent(slot, frames.q(e));
            if (frame.owes) {
                held.owe(slot);
            }
        }
        shard.counters().increment(Counter.FRAMES_SENT);
        if (frame.gap) {
            shard.counters().increment(Counter.GAPS_SENT);
            shard.counters().add(Counter.UPDATES_IN_GAPS, conflated + end - start);
        } else if (frame.snapshot) {
            shard.counters().add(Counter.IMAGES_DELIVERED, end - start);
        } else {
            shard.counters().add(Counter.UPDATES_DELIVERED, end - start);
            // a session of bare payloads can be told of no gap
            final boolean isGapped = subscription.lossless && subscription.session.kind() == SessionKind.RAW;
            shard.counters().add(isGapped ? Counter.UPDATES_IN_GAPS : Counter.UPDATES_CONFLATED, conflated);
        }
    }

    /**
     * Received to written, in two parts: what the subscriber's own pace cost, and what the relay and the socket cost.
     */
    private void record(final Subscription subscription, final long receivedNs, final long nowNs) {
        if (receivedNs != Long.MIN_VALUE) {
            final long dwellNs = subscription.dueSinceNs == 0 ? 0 : Math.max(0, subscription.dueSinceNs - receivedNs);
            dwell.recordNs(dwellNs);
            queueing.recordNs(Math.max(0, nowNs - receivedNs - dwellNs));
        }
    }
}
