package penstock.oracle;

import java.util.function.LongSupplier;
import java.util.function.LongUnaryOperator;
import penstock.fanout.ShardThread;

/**
 * The io thread of a shard in a simulation. One thread.
 *
 * @param time  monotonic, ns
 * @param epoch the wall clock at such a time, us
 */
public record SimulatedIoThread(Timeline.Actor actor, LongSupplier time, LongUnaryOperator epoch)
        implements ShardThread {
    @Override
    public void execute(final Runnable task) {
        actor.execute(task);
    }

    @Override
    public void executeAfter(final Runnable task, final long delayMs) {
        actor.executeAfter(task, delayMs * 1_000_000);
    }

    @Override
    public boolean isCurrent() {
        return true;
    }

    @Override
    public long nowNs() {
        return time.getAsLong();
    }

    @Override
    public long epochUs(final long atNs) {
        return epoch.applyAsLong(atNs);
    }
}
