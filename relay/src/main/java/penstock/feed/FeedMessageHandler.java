package penstock.feed;

import java.nio.charset.StandardCharsets;
import penstock.feed.book.FeedBooks;
import penstock.feed.book.GapRecovery;
import penstock.feed.book.SnapshotSynchronizer;
import penstock.feed.book.SyncedTopics;
import penstock.ring.TickPublisher;
import penstock.ring.UpdateKind;
import penstock.ring.UpdateSlice;
import penstock.telemetry.Counter;
import penstock.telemetry.Counters;
import penstock.telemetry.ErrorLog;
import penstock.venue.Venue;
import penstock.venue.VenueCounts;
import penstock.venue.VenueListener;
import penstock.venue.spec.ChannelSpec;
import penstock.venue.spec.ConflationClass;
import penstock.venue.spec.ControlKind;
import penstock.venue.spec.GapAction;
import penstock.venue.spec.SnapshotSpec;

/**
 * Where the venue's reading of a frame goes: updates into the ring, everything else to a counter and, sampled, into the
 * log. No garbage for an update of a known topic. Owned by the feed thread.
 */
final class FeedMessageHandler implements VenueListener, SnapshotSynchronizer.Target {
    private final ConflationClass[] channels;
    private final TickPublisher publisher;
    private final Counters counters;
    private final VenueCounts counts;
    private final ErrorLog errors;
    private final TopicIndex index = new TopicIndex();
    private final FrameLog log = new FrameLog();
    private final EventSequenceTracker numbers = new EventSequenceTracker();
    private final StaleTopicDetector silences;
    private Source source;
    private Venue rules;
    private SyncedTopics snapshots;
    private FeedBooks books;
    private SnapshotSynchronizer bridge;
    private long receivedNs;

    /** The connection that a frame came on: knows what came before on it, and acts on what was read. */
    interface Source extends Venue.Login {
        /** What its messages mean. */
        Venue rules();

        /** Of which topics it has sent all there is. */
        SyncedTopics snapshots();

        /** The order books that its messages make. */
        FeedBooks books();

        /** The books whose snapshots come from elsewhere. */
        SnapshotSynchronizer bridge();

        /** Its topics that lack something. */
        GapRecovery healing();

        /** Whether anybody wants the topic. */
        boolean isWanted(int topic);

        /**
         * An update matched; called before it is published. False: it comes from a connection that has no say any more.
         *
         * @param timeUs the venue's time, {@link TickPublisher#NO_TIME} without one
         */
        boolean onData(long receivedNs, long timeUs);

        /**
         * Whether this update counts, when another connection may have told it already; {@code number}: the venue's
         * own.
         */
        boolean takes(int topic, long timeUs, UpdateSlice slices, long number);

        void onControl(ControlKind kind, byte[] frame, int offset, int length);

        /** No rule could use it. */
        void onUnused(byte[] frame, int offset, int length);

        /**
         * What is kept of a topic can't be right any more; the venue's snapshot is needed anew.
         *
         * @param channel negative when it concerns everything that the connection has sent
         */
        void onGap(int channel, int topic, String symbol, GapAction action, String what);

        /** The image of a topic is behind the venue's until its next update. */
        void onTopicStale(int topic);
    }

    FeedMessageHandler(final Venue venue, final TickPublisher publisher, final Counters counters, final ErrorLog errors,
            final StaleTopicDetector silences) {
        // said now rather than when a connection is made: a checksum that nobody provides
        books = new FeedBooks(venue);
        channels = venue.channels().stream().map(ChannelSpec::conflation).toArray(ConflationClass[]::new);
        this.publisher = publisher;
        this.counters = counters;
        counts = venue.counts();
        this.errors = errors;
        this.silences = silences;
    }

    /** A frame has come; what makes the rules throw is a mistake of ours, and the connection goes on. */
    void onFrame(final Source from, final boolean isText, final byte[] frame, final int offset, final int length,
            final long nowNs) {
        readFrom(from, nowNs);
        counters.increment(Counter.FEED_FRAMES);
        counters.add(Counter.FEED_BYTES, length);
        try {
            if (!isText) {
                rules.onBinary(frame, offset, length, nowNs, source, this);
            } else if (!source.takesForLogin(frame, offset, length)) {
                rules.onText(frame, offset, length, nowNs, this);
            }
        } catch (RuntimeException e) {
            errors.record("feed: reading a frame", e);
            log.sample(FrameLog.Kind.FAILED, ": " + e, frame, offset, length);
        }
    }

    /** A book whose snapshot was fetched for this connection is there. */
    void onBook(final Source from, final long nowNs) {
        readFrom(from, nowNs);
        try {
            bridge.deliver(this, nowNs);
        } catch (RuntimeException e) {
            errors.record("feed: publishing a fetched snapshot", e);
        }
    }

    private void readFrom(final Source from, final long nowNs) {
        source = from;
        rules = from.rules();
        snapshots = from.snapshots();
        books = from.books();
        bridge = from.bridge();
        receivedNs = nowNs;
    }

    /** The number of a topic, known or not. */
    int topic(final int channel, final String symbol) {
        final byte[] name = symbol.getBytes(StandardCharsets.UTF_8);
        return index.topic(channel, name, 0, name.length, publisher);
    }

    /** Whether it has a number. */
    boolean knows(final int channel, final String symbol) {
        final byte[] name = symbol.getBytes(StandardCharsets.UTF_8);
        return index.contains(channel, name, 0, name.length);
    }

