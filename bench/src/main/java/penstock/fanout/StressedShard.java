package penstock.fanout;

import java.util.List;
import penstock.ring.FeedState;
import penstock.ring.Tick;
import penstock.ring.TickHandler;
import penstock.ring.TickPoller;
import penstock.ring.TickPublisher;
import penstock.ring.TickRing;
import penstock.ring.TopicState;
import penstock.ring.UpdateSlice;
import penstock.telemetry.Counters;
import penstock.telemetry.HoldMeter;
import penstock.telemetry.LatencyRecorder;

/**
 * A shard's turn and the feed, one against the other. A turn has been requested and begins, while the feed publishes
 * one update. One instance for each attempt; each half is one thread's.
 */
class StressedShard implements ShardThread, TickHandler {
    private static final Counters COUNTERS = new Counters("stress");
    private static final byte[] VALUE = {'1'};
    private static final long SOON_NS = 10_000_000;

    private final UpdateSlice update = new UpdateSlice().set(VALUE, 0, VALUE.length, 0, VALUE.length);
    private final TurnScheduler scheduler;
    private final TickPoller poller;
    private final TickPublisher publisher;
    private final int topic;
    private int requests;
    private int seen;

    /** {@code wasCoalescing}: the last turn left ticks in the ring until a deadline, for nothing was armed. */
    StressedShard(final boolean wasCoalescing) {
        final TickRing ring = new TickRing(8, 64);
        poller = ring.poller(COUNTERS);
        scheduler = new TurnScheduler(this, poller, () -> { }, new HoldMeter(COUNTERS), new LatencyRecorder());
        publisher = ring.publisher(COUNTERS, List.of(scheduler::wake));
        topic = publisher.addTopic(0, VALUE, 0, VALUE.length);
        publish();
        scheduler.begin();
        poller.poll(this);
        scheduler.end(0, wasCoalescing ? SOON_NS : Long.MAX_VALUE, !wasCoalescing);
        scheduler.request();
        requests = 0;
        seen = 0;
    }

    /** The feed's half. */
    final void publish() {
        publisher.publish(topic, TickPublisher.NO_TIME, 0, update);
        publisher.flush();
    }

    /** The shard's half: the turn that was requested. A subscription is armed at its end. */
    final void turn() {
        scheduler.begin();
        poller.poll(this);
        scheduler.end(0, Long.MAX_VALUE, true);
    }

    /** Updates that the turn saw. */
    final int seen() {
        return seen;
    }

    /** Turns that were requested meanwhile. */
    final int requests() {
        return requests;
    }

    @Override
    public void execute(final Runnable task) {
        requests++;
    }

    @Override
    public void executeAfter(final Runnable task, final long delayMs) {
        // no time passes
    }

    @Override
    public boolean isCurrent() {
        return true;
    }

    @Override
    public long nowNs() {
        return 0;
    }

    @Override
    public long epochUs(final long nowNs) {
        return 0;
    }

    @Override
    public void onTopic(final int id, final int channel, final byte[] payloads, final int offset,
            final int length, final long sinceQ) {
        // known before
    }

    @Override
    public void onValue(final Tick tick, final byte[] payloads) {
        seen++;
    }

    @Override
    public void onTopicState(final int id, final TopicState state, final String reason, final long sinceUs,
            final long p) {
        // never sent
    }

    @Override
    public void onFeedState(final int feed, final FeedState state, final String reason, final long sinceUs,
            final long retryInMs, final long p) {
        // never sent
    }
}
