package penstock.fanout.schedule;

import java.util.PriorityQueue;
import java.util.function.Consumer;
import org.agrona.collections.Long2ObjectHashMap;

/**
 * The deadlines of subscriptions that hold, for their interval or for their rate limit: one first-in first-out queue
 * per interval, which is sorted by itself, and a heap of the queues by their first deadline. Neither garbage nor a
 * timer per subscription.
 *
 * <p>A timer wheel is slower here, because subscriptions that are sent together expire together and fill one spoke: of
 * 1,000 equal intervals one hold costs 12 ns in a queue and 216 ns on Agrona's wheel, of 10,000 it costs 7 ns and 1,132
 * ns, while all of a flush of 20 updates takes about 400 ns. A wheel has no next deadline either, which wake-up
 * coalescing needs. {@link SessionTimers} use one. Owned by the shard's io thread.
 */
final class IntervalTimers {
    private final Long2ObjectHashMap<IntervalQueue> queues = new Long2ObjectHashMap<>();
    private final PriorityQueue<IntervalQueue> byCheck = new PriorityQueue<>();

    /** The queue of an interval. Give it back with {@link #leave}. */
    IntervalQueue join(final long intervalNs) {
        IntervalQueue queue = queues.get(intervalNs);
        if (queue == null) {
            queue = new IntervalQueue(intervalNs);
            queues.put(intervalNs, queue);
        }
        queue.join();
        return queue;
    }

    /** One subscription no longer uses this queue. */
    void leave(final IntervalQueue queue) {
        if (queue.leave()) {
            queues.remove(queue.intervalNs());
        }
    }

    /** Sets {@code deadline} to the interval of {@code queue} from {@code nowNs} on. */
    void schedule(final Deadline deadline, final IntervalQueue queue, final long nowNs) {
        if (queue.add(deadline, nowNs) && queue.enterHeap()) {
            byCheck.add(queue);
        }
    }

    /** Hands each deadline that has come to {@code expired}. */
    void expire(final long nowNs, final Consumer<Deadline> expired) {
        IntervalQueue queue = byCheck.peek();
        while (queue != null && queue.checkNs() - nowNs <= 0) {
            byCheck.poll();
            for (Deadline first = queue.poll(nowNs); first != null; first = queue.poll(nowNs)) {
                expired.accept(first);
            }
            if (queue.enterHeap()) {
                byCheck.add(queue);
            }
            queue = byCheck.peek();
        }
    }

    /**
     * The time of the next check, or {@link Long#MAX_VALUE}. It may be early, and is late by the batching delay only.
     */
    long nextDeadlineNs() {
        final IntervalQueue queue = byCheck.peek();
        return queue == null ? Long.MAX_VALUE : queue.checkNs();
    }
}
