package penstock;

import java.util.List;
import penstock.fanout.Shard;
import penstock.feed.FeedProxy;
import penstock.telemetry.JvmGauges;
import penstock.telemetry.LatencyRecorder;
import penstock.telemetry.Telemetry;

/** The gauges and latencies of a relay. Registered once, by the thread that starts it. */
final class RelayGauges {
    private static final String QUEUEING =
        "Time from reading an update's frame, or from the end of its subscriber's interval, to the write.";
    private static final String DWELL =
        "Time from reading an update's frame to the end of the subscriber's interval: conflation, not delay.";

    private RelayGauges() {
    }

    /** The first shard answers for all: every shard learns the same topics and the same state of the feed. */
    static void register(final Telemetry telemetry, final List<Shard> shards, final FeedProxy feed) {
        final Shard shard = shards.get(0);
        telemetry.gauge("penstock_sessions", "Sessions open now.", "",
            () -> shards.stream().mapToInt(Shard::sessionCount).sum());
        telemetry.gauge("penstock_subscriptions", "Subscriptions open now.", "",
            () -> shards.stream().mapToInt(Shard::subscriptionCount).sum());
        telemetry.gauge("penstock_topics", "Known topics.", "", () -> shard.topics().size());
        telemetry.gauge("penstock_feed_live", "1 while the feed is live.", "", () -> shard.isReady() ? 1 : 0);
        telemetry.gauge("penstock_feed_connections", "Upstream connections that deliver data.", "",
            feed::liveConnections);
        telemetry.gauge("penstock_feed_wanted", "Topics that the relay subscribes to at the venue.", "",
            feed::interestCount);
        JvmGauges.register(telemetry);
    }

    static LatencyRecorder queueing(final Telemetry telemetry, final String owner) {
        return telemetry.latency("penstock_queueing", QUEUEING, owner);
    }

    static LatencyRecorder dwell(final Telemetry telemetry, final String owner) {
        return telemetry.latency("penstock_dwell", DWELL, owner);
    }
}
