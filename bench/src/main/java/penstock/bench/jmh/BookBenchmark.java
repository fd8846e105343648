package penstock.bench.jmh;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import penstock.fanout.format.WebSocketFormat;
import penstock.ring.UpdateSlice;

/**
 * What a change of four levels of an order book costs: to apply it, and to send the net change since their last update
 * to subscribers. Levels near the best change most: some come, some go. One operation is one change, of
 * {@code broadcast} its delivery to one of 1,000.
 */
public class BookBenchmark extends TimedBenchmark {
    private static final int CHANGES = 4096;
    private static final int SESSIONS = 1000;
    private static final int CONFLATED = 25;

    /** Levels on each side. */
    @Param({"10", "1000"})
    public int depth;

    private final UpdateSlice[] changes = new UpdateSlice[CHANGES];
    private ShardRig holding;
    private ShardRig one;
    private ShardRig broadcast;
    private ShardRig paced;
    private int next;

    /** Four shards with a book: all subscribers hold; one wants everything at once; a thousand do; one at 100 ms. */
    @Setup
    public void setup() {
        for (int i = 0; i < CHANGES; i++) {
            changes[i] = BookChanges.change(i, Math.min(depth, 50));
        }
        holding = rig(1, 60_000);
        one = rig(1, 0);
        broadcast = rig(SESSIONS, 0);
        paced = rig(1, 100);
    }

    /** The change goes through the ring into the book. */
    @Benchmark
    public void apply() {
        holding.publish(0, nextChange());
        holding.turn();
    }

    /** And to one subscriber: found, encoded, framed, written. */
    @Benchmark
    public void applyAndEncode() {
        one.publish(0, nextChange());
        one.turn();
    }

    /** The same to a thousand subscribers with the same last update; cost per subscriber. */
    @Benchmark
    @OperationsPerInvocation(SESSIONS)
    public void broadcast() {
        broadcast.publish(0, nextChange());
        broadcast.turn();
    }

    /** 25 changes are applied and published as one; cost per change. */
    @Benchmark
    @OperationsPerInvocation(CONFLATED)
    public void conflated() {
        for (int i = 0; i < CONFLATED; i++) {
            paced.publish(0, nextChange());
        }
        paced.turn();
        paced.advanceMs(100);
        paced.wake();
    }

    private UpdateSlice nextChange() {
        next = next + 1 & CHANGES - 1;
        return changes[next];
    }

    private ShardRig rig(final int sessions, final int intervalMs) {
        final ShardRig rig = new ShardRig("order-book");
        rig.publish(0, BookChanges.snapshot(depth));
        rig.turn();
        rig.open(sessions, ShardRig.TOPICS, WebSocketFormat.PLAIN, intervalMs);
        return rig;
    }
}
