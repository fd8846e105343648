package penstock.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import penstock.config.relay.FeedConfig;
import penstock.testkit.Patience;
import penstock.upstream.FeedThread;
import penstock.venue.RecordedRing;
import penstock.venue.Venue;

/** A feed over real sockets, with the servers of the test as its venue. At the end its error log is empty. */
abstract class NetworkFeedRig {
    final RecordedRing ring = new RecordedRing(1024);
    /** Why the feed gave up for good. */
    final List<String> fatal = new CopyOnWriteArrayList<>();
    /** What the servers have seen. */
    final BlockingQueue<Object> seen = new LinkedBlockingQueue<>();
    FeedThread feed;
    FeedProxy session;

    @BeforeEach
    final void start() throws Exception {
        feed = new FeedThread();
    }

    @AfterEach
    final void stop() throws Exception {
        if (session != null) {
            session.stop().get(Patience.SECONDS, TimeUnit.SECONDS);
        }
        feed.close();
        assertThat(ring.telemetry.errors().entries()).isEmpty();
    }

    final void begin(final Venue venue, final List<String> symbols, final String... urls) {
        begin(venue, new FeedConfig("test", venue.name(), List.of(urls), List.of(), symbols, Map.of()));
    }

    final void begin(final Venue venue, final FeedConfig config) {
        session = FeedProxy.over(feed.thread, FeedPlan.of(venue, config), null,
            (network, clock) -> network, ring.publisher, ring.telemetry, fatal::add);
        session.start();
    }

    final void awaitNews(final String expected) {
        await().pollInSameThread().until(() -> {
            ring.news();
            return ring.all.contains(expected);
        });
    }

    final Object next() throws InterruptedException {
        return seen.poll(Patience.SECONDS, TimeUnit.SECONDS);
    }
}
