package penstock.bench.jmh;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * What a tick costs, from the publisher into the shard's table, by number of topics and channels, without
 * subscribers. The topics change in turn: the memory of many is not in the processor's caches. One operation is one
 * tick and one turn of the shard.
 */
public class TopicsBenchmark extends TimedBenchmark {
    /** Which the topics are spread over. */
    @Param({"1", "8"})
    public int channels;

    /** In all. */
    @Param({"100", "50000"})
    public int topics;

    private ShardRig rig;
    private int topic;

    /** All have a value. */
    @Setup
    public void setup() {
        rig = new ShardRig("last-value", channels, topics);
        for (int i = 0; i < topics; i++) {
            rig.tick(i);
            rig.turn();
        }
    }

    /** One tick. */
    @Benchmark
    public long store() {
        topic = topic == topics - 1 ? 0 : topic + 1;
        rig.tick(topic);
        rig.turn();
        return rig.publisher.position();
    }
}
