package penstock.feed;

import java.util.random.RandomGenerator;
import penstock.time.BackOff;
import penstock.time.SlidingWindow;
import penstock.upstream.UpstreamFactory;
import penstock.venue.spec.ConnectionSpec;

/**
 * Makes the connections of one feed, within its common rate limit, while none is refused. Owned by the feed thread.
 */
final class FeedDialer {
    /** Until a refused connection asks again. */
    private static final long REFUSED_MS = 50;

    private final UpstreamFactory upstreams;
    private final SlidingWindow connects;
    private final RandomGenerator random;
    private String refusal;
    private Runnable onEvicted;

    /** {@code connects}: the limit of attempts over all connections, null = none. */
    FeedDialer(final UpstreamFactory upstreams, final SlidingWindow connects, final RandomGenerator random) {
        this.upstreams = upstreams;
        this.connects = connects;
        this.random = random;
    }

    UpstreamFactory upstreams() {
        return upstreams;
    }

    RandomGenerator random() {
        return random;
    }

    /** No connection from now on, and why, in words for the operator; null = as many as wanted. */
    void refuse(final String why) {
        refusal = why;
    }

    /** From now on {@code asked} runs when the venue says that somebody else has logged in; it is to allow others. */
    void onEvicted(final Runnable asked) {
        onEvicted = asked;
    }

    /** The venue says that somebody else has logged in. */
    void evicted() {
        if (onEvicted != null) {
            refuse("the venue says that another has logged in: the lease is being confirmed");
            onEvicted.run();
        }
    }

    /** Takes a permit for an attempt and returns 0, or returns how long to wait for one. */
    long takeOrWaitMs(final long nowNs) {
        return refusal != null ? REFUSED_MS : SlidingWindow.takeOrWaitMs(connects, nowNs);
    }

    /** Why an attempt waits, in words for the operator. */
    String words(final long waitMs) {
        return refusal != null ? refusal : "connect rate limited, next attempt in " + waitMs + " ms";
    }

    BackOff newBackOff(final ConnectionSpec connection) {
        return new BackOff(connection.reconnect().minMs(), connection.reconnect().maxMs(), random);
    }
}
