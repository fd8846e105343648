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
    private final TopicIndex index = new TopicIndex();
    private final FrameLog log = new FrameLog();
    private Source source;
    private Snapshots snapshots;
    private FeedBooks books;
    private long receivedNs;

    /** The connection that a frame came on: knows what came before on it, and acts on what was read. */
    interface Source {
        /** Of which topics it has sent all there is. */
        Snapshots snapshots();

        /** The order books that its messages make. */
        FeedBooks books();

        /** An update matched; called before it is published. False: it comes from a connection that has no say any more. */
        boolean onData(long receivedNs);

        /** Whether this update counts, when another connection may have told it already. */
        boolean takes(int topic, long timeUs, Slices slices);

        void onControl(ControlKind kind, byte[] frame, int offset, int length);

        /** No rule could use it. */
        void onUnused(byte[] frame, int offset, int length);

        /**
         * What is kept of a topic can't be right any more; the venue's snapshot is needed anew.
         *
         * @param channel negative when it concerns everything that the connection has sent
         */
        void onGap(int channel, int topic, String symbol, GapAction action, String what);
    }

    FeedUpdates(final Venue venue, final TickPublisher publisher, final Counters counters, final ErrorLog errors) {
        // said now rather than when a connection is made: a checksum that nobody provides
        books = new FeedBooks(venue);
        channels = venue.channels().stream().map(ChannelSpec::conflation).toArray(ConflationClass[]::new);
        this.publisher = publisher;
        this.counters = counters;
        counts = venue.counts();
        this.errors = errors;
    }

    /** The frame that is read next came at this time, on this connection. */
    void onFrame(final long nowNs, final int bytes, final Source from) {
        source = from;
        snapshots = from.snapshots();
        books = from.books();
        receivedNs = nowNs;
        counters.increment(Counter.FEED_FRAMES);
        counters.add(Counter.FEED_BYTES, bytes);
    }

    /** A frame that made the rules throw, which is a mistake of ours; the connection goes on. */
    void onFailure(final RuntimeException failure, final byte[] frame, final int offset, final int length) {
        errors.record("feed: reading a frame", failure);
        log.sample(FrameLog.Kind.FAILED, ": " + failure, frame, offset, length);
    }

    /** The number of a topic, known or not. */
    int topic(final int channel, final String symbol) {
        final byte[] name = symbol.getBytes(StandardCharsets.UTF_8);
        return index.topic(channel, name, 0, name.length, publisher);
    }

    /** How many topics there are. */
    int topicCount() {
        return index.size();
    }

    @Override
    public void onUpdate(
            final int channel, final byte[] symbol, final int symbolOffset, final int symbolLength, final long timeUs,
                final Slices slices) {
        counters.increment(Counter.FEED_UPDATES);
        counts.onUpdate(channel);
        if (!source.onData(receivedNs)) {
            return;
        }
        final int topic = index.topic(channel, symbol, symbolOffset, symbolLength, publisher);
        if (channels[channel] == ConflationClass.EVENT) {
            onEvent(channel, topic, timeUs, slices);
            return;
        }
        if (slices.update == UpdateKind.DELTA && !snapshots.isThere(topic)) {
            counters.increment(Counter.FEED_UNSYNCED);
            return;
        }
        snapshots.onUpdate(topic, slices.update);
        if (!books.apply(channel, topic, slices)) {
            counters.increment(Counter.FEED_CHECKSUMS_WRONG);
            snapshots.forget(topic);
            final String name = new String(symbol, symbolOffset, symbolLength, StandardCharsets.UTF_8);
            source.onGap(channel, topic, name, GapAction.RESUBSCRIBE, "the book of " + name + " does not match the venue's checksum");
        } else if (source.takes(topic, timeUs, slices)) {
            publish(topic, timeUs, slices);
        }
    }

    private void onEvent(final int channel, final int topic, final long timeUs, final Slices slices) {
        if (source.takes(topic, timeUs, slices)) {
            counters.increment(Counter.FEED_EVENTS);
            counts.onEvent(channel);
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
        source.onControl(kind, frame, offset, length);
    }

    @Override
    public void onUnmatched(final byte[] frame, final int offset, final int length) {
        counters.increment(Counter.FEED_UNMATCHED);
        log.sample(FrameLog.Kind.UNMATCHED, "", frame, offset, length);
        source.onUnused(frame, offset, length);
    }

    @Override
    public void onNotJson(final byte[] frame, final int offset, final int length, final int errorAt) {
        counters.increment(Counter.FEED_NOT_JSON);
        log.sample(FrameLog.Kind.NOT_JSON, " (wrong at byte " + errorAt + ")", frame, offset, length);
        source.onUnused(frame, offset, length);
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
            source.onGap(channel, -1, "", action, "messages " + expected + " to " + (got - 1) + " of the connection are missing");
            return;
        }
        final int topic = index.topic(channel, symbol, symbolOffset, symbolLength, publisher);
        if (snapshots.forget(topic)) {
            final String name = new String(symbol, symbolOffset, symbolLength, StandardCharsets.UTF_8);
            source.onGap(channel, topic, name, action, "messages are missing of " + name + ": " + expected + " was due, " + got + " came");
        }
    }
}
