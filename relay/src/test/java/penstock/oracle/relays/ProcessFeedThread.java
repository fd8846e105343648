package penstock.oracle.relays;

import penstock.oracle.Timeline;
import penstock.time.FeedClock;

/** The feed thread of a simulated process. One thread. */
record ProcessFeedThread(SimulatedProcess process, Timeline.Actor actor) implements FeedClock {
    @Override
    public long nowNs() {
        return process.timeline.nowNs();
    }

    @Override
    public long epochUs() {
        return process.epochUs(nowNs());
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
