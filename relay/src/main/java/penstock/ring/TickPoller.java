package penstock.ring;

import com.lmax.disruptor.EventPoller;
import com.lmax.disruptor.RingBuffer;
import penstock.telemetry.Counter;
import penstock.telemetry.Counters;
import penstock.thread.ThreadOwner;

/**
 * The reading end of the ring for one shard. An event whose handler fails in any way is counted, reported and skipped:
 * the Disruptor's poller would deliver it again forever. Owned by the shard's io thread, except {@link #isUrgent}.
 */
public final class TickPoller {
    /** A ring filled to an eighth must be read at once. */
    private static final int URGENT_PART = 8;
    /** A ring of which less than a quarter is free is read for longer: when it is full, events are lost. */
    private static final int FREE_PART = 4;
    /** Some 100 ns each; 10 µs in a process that is new. */
    private static final int EVENTS_PER_LOOK = 16;
    private static final long NEVER = -1;

    /** How long events are handed over. */
    public interface TimeLimit {
        /** Whether time is up; there is more of it while the ring {@code isFilling} faster than it is read. */
        boolean isOver(boolean isFilling);
    }

    private final ThreadOwner owner = new ThreadOwner();
    private final RingBuffer<Tick> slots;
    private final EventPoller<Tick> poller;
    private final byte[] payloads;
    private final Counters counters;
    private final EventPoller.Handler<Tick> onEvent = this::onEvent;
    private TickHandler handler;
    private Throwable unreported;
    private TimeLimit limit;
    private boolean isCut;
    /** The event behind which the limit is looked at: one comparison, and no count, is all that other events take. */
    private long nextLook;

    TickPoller(final RingBuffer<Tick> slots, final EventPoller<Tick> poller, final byte[] payloads,
            final Counters counters) {
        this.slots = slots;
        this.poller = poller;
        this.payloads = payloads;
        this.counters = counters;
    }

    /** Hands every available event to {@code target}; returns their number. */
    public int poll(final TickHandler target) {
        final long before = poller.getSequence().get();
        poll(target, null, NEVER);
        return (int) (poller.getSequence().get() - before);
    }

    /**
     * Hands over available events, in order, until there are no more or {@code until} says that time is up. Returns
     * whether there are no more.
     */
    public boolean poll(final TickHandler target, final TimeLimit until) {
        poll(target, until, poller.getSequence().get() + EVENTS_PER_LOOK);
        return !isCut;
    }

    private void poll(final TickHandler target, final TimeLimit until, final long firstLook) {
        assert owner.check();
        handler = target;
        limit = until;
        nextLook = firstLook;
        isCut = false;
        try {
            poller.poll(onEvent);
        } catch (final Exception e) {
            throw new IllegalStateException("ring poller failed", e);
        }
        if (unreported != null) {
            final Throwable thrown = unreported;
            unreported = null;
            throw new IllegalStateException("an event of the ring failed, and its report", thrown);
        }
    }

    /**
     * True if reading must not be put off by some ms: an eighth of the ring is full, or an unread event is a topic or a
     * status. Called by the feed thread, which alone writes the slots that this reads.
     */
    public boolean isUrgent() {
        final long newest = slots.getCursor();
        final long read = poller.getSequence().get();
        return newest - read >= slots.getBufferSize() / URGENT_PART || read < 0
            || slots.get(newest).controlSequence > read
            || slots.get(newest).payloadEnd - slots.get(read).payloadEnd >= payloads.length / URGENT_PART;
    }

    private boolean onEvent(final Tick tick, final long sequence, final boolean endOfBatch) {
        try {
            switch (tick.type) {
                case UPDATE -> handler.onValue(tick, payloads);
                case TOPIC ->
                    handler.onTopic(tick.topic, tick.channel, payloads, tick.offset, tick.length, tick.q);
                case TOPIC_STATUS ->
                    handler.onTopicState(tick.topic, tick.topicState, tick.reason, tick.sinceUs, tick.p);
                case TOPIC_CONFIRMED -> handler.onTopicConfirmed(tick.topic);
                case TOPIC_FORGOTTEN -> handler.onTopicForgotten(tick.topic, tick.p);
                case NAME_REFUSED -> handler.onNameRefused(tick.channel, payloads, tick.offset, tick.length,
                    tick.reason, tick.sinceUs);
                case FEED -> handler.onFeed(tick.introduction);
                case FEED_STATUS ->
                    handler.onFeedState(tick.feed, tick.feedState, tick.reason, tick.sinceUs, tick.retryInMs, tick.p);
                case EPOCH -> handler.onEpoch(tick.relayed);
                case COMPLETE -> handler.onComplete(tick.p);
                default -> throw new IllegalStateException("event without a type at " + sequence);
            }
        } catch (final RuntimeException | Error e) {
            counters.increment(Counter.HANDLER_FAILURES);
            final boolean hasTopic = tick.type.compareTo(Tick.Type.NAME_REFUSED) < 0;
            report(hasTopic ? tick.topic : TickHandler.NO_TOPIC, e);
        }
        return sequence != nextLook || goesOn(sequence, endOfBatch);
    }

    private boolean goesOn(final long sequence, final boolean endOfBatch) {
        nextLook += EVENTS_PER_LOOK;
        // how full the ring is matters only when the shorter time is up
        isCut = !endOfBatch && limit.isOver(false) && (!isFilling(sequence) || limit.isOver(true));
        return !isCut;
    }

    /** Whether there is so much behind an event that the ring may be full before the next poll. */
    private boolean isFilling(final long sequence) {
        final long newest = slots.getCursor();
        final int size = slots.getBufferSize();
        return newest - sequence >= size - size / FREE_PART || slots.get(newest).payloadEnd
            - slots.get(sequence).payloadEnd >= payloads.length - payloads.length / FREE_PART;
    }

    /** Exceptions wait until the poll is over: now the poller would deliver the event again. */
    private void report(final int topic, final Throwable failure) {
        try {
            handler.onFailure(topic, failure);
        } catch (final RuntimeException | Error e) {
            unreported = e;
        }
    }
}
