package penstock.running;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import penstock.finding.FindingWatch;
import penstock.server.ops.FeedReadings;
import penstock.telemetry.Telemetry;
import penstock.topic.Feed;
import penstock.topic.TopicTable;

/**
 * What is counted, watched and shown of the feeds, and of those that come. A feed in the place of another one is shown
 * instead of it. Changed by the threads that start and reload the relay, one at a time.
 */
public final class FeedGauges {
    private static final String FEED = "feed";

    private final Telemetry telemetry;
    private final FindingWatch findings;
    private final RunningFeeds feeds;
    /** Of any shard: each learns the same states of feeds. */
    private final TopicTable topics;
    /** By number; null at the place of merged channels. */
    private final List<FeedReadings> readings = new CopyOnWriteArrayList<>();

    /** Of {@code feeds}, whose states are those of {@code topics}. */
    public FeedGauges(final Telemetry telemetry, final FindingWatch findings, final RunningFeeds feeds,
            final TopicTable topics) {
        this.telemetry = telemetry;
        this.findings = findings;
        this.feeds = feeds;
        this.topics = topics;
    }

    /** For the operator's page; it grows as feeds come. */
    public List<FeedReadings> readings() {
        return readings;
    }

    void onBegun(final RunningFeed feed) {
        final int number = feed.planned().number();
        final String label = feed.proxy().place().name() == null ? "" : feed.proxy().place().name();
        if (!label.isEmpty()) {
            telemetry.forget(FEED, label);
        }
        live(label, number);
        telemetry.gauge("penstock_feed_connections", "Upstream connections that deliver data.",
            feed.proxy()::liveConnections, FEED, label);
        telemetry.gauge("penstock_feed_wanted", "Topics that the relay subscribes to at the venue.",
            feed.proxy()::interestCount, FEED, label);
        VenueGauges.register(telemetry, feed.planned().plan());
        if (feed.recording() != null) {
            feeds.thread().recorder().register(feed.recording());
        }
        findings.watch(number, feed.planned().venue().counts(), feed.planned().venue().channels().size(),
            telemetry.counters(feed.proxy().place().owner()), () -> !feed.proxy().rejectedSymbols().isEmpty(),
            () -> feeds.thread().recorder().report(number));
        while (readings.size() <= number) {
            readings.add(null);
        }
        readings.set(number, readings(number, feed));
    }

    /** Whether a feed is live, by its number; {@code label} is its name. */
    public void live(final String label, final int number) {
        telemetry.gauge("penstock_feed_live", "1 while the feed is live.", () -> {
            final List<Feed> all = topics.feeds();
            return number < all.size() && all.get(number).isReady() ? 1 : 0;
        }, FEED, label);
    }

    private FeedReadings readings(final int number, final RunningFeed feed) {
        return new FeedReadings(feed.planned().name(), telemetry.counters(feed.proxy().place().owner()),
            feed.proxy()::liveConnections, feed.proxy()::interestCount, feed.proxy()::detail,
            feed.planned().venue().counts()::worstLagUs, () -> feeds.report(number));
    }
}
