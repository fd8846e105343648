package penstock.feed;

import java.nio.charset.StandardCharsets;
import penstock.ring.Slices;
import penstock.ring.TickPublisher;
import penstock.ring.UpdateKind;
import penstock.telemetry.Counter;
import penstock.telemetry.Counters;
import penstock.telemetry.ErrorLog;

/**
 * Where the venue's reading of a frame goes: updates into the ring, everything else to a counter and, sampled, into the log.
 * No garbage for an update of a known topic. Owned by the feed thread.
 */
final class FeedUpdates implements VenueEvents {
    private final ConflationClass[] channels;
    private final TickPublisher publisher;
    private final Counters counters;
    private final VenueCounts counts;
    private final ErrorLog errors;
    private final Owner owner;
    private final TopicIndex index = new TopicIndex();
    private final FrameLog log = new FrameLog();
    private Snapshots snapshots;
    private FeedBooks books;
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

        /** What is kept of the feed can't be right any more; the venue's snapshots are needed anew. */
        void onGap(String what);
    }

    FeedUpdates(
            final Venue venue, final TickPublisher publisher, final Counters counters, final ErrorLog errors, final Owner owner) {
        // said now rather than when a connection is made: a checksum that nobody provides
        books = new FeedBooks(venue);
        channels = venue.channels().stream().map(ChannelSpec::conflation).toArray(ConflationClass[]::new);
        this.publisher = publisher;
        this.counters = counters;
        counts = venue.counts();
        this.errors = errors;
        this.owner = owner;
    }

    /** The frame that is read next came at this time, on the connection that has sent these snapshots and books. */
    void onFrame(final long nowNs, final int bytes, final Snapshots sent, final FeedBooks kept) {
        snapshots = sent;
        books = kept;
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
        counts.onUpdate(channel);
        if (!owner.onData(receivedNs)) {
            return;
        }
        if (channels[channel] == ConflationClass.EVENT) {
            counters.increment(Counter.FEED_EVENTS);
            counts.onEvent(channel);
            return;
        }
        final int topic = index.topic(channel, symbol, symbolOffset, symbolLength, publisher);
        if (slices.update == UpdateKind.DELTA && !snapshots.isThere(topic)) {
            counters.increment(Counter.FEED_UNSYNCED);
            return;
        }
        snapshots.onUpdate(topic, slices.update);
        if (!books.apply(channel, topic, slices)) {
            counters.increment(Counter.FEED_CHECKSUMS_WRONG);
            snapshots.forget(topic);
            owner.onGap("the book of " + new String(symbol, symbolOffset, symbolLength, StandardCharsets.UTF_8)
                + " does not match the venue's checksum");
        } else if (owner.takes(topic, timeUs, slices)) {
            publish(topic, timeUs, slices);
        }
    }

    private void publish(final int topic, final long timeUs, final Slices slices) {
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
            case NACK, SHARD -> {
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

    @Override
    public void onUndecodable(final byte[] frame, final int offset, final int length, final String what) {
        counters.increment(Counter.FEED_UNDECODABLE);
        log.sample(FrameLog.Kind.UNDECODABLE, ": " + what, frame, offset, length);
    }

    @Override
    public void onDuplicate(final int channel) {
        counters.increment(Counter.FEED_DUPLICATES);
    }

    @Override
    public void onGap(final int channel, final byte[] symbol, final int symbolOffset, final int symbolLength, final GapAction action,
            final long expected, final long got) {
        counters.increment(Counter.FEED_GAPS);
        counts.onGap(channel);
        log.sample(FrameLog.Kind.GAP, ": expected number " + expected + ", got " + got, symbol, symbolOffset, symbolLength);
        if (action == GapAction.MARK) {
            return;
        }
        if (channel < 0) {
            snapshots.onConnected();
            owner.onGap("messages " + expected + " to " + (got - 1) + " of the connection are missing");
        } else if (snapshots.forget(index.topic(channel, symbol, symbolOffset, symbolLength, publisher))) {
            owner.onGap("messages are missing of " + new String(symbol, symbolOffset, symbolLength, StandardCharsets.UTF_8)
                + ": " + expected + " was due, " + got + " came");
        }
    }
}
