package penstock.oracle;

import java.util.function.LongSupplier;
import java.util.function.LongUnaryOperator;
import penstock.time.FeedClock;

/**
 * The feed thread of a simulation. One thread.
 *
 * @param time  monotonic, ns
 * @param epoch the wall clock at such a time, us
 */
public record SimulatedFeedThread(Timeline.Actor actor, LongSupplier time, LongUnaryOperator epoch)
        implements FeedClock {
    @Override
    public long nowNs() {
        return time.getAsLong();
    }

    @Override
    public long epochUs() {
        return epoch.applyAsLong(nowNs());
    }

    @Override
    public Timer executeAfter(final Runnable task, final long delayMs) {
        return actor.executeAfter(task, delayMs * 1_000_000)::cancel;
    }

    @Override
    public void execute(final Runnable task) {
        actor.execute(task);
    }
}
