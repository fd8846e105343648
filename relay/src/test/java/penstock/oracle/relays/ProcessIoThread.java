package penstock.oracle.relays;

import penstock.fanout.ShardThread;
import penstock.oracle.Timeline;

/** The io thread of a shard in a simulated process. One thread. */
record ProcessIoThread(SimulatedProcess process, Timeline.Actor actor) implements ShardThread {
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
        return process.timeline.nowNs();
    }

    @Override
    public long epochUs(final long atNs) {
        return process.epochUs(atNs);
    }
}
