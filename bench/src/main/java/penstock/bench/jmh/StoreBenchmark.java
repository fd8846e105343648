package penstock.bench.jmh;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;
import penstock.fanout.SessionKind;

/**
 * What a tick costs, from the publisher into the shard's table, while every session holds: the same for 1 and for 10,000 of them.
 * One invocation is one tick and one turn of the shard.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 1, jvmArgs = {"--add-opens", "java.base/jdk.internal.misc=ALL-UNNAMED", "-XX:+UseSerialGC", "-Xmx2g"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class StoreBenchmark {
    /** Sessions that hold, each on 100 of 1,000 topics. */
    @Param({"1", "1000", "10000"})
    public int sessions;

    private ShardRig rig;
    private int topic;

    /** Everybody was just flushed and holds for a minute. */
    @Setup
    public void setup() {
        rig = new ShardRig();
        rig.open(sessions, 100, SessionKind.PROTOCOL, 60_000);
    }

    /** One tick. */
    @Benchmark
    public long store() {
        topic = topic == ShardRig.TOPICS - 1 ? 0 : topic + 1;
        rig.tick(topic);
        rig.turn();
        return rig.publisher.position();
    }
}
