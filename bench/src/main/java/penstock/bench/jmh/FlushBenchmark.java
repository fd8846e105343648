package penstock.bench.jmh;

import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import penstock.fanout.format.SessionFormat;
import penstock.fanout.format.WebSocketFormat;
import penstock.testkit.WebSocketFormats;

/**
 * What a delivery costs without the system call: find what changed, encode it, build the frame, hand it to a socket
 * that takes all. One operation is an update delivered to one session.
 */
public class FlushBenchmark extends TimedBenchmark {
    private static final int SESSIONS = 1000;
    private static final int TICKS = 200;

    /** The protocol's envelope, or bare payloads. */
    @Param({"PROTOCOL", "RAW"})
    public String kind;

    private ShardRig broadcast;
    private ShardRig watchLists;
    private int topic;

    /** One shard where everybody wants everything at once, one with watch lists at 100 ms. */
    @Setup
    public void setup() {
        final SessionFormat format = kind.equals("RAW") ? WebSocketFormats.RAW : WebSocketFormat.PLAIN;
        broadcast = new ShardRig();
        broadcast.open(SESSIONS, ShardRig.TOPICS, format, 0);
        watchLists = new ShardRig();
        watchLists.open(SESSIONS, 100, format, 100);
    }

    /** One tick to a thousand sessions, each in a write of its own. */
    @Benchmark
    @OperationsPerInvocation(SESSIONS)
    public void broadcast() {
        topic = topic == ShardRig.TOPICS - 1 ? 0 : topic + 1;
        broadcast.tick(topic);
        broadcast.turn();
    }

    /** 200 of 1,000 topics change in an interval: each session gets 20 of its 100, in one write. */
    @Benchmark
    @OperationsPerInvocation(SESSIONS * TICKS / 10)
    public void watchLists() {
        for (int i = 0; i < TICKS; i++) {
            watchLists.tick((topic + i * 5) % ShardRig.TOPICS);
        }
        topic = topic == ShardRig.TOPICS - 1 ? 0 : topic + 1;
        watchLists.turn();
        watchLists.advanceMs(100);
        watchLists.wake();
    }
}
