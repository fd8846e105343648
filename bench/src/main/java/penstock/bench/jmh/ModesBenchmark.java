package penstock.bench.jmh;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * What a delivered update costs in each way to be sent it: stored, found, encoded, framed, written to a socket that
 * takes all. 100 sessions, 20 updates in a write. One operation is an update delivered to one session; {@code CONFLATE}
 * is what the others are compared with.
 */
public class ModesBenchmark extends TimedBenchmark {
    private static final int SESSIONS = 100;

    /** How the sessions are sent what changes. */
    @Param
    public DeliveryMode way;

    private DeliveryRig rig;

    /** One shard. */
    @Setup
    public void setup() {
        rig = new DeliveryRig(way, SESSIONS);
    }

    /** Updates are published, and delivered to all. */
    @Benchmark
    @OperationsPerInvocation(SESSIONS * DeliveryRig.CHANGED)
    public void deliver() {
        rig.step();
    }
}
