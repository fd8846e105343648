package penstock.feed;

import penstock.ring.Slices;
import penstock.ring.TickPublisher;
import penstock.telemetry.Counter;
import penstock.telemetry.Counters;
import penstock.telemetry.ErrorLog;

/**
 * Where the venue's reading of a frame goes: updates into the ring, everything else to a counter and, sampled, into the log.
 * No garbage for an update of a known topic. Owned by the feed thread.
 */
final class FeedUpdates implements VenueEvents {
    private final TickPublisher publisher;
    private final Counters counters;
    private final ErrorLog errors;
    private final Owner owner;
    private final TopicIndex index = new TopicIndex();
    private final FrameLog log = new FrameLog();
    private long receivedNs;

    /** Who must act on what was read. */
    interface Owner {
        /** An update matched; called before it is published. False: it comes from a connection that has no say any more. */
        boolean onData(long receivedNs);

        /** Whether this update counts, when another connection may have told it already. */
        boolean takes(int topic, long timeUs, Slices slices);

        void onControl(ControlKind kind, byte[] frame, int offset, int length);

        /** No rule could use it. */
        void onUnused(byte[] frame, int offset, int length);
    }

    FeedUpdates(final TickPublisher publisher, final Counters counters, final ErrorLog errors, final Owner owner) {
        this.publisher = publisher;
        this.counters = counters;
        this.errors = errors;
        this.owner = owner;
    }

    /** The frame that is read next came at this time. */
    void onFrame(final long nowNs, final int bytes) {
        receivedNs = nowNs;
        counters.increment(Counter.FEED_FRAMES);
        counters.add(Counter.FEED_BYTES, bytes);
    }

    /** A frame that made the rules throw, which is a mistake of ours; the connection goes on. */
    void onFailure(final RuntimeException failure, final byte[] frame, final int offset, final int length) {
        errors.record("feed: reading a frame", failure);
        log.sample(FrameLog.Kind.FAILED, ": " + failure, frame, offset, length);
    }

    @Override
    public void onUpdate(
            final int channel, final byte[] symbol, final int symbolOffset, final int symbolLength, final long timeUs,
                final Slices slices) {
        counters.increment(Counter.FEED_UPDATES);
        if (!owner.onData(receivedNs)) {
            return;
        }
        final int topic = index.topic(channel, symbol, symbolOffset, symbolLength, publisher);
        if (!owner.takes(topic, timeUs, slices)) {
            return;
        }
        try {
            publisher.publish(topic, timeUs, receivedNs, slices);
        } catch (IllegalArgumentException e) {
            // the ring has counted it: too large
            log.sample(FrameLog.Kind.FAILED, ": " + e.getMessage(), slices.buffer, slices.payloadOffset, slices.payloadLength);
        }
    }

    @Override
    public void onControl(final ControlKind kind, final byte[] frame, final int offset, final int length) {
        switch (kind) {
            case IGNORED -> counters.increment(Counter.FEED_IGNORED);
            case NACK -> {
                counters.increment(Counter.FEED_REFUSED);
                log.sample(FrameLog.Kind.REFUSED, "", frame, offset, length);
            }
            case ERROR, FATAL -> log.sample(FrameLog.Kind.ERROR, "", frame, offset, length);
            default -> counters.increment(Counter.FEED_HEARTBEATS);
        }
        owner.onControl(kind, frame, offset, length);
    }

    @Override
    public void onUnmatched(final byte[] frame, final int offset, final int length) {
        counters.increment(Counter.FEED_UNMATCHED);
        log.sample(FrameLog.Kind.UNMATCHED, "", frame, offset, length);
        owner.onUnused(frame, offset, length);
    }

    @Override
    public void onNotJson(final byte[] frame, final int offset, final int length, final int errorAt) {
        counters.increment(Counter.FEED_NOT_JSON);
        log.sample(FrameLog.Kind.NOT_JSON, " (wrong at byte " + errorAt + ")", frame, offset, length);
        owner.onUnused(frame, offset, length);
    }
}
