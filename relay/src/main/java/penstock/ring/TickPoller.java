package penstock.ring;

import com.lmax.disruptor.EventPoller;
import com.lmax.disruptor.RingBuffer;
import penstock.telemetry.Counter;
import penstock.telemetry.Counters;

/**
 * The reading end of the ring. An event whose handling fails is counted and passed over: the poller would deliver it
 * again and again otherwise. Owned by one shard's io thread, but for {@link #isUrgent}.
 */
public final class TickPoller {
    /** Of a ring that is that full nobody should put off reading it. */
    private static final int URGENT_PART = 8;

    private final RingBuffer<Tick> slots;
    private final EventPoller<Tick> poller;
    private final byte[] payloads;
    private final Counters counters;
    private final EventPoller.Handler<Tick> each = this::onEvent;
    private TickHandler handler;
    private RuntimeException failure;
    private int count;

    TickPoller(final RingBuffer<Tick> slots, final EventPoller<Tick> poller, final byte[] payloads,
            final Counters counters) {
        this.slots = slots;
        this.poller = poller;
        this.payloads = payloads;
        this.counters = counters;
    }

    /** Hands everything that is there to {@code target}; returns how many events that was. */
    public int poll(final TickHandler target) {
        handler = target;
        count = 0;
        try {
            poller.poll(each);
        } catch (final Exception e) {
            throw new IllegalStateException("the ring's poller failed", e);
        }
        return count;
    }

    /**
     * Whether reading should not be put off for some ms: an eighth of the ring is full, or something in it is no
     * update. The feed thread, which alone writes what this looks at.
     */
    public boolean isUrgent() {
        final long newest = slots.getCursor();
        final long read = poller.getSequence().get();
        return newest - read >= slots.getBufferSize() / URGENT_PART || read < 0 || slots.get(newest).news > read
            || slots.get(newest).payloadEnd - slots.get(read).payloadEnd >= payloads.length / URGENT_PART;
    }

    /** The newest failure of a handler since the last call, or null. */
    public RuntimeException takeFailure() {
        final RuntimeException taken = failure;
        failure = null;
        return taken;
    }

    private boolean onEvent(final Tick tick, final long sequence, final boolean endOfBatch) {
        count++;
        try {
            switch (tick.kind) {
                case VALUE -> handler.onValue(tick, payloads);
                case TOPIC -> handler.onTopic(tick.topic, tick.channel, payloads, tick.offset, tick.length);
                case TOPIC_STATE ->
                    handler.onTopicState(tick.topic, tick.topicState, tick.reason, tick.sinceUs, tick.p);
                case STATE -> handler.onFeedState(tick.state, tick.reason, tick.sinceUs, tick.retryInMs, tick.p);
                default -> throw new IllegalStateException("event without a kind at " + sequence);
            }
        } catch (final RuntimeException e) {
            failure = e;
            counters.increment(Counter.HANDLER_FAILURES);
        }
        return true;
    }
}
