package penstock.bench.jmh;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * {@link ModesBenchmark} with both encodings: what an update costs as a row, and as JSON. For one session nothing is
 * encoded that another one is sent, too. One operation is an update delivered to one session.
 */
public class RowsBenchmark extends TimedBenchmark {
    private static final int SESSIONS = 100;

    /** How the sessions are sent what changes. */
    @Param({"CONFLATE", "CONFLATE_DELTA", "FIELDS_DELTA", "MERGE_DELTA", "BOOK_DEPTH", "ALL", "EVENTS"})
    public DeliveryMode way;

    /** As rows. */
    @Param({"false", "true"})
    public boolean rows;

    private DeliveryRig one;
    private DeliveryRig many;

    /** Two shards. */
    @Setup
    public void setup() {
        one = new DeliveryRig(way, 1, rows);
        many = new DeliveryRig(way, SESSIONS, rows);
    }

    /** Updates are published, and delivered to all. */
    @Benchmark
    @OperationsPerInvocation(SESSIONS * DeliveryRig.CHANGED)
    public void hundred() {
        many.step();
    }

    /** Updates are published, and delivered to one. */
    @Benchmark
    @OperationsPerInvocation(DeliveryRig.CHANGED)
    public void one() {
        one.step();
    }
}
