package penstock.recording.delay;

import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import penstock.config.relay.FeedConfig;
import penstock.recording.RecordingClock;
import penstock.recording.RecordingFiles;
import penstock.time.FeedClock;
import penstock.upstream.UpstreamFactory;
import penstock.venue.Venue;

/** The delayed feeds of a relay. Owned by the threads that start, reload and stop the relay, one at a time. */
public final class DelayedFeeds implements AutoCloseable {
    private final RecordingClock clock;
    private final Map<Integer, DelayedUpstreams> started = new ConcurrentHashMap<>();

    /** {@code clock} is that of the recordings. */
    public DelayedFeeds(final RecordingClock clock) {
        this.clock = clock;
    }

    /**
     * The connections of a delayed feed, to the recording of the other one in {@code directory}; {@code run} tells the
     * feed from all others.
     */
    public UpstreamFactory over(final int run, final FeedConfig.Delayed delayed, final String directory,
            final Venue venue, final FeedClock feedClock) {
        final DelayedUpstreams upstreams = new DelayedUpstreams(
            new DelayedFeed(RecordingFiles.feedName(delayed.of()), Path.of(directory),
            TimeUnit.MILLISECONDS.toNanos(delayed.byMs())), venue, clock, feedClock);
        started.put(run, upstreams);
        return upstreams;
    }

    /** Ends the thread of a feed, if it is delayed. */
    public void stop(final int run) {
        final DelayedUpstreams upstreams = started.remove(run);
        if (upstreams != null) {
            upstreams.stop();
        }
    }

    @Override
    public void close() {
        started.values().forEach(DelayedUpstreams::stop);
    }
}
