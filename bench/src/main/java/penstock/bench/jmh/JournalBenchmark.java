package penstock.bench.jmh;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Setup;

/**
 * Mode all: what it costs to keep an event, and to deliver it, without the system call. One operation is an event
 * stored, or delivered to one session.
 */
public class JournalBenchmark extends TimedBenchmark {
    private static final int SESSIONS = 1000;
    private static final int BATCH = 100;
    private static final int FILLING = 700_000;

    private ShardRig alone;
    private ShardRig broadcast;
    private ShardRig few;
    private int topic;

    /** A shard without sessions, one where everybody wants everything, one where each wants 10 topics of 1,000. */
    @Setup
    public void setup() {
        alone = filled();
        broadcast = filled();
        few = filled();
        broadcast.openLossless(SESSIONS, ShardRig.TOPICS);
        few.openLossless(SESSIONS, 10);
    }

    /** An event from the publisher into the journal. */
    @Benchmark
    @OperationsPerInvocation(BATCH)
    public void store() {
        for (int i = 0; i < BATCH; i++) {
            alone.tick(next());
        }
        alone.turn();
    }

    /** One event to a thousand sessions, each in a write of its own. */
    @Benchmark
    @OperationsPerInvocation(SESSIONS)
    public void broadcast() {
        broadcast.tick(next());
        broadcast.turn();
    }

    /** A hundred events, each wanted by ten sessions of a thousand. */
    @Benchmark
    @OperationsPerInvocation(BATCH * 10)
    public void few() {
        for (int i = 0; i < BATCH; i++) {
            few.tick(next());
        }
        few.turn();
    }

    /** The journal has grown to its limit, and goes round. */
    private static ShardRig filled() {
        final ShardRig rig = new ShardRig("event");
        for (int i = 0; i < FILLING; i++) {
            rig.tick(i % ShardRig.TOPICS);
            if (i % BATCH == BATCH - 1) {
                rig.turn();
            }
        }
        return rig;
    }

    private int next() {
        topic = topic == ShardRig.TOPICS - 1 ? 0 : topic + 1;
        return topic;
    }
}
