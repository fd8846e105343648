package penstock.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import penstock.ring.TickRing;
import penstock.telemetry.Counters;
import penstock.telemetry.Telemetry;
import penstock.testkit.Seeds;
import penstock.testkit.TestShards;
import penstock.topic.Channel;
import penstock.topic.TopicTable;
import penstock.wire.SessionLimits;

/**
 * A feed thread and an io thread that really run at once: each published tick is seen, however the two meet at the
 * flag.
 */
class ShardWakeTest {
    private static final int ROUNDS = 100_000;
    private static final long LOST_NS = 5_000_000_000L;
    /**
     * All rounds take half a second where both threads have a core, 25 s where other work has them: then the two hardly
     * run at once, each round waits for a turn of the scheduler, and more of them show nothing more.
     */
    private static final long ENOUGH_NS = 5_000_000_000L;
    private static final int ROUNDS_AT_LEAST = 1_000;

    @RegisterExtension
    private final Seeds seeds = new Seeds();

    @Test
    void shouldLoseNoWakeUp() throws InterruptedException {
        final Telemetry telemetry = new Telemetry();
        final Counters counters = new Counters("shard");
        final TickRing ring = new TickRing(256, 1 << 16);
        final SpinningThread io = new SpinningThread();
        final TopicTable topics = new TopicTable(List.of(new Channel(0, "quote", "last-value", true)), 7, 0);
        final Shard shard = TestShards.shard(io, ring.poller(counters), topics,
            new SessionTimeouts(LOST_NS, LOST_NS, LOST_NS, LOST_NS), new SessionLimits(1, 1, 1, 1, 0, 1), counters,
            telemetry.errors());
        final ModelFeed feed = new ModelFeed(ring.publisher(counters, List.of(new ShardProxy(io, shard)::wake)));
        io.afterEachTask = () -> io.position = topics.position();
        io.start();
        final Random random = seeds.random();
        final long startNs = System.nanoTime();
        try {
            for (int round = 0; round < ROUNDS
                    && (round < ROUNDS_AT_LEAST || System.nanoTime() - startNs < ENOUGH_NS); round++) {
                for (int i = random.nextInt(3); i >= 0; i--) {
                    feed.tick("EURUSD", io.nowNs());
                    feed.flush();
                    for (int spin = random.nextInt(60); spin > 0; spin--) {
                        Thread.onSpinWait();
                    }
                }
                final long beganNs = System.nanoTime();
                while (io.position < feed.position()) {
                    assertThat(System.nanoTime() - beganNs)
                        .as("lost in round " + round).isLessThan(LOST_NS);
                    Thread.yield();
                }
            }
        } finally {
            io.stopped = true;
            io.join();
        }
    }

    /** Runs one task at a time, without a lock that would order what must be ordered by itself. */
    private static final class SpinningThread extends Thread implements ShardThread {
        private final AtomicReference<Runnable> task = new AtomicReference<>();
        private volatile long position;
        private volatile boolean stopped;
        private Runnable afterEachTask;

        @Override
        public void run() {
            while (!stopped) {
                final Runnable next = task.getOpaque() == null ? null : task.getAndSet(null);
                if (next == null) {
                    Thread.yield();
                } else {
                    next.run();
                    afterEachTask.run();
                }
            }
        }

        @Override
        public void execute(final Runnable next) {
            while (!task.compareAndSet(null, next)) {
                Thread.onSpinWait();
            }
        }

        @Override
        public void executeAfter(final Runnable next, final long delayMs) {
            throw new AssertionError("nothing is late here");
        }

        @Override
        public boolean isCurrent() {
            return Thread.currentThread() == this;
        }

        @Override
        public long nowNs() {
            return System.nanoTime();
        }

        @Override
        public long epochUs(final long nowNs) {
            return nowNs / 1000;
        }
    }
}
