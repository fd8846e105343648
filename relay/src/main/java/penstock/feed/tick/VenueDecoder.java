package penstock.feed.tick;

import penstock.feed.book.BookRecovery;
import penstock.feed.request.LineListener;
import penstock.feed.request.LoginScript;
import penstock.ring.TickPublisher;
import penstock.ring.UpdateSlice;
import penstock.telemetry.Counter;
import penstock.telemetry.Counters;
import penstock.venue.Venue;
import penstock.venue.VenueListener;
import penstock.venue.spec.ControlKind;
import penstock.venue.spec.GapAction;

/**
 * Reads the frames of one line by the venue's rules: which topic, which value, which number. Updates go into the
 * {@link TickPipeline}; all other messages are counted, sampled into the log and passed to the {@link LineListener}. No
 * garbage for an update of a known topic. Owned by the feed thread.
 */
public final class VenueDecoder implements VenueListener, Venue.Login {
    private final FeedStages stages;
    private final Counters counters;
    private final FrameLog log;
    private final Venue rules;
    private final LoginScript login;
    private final SequenceGate gate;
    private final TickPipeline next;
    private final LineListener listener;
    private long receivedNs;

    public VenueDecoder(final FeedStages stages, final Venue rules, final LoginScript login, final BookRecovery books,
            final TickPipeline next, final LineListener listener) {
        this.stages = stages;
        counters = stages.counters();
        log = stages.log();
        this.rules = rules;
        this.login = login;
        gate = new SequenceGate(stages, rules, books);
        this.next = next;
        this.listener = listener;
    }

    /** A frame has arrived. What the rules throw is our bug: it is recorded, and the connection goes on. */
    public void onFrame(final boolean isText, final byte[] frame, final int offset, final int length,
            final long nowNs) {
        counters.increment(Counter.FEED_FRAMES);
        counters.add(Counter.FEED_BYTES, length);
        receivedNs = nowNs;
        try {
            if (isText) {
                rules.onText(frame, offset, length, nowNs, this, this);
            } else {
                rules.onBinary(frame, offset, length, nowNs, this, this);
            }
        } catch (RuntimeException | Error e) {
            stages.errors().record(log.title() + ": reading a frame", e);
            log.sample(FrameLog.Kind.FAILED, ": " + e, frame, offset, length);
        }
    }

    @Override
    public boolean consumes(final byte[] message, final int offset, final int length) {
        if (login.isDone() || !login.onText(message, offset, length)) {
            return false;
        }
        counters.increment(Counter.FEED_HEARTBEATS);
        return true;
    }

    @Override
    public void onUpdate(final int channel, final byte[] symbol, final int symbolOffset, final int symbolLength,
            final long timeUs, final UpdateSlice slices) {
        counters.increment(Counter.FEED_UPDATES);
        rules.counts().onUpdate(channel);
        if (next.acceptsFromLine(receivedNs, timeUs)) {
            if (timeUs != TickPublisher.NO_TIME) {
                final long epochUs = next.epochUs();
                rules.counts().onLag(channel, epochUs - timeUs, epochUs);
            }
            final int topic = stages.topics().topic(channel, symbol, symbolOffset, symbolLength);
            if (topic != TopicIndex.NONE) {
                next.onUpdate(channel, topic, timeUs, slices);
            } else {
                rules.drop(channel);
            }
        }
    }

    @Override
    public void onDuplicate(final int channel) {
        gate.onDuplicate();
    }

    @Override
    public void onSymbolCollision(final byte[] symbol, final int offset, final int length) {
        counters.increment(Counter.FEED_SYMBOL_COLLISIONS);
        log.sample(FrameLog.Kind.NAME_TAKEN, "", symbol, offset, length);
    }

    @Override
    public void onBadNumber(final int channel, final byte[] frame, final int offset, final int length) {
        gate.onBadNumber(frame, offset, length);
    }

    @Override
    public void onGap(final int channel, final byte[] symbol, final int symbolOffset, final int symbolLength,
            final GapAction action, final long expected, final long got) {
        gate.onGap(channel, symbol, symbolOffset, symbolLength, action, expected, got);
    }

    @Override
    public void onControl(final ControlKind kind, final byte[] frame, final int offset, final int length) {
        switch (kind) {
            case IGNORED -> counters.increment(Counter.FEED_IGNORED);
            case NACK, SHARD -> {
                counters.increment(Counter.FEED_REFUSED);
                log.sample(FrameLog.Kind.REJECTED, "", frame, offset, length);
            }
            case ERROR, FATAL, EVICTED -> log.sample(FrameLog.Kind.ERROR, "", frame, offset, length);
            default -> counters.increment(Counter.FEED_HEARTBEATS);
        }
        listener.onControl(kind, frame, offset, length);
    }

    @Override
    public void onUnmatched(final byte[] frame, final int offset, final int length) {
        counters.increment(Counter.FEED_UNMATCHED);
        log.sample(FrameLog.Kind.UNMATCHED, "", frame, offset, length);
        listener.onUnused(frame, offset, length);
    }

    @Override
    public void onNotJson(final byte[] frame, final int offset, final int length, final int errorAt) {
        counters.increment(Counter.FEED_NOT_JSON);
        log.sample(FrameLog.Kind.NOT_JSON, " (wrong at byte " + errorAt + ")", frame, offset, length);
        listener.onUnused(frame, offset, length);
    }

    @Override
    public void onUndecodable(final byte[] frame, final int offset, final int length, final String what) {
        counters.increment(Counter.FEED_UNDECODABLE);
        log.sample(FrameLog.Kind.UNDECODABLE, ": " + what, frame, offset, length);
    }
}
