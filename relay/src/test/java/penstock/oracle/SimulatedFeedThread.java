package penstock.oracle;

import penstock.time.FeedClock;

/** The feed thread of a simulation. One thread. */
record SimulatedFeedThread(Timeline timeline, Timeline.Actor actor) implements FeedClock {
    @Override
    public long nowNs() {
        return timeline.nowNs();
    }

    @Override
    public long epochUs() {
        return MarketTopic.BASE_US + timeline.nowNs() / 1_000;
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
