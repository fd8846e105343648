package penstock.ring;

import com.lmax.disruptor.RingBuffer;
import com.lmax.disruptor.Sequence;
import com.lmax.disruptor.YieldingWaitStrategy;
import java.util.List;
import java.util.function.IntFunction;
import penstock.telemetry.Counters;

/**
 * The ring between the feed thread and the shards: fixed slots, and one array of payload bytes that all slots share, so
 * that a 5 MB book and a 100-byte quote need no buffers of their own. Space is free again when the slowest shard has
 * read it.
 *
 * <p>Create the ring, then one poller per shard, then the publisher, in this order. Owned by the composition until
 * then; afterwards the feed thread owns the publisher, and each shard its poller.
 */
public final class TickRing {
    private final RingBuffer<Tick> slots;
    private final byte[] payloads;

    /** {@code slotCount} is a power of two; the largest payload takes half of {@code payloadBytes}. */
    public TickRing(final int slotCount, final int payloadBytes) {
        // No thread waits on the ring: shards are woken up. This strategy publishes without a lock, unlike the default.
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

    /** The writing end of a ring for last-value topics only. */
    public TickPublisher publisher(final Counters counters, final List<Runnable> wakeUps) {
        return publisher(counters, wakeUps, channel -> Conflator.lastValue());
    }

    /**
     * The writing end. {@code wakeUps} has one task per shard that wakes it up, any number of times. {@code conflators}
     * creates the conflator for a topic of a channel.
     */
    public TickPublisher publisher(final Counters counters, final List<Runnable> wakeUps,
            final IntFunction<Conflator> conflators) {
        return publisher(counters, wakeUps, conflators, new int[0]);
    }

    /** The writing end for several feeds, which share the ring; {@code feedOfChannel} by channel, feeds from 0. */
    public TickPublisher publisher(final Counters counters, final List<Runnable> wakeUps,
            final IntFunction<Conflator> conflators, final int[] feedOfChannel) {
        return new TickPublisher(new TickWriter(slots, payloads, PublishedFeeds.count(feedOfChannel)), counters,
            wakeUps.toArray(Runnable[]::new), conflators, feedOfChannel);
    }
}
