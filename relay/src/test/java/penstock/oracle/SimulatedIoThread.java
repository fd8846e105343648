package penstock.oracle;

import java.util.Random;
import penstock.fanout.ShardThread;

/** The io thread of a shard in a simulation; now and then a task takes some milliseconds. One thread. */
record SimulatedIoThread(Timeline timeline, Timeline.Actor actor, Random random) implements ShardThread {
    private static final int SELDOM = 200;
    private static final int MOST_NS = 5_000_000;

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
        if (random.nextInt(SELDOM) == 0) {
            timeline.spend(random.nextInt(MOST_NS));
        }
        return timeline.nowNs();
    }

    @Override
    public long epochUs(final long atNs) {
        return MarketTopic.BASE_US + atNs / 1_000;
    }
}
