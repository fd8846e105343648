package penstock.bench.jmh;

import java.util.concurrent.TimeUnit;
import org.agrona.DeadlineTimerWheel;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Setup;
import penstock.fanout.schedule.EqualHolds;

/**
 * What it costs that a subscription holds for its interval: its deadline is set, and comes. A thousand subscriptions
 * with the same interval begin to hold together, as after the write of an update that all of them have. One operation
 * is one hold.
 */
public class HoldBenchmark extends TimedBenchmark {
    private static final int HOLDS = 1_000;
    private static final long INTERVAL_NS = 100_000_000;
    /** By then the shard has ended the last of many holds. */
    private static final long ENDED_NS = INTERVAL_NS + 10_000_000;
    /** 1 ms: an interval may not last longer than that beyond its end. */
    private static final long TICK_NS = 1 << 20;
    private static final int TICKS = 256;

    private final EqualHolds holds = new EqualHolds(HOLDS, INTERVAL_NS);
    private DeadlineTimerWheel wheel;
    private long nowNs;
    private long expired;

    /** Clocks begin at 0. */
    @Setup
    public void setup() {
        wheel = new DeadlineTimerWheel(TimeUnit.NANOSECONDS, 0, TICK_NS, TICKS);
    }

    /** In the shard's timers: a first-in first-out queue per interval. */
    @Benchmark
    @OperationsPerInvocation(HOLDS)
    public long queue() {
        holds.hold(nowNs);
        nowNs += ENDED_NS;
        return holds.expire(nowNs);
    }

    /** On Agrona's timer wheel: all deadlines are in one spoke. */
    @Benchmark
    @OperationsPerInvocation(HOLDS)
    public long wheel() {
        for (int i = 0; i < HOLDS; i++) {
            wheel.scheduleTimer(nowNs + INTERVAL_NS);
        }
        nowNs += ENDED_NS;
        while (wheel.timerCount() > 0) {
            wheel.poll(nowNs, (unit, now, timer) -> {
                expired++;
                return true;
            }, HOLDS);
        }
        return expired;
    }
}
