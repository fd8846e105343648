package penstock.bench.jmh;

import java.util.SplittableRandom;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import penstock.topic.IdSet;

/**
 * Who is due when a topic changes: those of its subscriptions that are armed, found as the shard finds them. One
 * operation is one topic that changed. Half of all subscriptions are armed.
 */
public class ArmingBenchmark extends TimedBenchmark {
    /** Of the shard. */
    @Param({"100", "1000", "10000"})
    public int subscriptions;

    /** How many of a hundred hold the topic. */
    @Param({"1", "100"})
    public int percent;

    private final IdSet subscribers = new IdSet();
    private final IdSet armed = new IdSet();
    private final IdSet due = new IdSet();

    /** At random, the same each time. */
    @Setup
    public void setup() {
        final SplittableRandom random = new SplittableRandom(7);
        subscribers.add(subscriptions - 1);
        for (int id = 0; id < subscriptions; id++) {
            if (random.nextInt(100) < percent) {
                subscribers.add(id);
            }
            if (random.nextBoolean()) {
                armed.add(id);
            }
        }
    }

    /** They are due, and stay it: to take them out again is part of what a delivery costs. */
    @Benchmark
    public IdSet intersect() {
        due.addIntersection(subscribers, armed);
        return due;
    }
}
