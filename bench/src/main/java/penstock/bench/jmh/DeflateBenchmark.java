package penstock.bench.jmh;

import java.nio.charset.StandardCharsets;
import java.util.Random;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Setup;
import penstock.ring.UpdateSlice;

/**
 * What compression costs: a frame that a hundred sessions are sent, built plain, compressed for each session because
 * each has another name for its subscription, and compressed once. One operation is a frame to one session.
 */
public class DeflateBenchmark extends TimedBenchmark {
    private static final int SESSIONS = 100;
    private static final int VARIANTS = 64;

    /** Quotes in a frame: of 0.5 and of 8 KB. */
    @Param({"3", "52"})
    public int quotes;

    private final UpdateSlice slices = new UpdateSlice();
    private final byte[][] values = new byte[VARIANTS][];
    private ShardRig plain;
    private ShardRig perSession;
    private ShardRig shared;
    private int next;

    /** Three shards of the same sessions. */
    @Setup
    public void setup() {
        final Random random = new Random(1);
        for (int i = 0; i < VARIANTS; i++) {
            final int bid = 110_000 + random.nextInt(2_000);
            values[i] = ("{\"symbol\":\"FX0001\",\"bid\":1." + bid + ",\"ask\":1." + (bid + 2) + ",\"mid\":1."
                + (bid + 1)
                + ",\"ts\":1795197922" + (100_000 + random.nextInt(900_000)) + ",\"seq\":" + random.nextInt(100_000)
                + "}")
                .getBytes(StandardCharsets.UTF_8);
        }
        plain = new ShardRig();
        plain.openDeflating(SESSIONS, 0, false);
        perSession = new ShardRig();
        perSession.openDeflating(SESSIONS, 15, true);
        shared = new ShardRig();
        shared.openDeflating(SESSIONS, 15, false);
    }

    /** As it is without the extension. */
    @Benchmark
    @OperationsPerInvocation(SESSIONS)
    public void plain() {
        turn(plain);
    }

    /** No two frames are the same. */
    @Benchmark
    @OperationsPerInvocation(SESSIONS)
    public void deflatedAnew() {
        turn(perSession);
    }

    /** One in a hundred is compressed. */
    @Benchmark
    @OperationsPerInvocation(SESSIONS)
    public void shared() {
        turn(shared);
    }

    private void turn(final ShardRig rig) {
        for (int i = 0; i < quotes; i++) {
            final byte[] value = values[next++ % VARIANTS];
            rig.publish(i, slices.set(value, 0, value.length, 0, value.length));
        }
        rig.advanceMs(1);
        rig.turn();
    }
}
