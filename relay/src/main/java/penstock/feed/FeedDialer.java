package penstock.feed;

import java.util.random.RandomGenerator;
import penstock.time.BackOff;
import penstock.time.SlidingWindow;
import penstock.upstream.UpstreamFactory;
import penstock.venue.spec.ConnectionSpec;

/**
 * Makes the connections of one feed, within its common rate limit. Owned by the feed thread.
 *
 * @param connects the limit of attempts over all connections, null = none
 */
record FeedDialer(UpstreamFactory upstreams, SlidingWindow connects, RandomGenerator random) {
    /** Takes a permit for an attempt and returns 0, or returns how long to wait for one. */
    long takeOrWaitMs(final long nowNs) {
        return SlidingWindow.takeOrWaitMs(connects, nowNs);
    }

    BackOff newBackOff(final ConnectionSpec connection) {
        return new BackOff(connection.reconnect().minMs(), connection.reconnect().maxMs(), random);
    }
}
