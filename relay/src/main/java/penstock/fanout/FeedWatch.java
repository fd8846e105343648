package penstock.fanout;

import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import penstock.ring.FeedPulse;
import penstock.ring.FeedState;
import penstock.ring.TickHandler;
import penstock.telemetry.Counter;
import penstock.telemetry.Counters;
import penstock.topic.Feed;
import penstock.topic.TopicTable;

/**
 * Notices that the feed thread has given no sign of life for a second: then no loss of the feed is reported,
 * and old values would pass for live ones. Time counts only as far as this thread itself was awake, so a pause of the
 * whole process, such as a suspended machine, is no silence. Owned by the shard's io thread.
 */
final class FeedWatch {
    static final long EVERY_MS = 100;
    static final long SILENT_NS = 1_000_000_000L;
    private static final long MAX_STEP_NS = 2 * EVERY_MS * 1_000_000;
    /** Why the feed is stale while the feed thread gives no sign of life. */
    private static final String RELAY_STUCK = "relay_stuck";
    private static final long NO_RETRY = -1;
    private static final Logger LOG = LoggerFactory.getLogger(FeedWatch.class);

    private final ShardThread thread;
    private final FeedPulse pulse;
    private final Counters counters;
    private final Supplier<TopicTable> newestTopics;
    private final TickHandler shard;
    private final Runnable requestTurn;
    private final Runnable task = this::run;
    private long beats;
    private long lookedNs;
    private long silentNs;
    private boolean isSilent;

    /** {@code shard} learns that its feeds are stale; {@code newestTopics} takes what is in the ring before. */
    FeedWatch(final ShardThread thread, final FeedPulse pulse, final Counters counters,
            final Supplier<TopicTable> newestTopics, final TickHandler shard, final Runnable requestTurn) {
        this.thread = thread;
        this.pulse = pulse;
        this.counters = counters;
        this.newestTopics = newestTopics;
        this.shard = shard;
        this.requestTurn = requestTurn;
        lookedNs = thread.nowNs();
    }

    /** Looks at the pulse, and again every 100 ms. */
    void run() {
        thread.executeAfter(task, EVERY_MS);
        final long nowNs = thread.nowNs();
        if (pulse.beats() != beats) {
            beats = pulse.beats();
            silentNs = 0;
        } else {
            silentNs += Math.min(nowNs - lookedNs, MAX_STEP_NS);
        }
        lookedNs = nowNs;
        if (isSilent != silentNs >= SILENT_NS) {
            isSilent = !isSilent;
            if (isSilent) {
                LOG.error("the feed thread gives no sign of life: subscribers are sent stale until it does");
            } else {
                LOG.warn("the feed thread runs again");
            }
            report(!isSilent);
        }
    }

    /** What the feed thread published before it went silent comes first; what it publishes afterwards is newer. */
    private void report(final boolean isAlive) {
        final TopicTable topics = newestTopics.get();
        boolean isStuckNow = false;
        for (final Feed feed : topics.feeds()) {
            if (!isAlive && feed.isLive() || isAlive && RELAY_STUCK.equals(feed.status().reason())) {
                shard.onFeedState(feed.number(), isAlive ? FeedState.LIVE : FeedState.STALE,
                    isAlive ? null : RELAY_STUCK, thread.epochUs(thread.nowNs()), NO_RETRY, topics.position());
                requestTurn.run();
                isStuckNow |= !isAlive;
            }
        }
        if (isStuckNow) {
            counters.increment(Counter.FEED_STUCK);
        }
    }
}
