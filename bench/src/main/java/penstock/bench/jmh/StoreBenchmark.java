package penstock.bench.jmh;

import penstock.fanout.format.WebSocketFormat;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;

/**
 * What a tick costs, from the publisher into the shard's table, while every session holds: the same for 1 and for
 * 10,000 of them. One operation is one tick and one turn of the shard.
 */
public class StoreBenchmark extends TimedBenchmark {
    /** Sessions that hold, each on 100 of 1,000 topics. */
    @Param({"1", "1000", "10000"})
    public int sessions;

    private ShardRig rig;
    private int topic;

    /** Everybody was just flushed and holds for a minute. */
    @Setup
    public void setup() {
        rig = new ShardRig();
        rig.open(sessions, 100, WebSocketFormat.PLAIN, 60_000);
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
