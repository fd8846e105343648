package penstock.bench.jmh;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * What a delivered update costs in each way to be sent it: stored, found, encoded, framed, written to a socket that takes all. 100
 * sessions, 20 updates in a write. Time and allocation per update delivered; {@code CONFLATE} is what the others are compared with.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(value = 1, jvmArgs = {"--add-opens", "java.base/jdk.internal.misc=ALL-UNNAMED", "-XX:+UseSerialGC", "-Xmx2g"})
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class ModesBenchmark {
    private static final int SESSIONS = 100;

    /** How the sessions are sent what changes. */
    @Param
    public Way way;

    private WayRig rig;

    /** One shard. */
    @Setup
    public void setup() {
        rig = new WayRig(way, SESSIONS);
    }

    /** Updates are published, and delivered to all. */
    @Benchmark
    @OperationsPerInvocation(SESSIONS * WayRig.CHANGED)
    public void deliver() {
        rig.step();
    }
}
