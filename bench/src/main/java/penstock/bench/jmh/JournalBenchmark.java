package penstock.bench.jmh;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Mode all: what it costs to keep an event, and to deliver it besides the system call. Time and allocation per event and delivery. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 1, jvmArgs = {"--add-opens", "java.base/jdk.internal.misc=ALL-UNNAMED", "-XX:+UseSerialGC", "-Xmx2g"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class JournalBenchmark {
    private static final int SESSIONS = 1000;
    private static final int BATCH = 100;

    private ShardRig alone;
    private ShardRig broadcast;
    private ShardRig few;
    private int topic;

    /** A shard without sessions, one where everybody wants everything, one where each wants 10 topics of 1,000. */
    @Setup
    public void setup() {
        alone = new ShardRig("event");
        broadcast = new ShardRig("event");
        few = new ShardRig("event");
        for (int i = 0; i < ShardRig.TOPICS; i++) {
            broadcast.tick(i);
            few.tick(i);
        }
        broadcast.turn();
        few.turn();
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

    private int next() {
        topic = topic == ShardRig.TOPICS - 1 ? 0 : topic + 1;
        return topic;
    }
}
