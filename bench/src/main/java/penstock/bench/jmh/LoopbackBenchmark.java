package penstock.bench.jmh;

import java.io.IOException;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.TearDown;

/**
 * A whole relay between real sockets, its feed and its subscribers in one process with it: from the feed's write until
 * a subscriber has read. One operation is one update, one at a time; or one delivery of many. Includes the kernel and
 * the change of threads, which are most.
 */
public class LoopbackBenchmark extends TimedBenchmark {
    private static final int SESSIONS = 100;
    private static final int TOPICS = 100;
    private static final int BATCH = 20;

    /** The subscribers' endpoint: the protocol, or bare payloads. */
    @Param({"ws", "raw"})
    public String endpoint;

    private RelayRig one;
    private RelayRig many;

    /** Two relays. */
    @Setup
    public void setup() throws IOException {
        one = rig(1);
        many = rig(SESSIONS);
    }

    /** Ends them. */
    @TearDown
    public void tearDown() throws IOException {
        one.close();
        many.close();
    }

    /** An update to one subscriber; the next when it is there. */
    @Benchmark
    public void latency() throws IOException {
        one.step(1);
    }

    /** 20 updates at a time to a hundred subscribers, in a write each. */
    @Benchmark
    @OperationsPerInvocation(BATCH * SESSIONS)
    public void throughput() throws IOException {
        many.step(BATCH);
    }

    private RelayRig rig(final int sessions) throws IOException {
        final RelayRig rig = new RelayRig(TOPICS);
        for (int i = 0; i < sessions; i++) {
            rig.open("/v1/" + endpoint + "?symbols=*&interval=0");
        }
        rig.step(TOPICS);
        return rig;
    }
}
