package penstock.recording.delay;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import penstock.config.relay.FeedConfig;
import penstock.config.relay.RelayConfig;
import penstock.recording.RecordingClock;
import penstock.recording.RecordingFiles;
import penstock.time.FeedClock;
import penstock.upstream.UpstreamFactory;
import penstock.venue.Venue;

/** The delayed feeds of a relay. Owned by the thread that starts and stops the relay. */
public final class DelayedFeeds implements AutoCloseable {
    private final Map<Integer, DelayedFeed> feeds = new HashMap<>();
    private final List<Venue> venues;
    private final RecordingClock clock;
    private final List<DelayedUpstreams> started = new CopyOnWriteArrayList<>();

    /** As configured; {@code venues} are those of the feeds, {@code clock} is that of the recordings. */
    public DelayedFeeds(final RelayConfig config, final List<Venue> venues, final RecordingClock clock) {
        this.venues = venues;
        this.clock = clock;
        int number = 0;
        for (final FeedConfig feed : config.feeds().values()) {
            final FeedConfig.Delayed delayed = feed.reception().delayed();
            if (delayed.of() != null) {
                final FeedConfig other = config.upstreams().feeds().get(delayed.of());
                feeds.put(number, new DelayedFeed(RecordingFiles.feedName(delayed.of()), Path.of(other.record()),
                    TimeUnit.MILLISECONDS.toNanos(delayed.byMs())));
            }
            number++;
        }
    }

    /** The connections of the feed of this number: to the recording, if it is delayed, else {@code network}. */
    public UpstreamFactory over(final int feed, final UpstreamFactory network, final FeedClock feedClock) {
        final DelayedFeed delayed = feeds.get(feed);
        if (delayed == null) {
            return network;
        }
        final DelayedUpstreams upstreams = new DelayedUpstreams(delayed, venues.get(feed), clock, feedClock);
        started.add(upstreams);
        return upstreams;
    }

    @Override
    public void close() {
        started.forEach(DelayedUpstreams::stop);
    }
}