    /** The topic was not wanted for a while: what came meanwhile is not missed. */
    void forgetNumber(final int topic) {
        numbers.forget(topic);
    }

    /** How many topics there are. */
    int topicCount() {
        return index.size();
    }

    @Override
    public void onUpdate(
            final int channel, final byte[] symbol, final int symbolOffset, final int symbolLength, final long timeUs,
                final UpdateSlice slices) {
        counters.increment(Counter.FEED_UPDATES);
        counts.onUpdate(channel);
        if (!source.onData(receivedNs, timeUs)) {
            return;
        }
        final int topic = index.topic(channel, symbol, symbolOffset, symbolLength, publisher);
        if (!source.isWanted(topic)) {
            return;
        }
        if (channels[channel] == ConflationClass.EVENT) {
            onEvent(channel, topic, timeUs, slices);
            return;
        }
        if (slices.update == UpdateKind.DELTA) {
            if (!snapshots.isThere(topic)) {
                onUnsynced(channel, topic, symbol, symbolOffset, symbolLength, timeUs, slices);
                return;
            }
            if (!bridge.isNew(topic, rules.lastNumber())) {
                counters.increment(Counter.FEED_DUPLICATES);
                return;
            }
        }
        snapshots.onUpdate(topic, slices.update);
        if (!books.apply(channel, topic, slices)) {
            counters.increment(Counter.FEED_CHECKSUMS_WRONG);
            snapshots.forget(topic);
            final String name = new String(symbol, symbolOffset, symbolLength, StandardCharsets.UTF_8);
            source.onGap(channel, topic, name, GapAction.RESUBSCRIBE, "the book of " + name
                + " does not match the venue's checksum");
        } else if (source.takes(topic, timeUs, slices, rules.lastNumber())) {
            publish(channel, topic, timeUs, receivedNs, slices);
        }
    }

    private void onEvent(final int channel, final int topic, final long timeUs, final UpdateSlice slices) {
        if (source.takes(topic, timeUs, slices, rules.lastNumber())) {
            counters.increment(Counter.FEED_EVENTS);
            counts.onEvent(channel);
            final long missed = rules.isCounted() ? numbers.missedBefore(topic, slices.update, rules.lastNumber()) : 0;
            if (missed > 0) {
                counters.add(Counter.FEED_EVENTS_MISSED, missed);
                counts.onMissed(channel, missed);
                publisher.missed(topic, missed);
            }
            // each event is all there is of it: what was missed before it takes nothing from it
            slices.update = UpdateKind.FULL;
            publish(channel, topic, timeUs, receivedNs, slices);
        }
    }

    /** A change without anything to apply it to: it waits, if there is a place to fetch a snapshot from. */
    private void onUnsynced(final int channel, final int topic, final byte[] symbol, final int symbolOffset,
            final int symbolLength,
            final long timeUs, final UpdateSlice slices) {
        final SnapshotSpec spec = rules.snapshot();
        final SnapshotSynchronizer.Waiting book = spec == null || slices.levels == null ? null
            : bridge.waiting(channel, topic, spec, symbol, symbolOffset, symbolLength);
        if (book == null) {
            counters.increment(Counter.FEED_UNSYNCED);
            source.healing().onUnsynced(channel, topic, symbol, symbolOffset, symbolLength);
        } else {
            book.add(rules.firstNumber(), rules.lastNumber(), timeUs, receivedNs, slices);
        }
    }

    @Override
    public void onBridged(final int channel, final int topic, final long number, final long timeUs, final long cameNs,
            final UpdateSlice slices) {
        if (!source.isWanted(topic)) {
            return;
        }
        snapshots.onUpdate(topic, slices.update);
        books.apply(channel, topic, slices);
        if (source.takes(topic, timeUs, slices, number)) {
            publish(channel, topic, timeUs, cameNs, slices);
        }
    }

    private void publish(final int channel, final int topic, final long timeUs, final long cameNs,
            final UpdateSlice slices) {
        silences.onUpdate(channel, topic, receivedNs);
        try {
            publisher.publish(topic, timeUs, cameNs, slices);
        } catch (IllegalArgumentException e) {
            // the ring has counted it: too large
            log.sample(FrameLog.Kind.FAILED, ": " + e.getMessage(), slices.buffer, slices.payloadOffset,
                slices.payloadLength);
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
    public void onGap(final int channel, final byte[] symbol, final int symbolOffset, final int symbolLength,
            final GapAction action,
            final long expected, final long got) {
        counters.increment(Counter.FEED_GAPS);
        counts.onGap(channel);
        log.sample(FrameLog.Kind.GAP, ": expected number " + expected + ", got " + got, symbol, symbolOffset,
            symbolLength);
        if (action == GapAction.MARK) {
            return;
        }
        if (channel < 0) {
            snapshots.onConnected();
            source.onGap(channel, -1, "", action, "messages " + expected + " to " + (got - 1)
                + " of the connection are missing");
            return;
        }
        final int topic = index.topic(channel, symbol, symbolOffset, symbolLength, publisher);
        final boolean wasThere = snapshots.forget(topic);
        if (action == GapAction.RESNAPSHOT && rules.snapshot() != null) {
            bridge.onGap(topic);
            if (wasThere) {
                source.onTopicStale(topic);
            }
        } else if (wasThere) {
            final String name = new String(symbol, symbolOffset, symbolLength, StandardCharsets.UTF_8);
            source.onGap(channel, topic, name, action, "messages are missing of " + name + ": " + expected
                + " was due, " + got + " came");
        }
    }
}
