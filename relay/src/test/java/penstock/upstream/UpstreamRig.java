package penstock.upstream;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import penstock.testkit.Patience;
import penstock.venue.spec.UpstreamUrl;

/** One connection on a feed thread of its own, with the servers of the test at the other end. */
abstract class UpstreamRig {
    final RecordingListener events = new RecordingListener();
    /** What the servers have seen. */
    final BlockingQueue<Object> seen = new LinkedBlockingQueue<>();
    FeedThread feed;
    Upstream upstream;

    @BeforeEach
    final void start() throws Exception {
        feed = new FeedThread();
    }

    @AfterEach
    final void stop() throws Exception {
        if (upstream != null) {
            feed.run(upstream::abort);
        }
        feed.close();
        assertThat(feed.failures).isEmpty();
    }

    final void connect(final String url, final UpstreamSettings settings, final ProxyRoutes routes) throws Exception {
        upstream = feed.call(() -> new UpstreamConnector(feed.thread, feed.clock, settings, routes)
            .connect(UpstreamUrl.parse(url), events));
    }

    final Object next() throws InterruptedException {
        return seen.poll(Patience.SECONDS, TimeUnit.SECONDS);
    }
}
