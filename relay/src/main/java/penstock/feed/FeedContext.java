package penstock.feed;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.random.RandomGenerator;
import penstock.feed.book.SnapshotQueue;
import penstock.feed.request.RejectedSymbols;
import penstock.telemetry.Counters;
import penstock.time.BackOff;
import penstock.time.FeedClock;
import penstock.time.SlidingWindow;
import penstock.upstream.UpstreamFactory;
import penstock.venue.spec.ConnectionSpec;
import penstock.venue.spec.SubscribeSpec;
import penstock.venue.spec.UpstreamUrl;

/**
 * What the connections of one feed have in common. Owned by the feed thread.
 *
 * @param updates  where what they read goes
 * @param connects the limit of attempts over all of them, null = none
 * @param snapshots fetches those that do not come over the connections
 * @param refusals what the venue refused on any of them
 */
record FeedContext(
        FeedPlan plan, UpstreamFactory upstreams, FeedClock clock, RandomGenerator random, FeedMessageHandler updates,
        Counters counters,
        SlidingWindow connects, RejectedSymbols refusals, SnapshotQueue snapshots, Asked asked) {
    /** What the venue is asked for, and who must act on what it says to that. */
    interface Asked {
        /** Whether what this share tells of the topic counts. */
        boolean isWanted(ConnectionGroup share, int topic);

        void onRefused(ConnectionGroup share, Collection<SubscribeSpec.Item> items, String words);

        void onAccepted(ConnectionGroup share, Collection<SubscribeSpec.Item> items);

        /** The venue sends no more over this connection. */
        void onNoRoom(ConnectionGroup share, Collection<SubscribeSpec.Item> items, String words);
    }

    ConnectionSpec connection() {
        return plan.venue().connection();
    }

    SubscribeSpec subscribe() {
        return plan.venue().subscribe();
    }

    /** What the venue is asked for to get a topic, null when it can't be asked. */
    SubscribeSpec.Item item(final int channel, final String symbol) {
        return plan.item(channel, symbol);
    }

    BackOff newBackOff() {
        return new BackOff(connection().reconnect().minMs(), connection().reconnect().maxMs(), random);
    }

    /** The addresses, beginning at one: two connections that tell the same are of most use at two addresses. */
    List<UpstreamUrl> urlsFrom(final int turn) {
        final List<UpstreamUrl> urls = new ArrayList<>(plan.urls());
        Collections.rotate(urls, -turn);
        return urls;
    }
}
