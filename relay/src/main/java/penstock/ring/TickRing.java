package penstock.ring;

import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.Sequence;
import com.lmax.disruptor.YieldingWaitStrategy;
import java.util.List;
import java.util.function.IntFunction;
import penstock.telemetry.Counters;

/**
 * The ring between the feed thread and the shards: fixed slots, and one payloads of bytes that all slots share, so that
 * a 5 MB book and a 100-byte quote need no buffers of their own. Space comes back when the slowest shard has passed.
 *
 * <p>Make it, ask for one poller per shard, then for the publisher, in this order.
 * Owned by the composition until then; afterwards publisher and pollers own their ends.
 */
public final class TickRing {
    private final RingBuffer<Tick> slots;
    private final byte[] payloads;

    /** {@code slotCount} is a power of two; no payload may be larger than half of {@code payloadBytes}. */
    public TickRing(final int slotCount, final int payloadBytes) {
        // Nobody waits on the ring: shards are woken. This strategy takes no lock when something is published, the
        // default one does.
        slots = RingBuffer.createSingleProducer(Tick::new, slotCount, new YieldingWaitStrategy());
        payloads = new byte[payloadBytes];
    }

    /** The reading end for one shard. */
    public TickPoller poller(final Counters counters) {
        final var poller = slots.newPoller();
        final Sequence gate = poller.getSequence();
        slots.addGatingSequences(gate);
        return new TickPoller(slots, poller, payloads, counters);
    }

    /** The writing end of a ring whose topics all are newest values. */
    public TickPublisher publisher(final Counters counters, final List<Runnable> wakes) {
        return publisher(counters, wakes, channel -> Conflator.lastValue());
    }

    /**
     * The writing end. {@code wakes} tell each shard that there is something to read; any number of calls is harmless.
     * {@code conflators} makes the folding for a topic of a channel.
     */
    public TickPublisher publisher(final Counters counters, final List<Runnable> wakes,
            final IntFunction<Conflator> conflators) {
        return new TickPublisher(slots, payloads, counters, wakes.toArray(Runnable[]::new), conflators);
    }
}
