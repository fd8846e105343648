package penstock.upstream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import penstock.testkit.Patience;
import penstock.venue.spec.UpstreamUrl;

/** A defect that shows as an {@link Error} on the feed thread: it is reported once, and nothing spins. */
@Timeout(Patience.TEST_SECONDS)
class UpstreamErrorsTest {
    private static final Duration SOON = Patience.LIMIT;

    private final FeedThread feed = new FeedThread();

    UpstreamErrorsTest() throws Exception {
        assertThat(feed.failures).isEmpty();
    }

    @AfterEach
    void stop() throws Exception {
        feed.close();
    }

    @Test
    void shouldEndTheConnectionWhoseMessageThrowsAnError() throws Exception {
        final AtomicInteger closes = new AtomicInteger();
        final RecordingListener failing = new RecordingListener();
        failing.failsWith = new StackOverflowError("too deep");
        try (ScriptedServer server = new ScriptedServer(peer -> {
            peer.accept().text("{\"a\":1}").text("{\"a\":2}");
            peer.awaitEnd();
            closes.incrementAndGet();
        })) {
            feed.call(() -> new UpstreamConnector(feed.thread, feed.clock,
                new UpstreamSettings(Map.of(), null, false, 1 << 20, 1 << 20, 5_000, null), ProxyRoutes.DIRECT)
                .connect(UpstreamUrl.parse(server.url()), failing));
            assertThat(failing.awaitLoss().detail()).isEqualTo("internal error: too deep");
            // the connection ends first, then its error is reported, and the server may see the end in between
            await().atMost(SOON).until(() -> closes.get() == 1 && !feed.failures.isEmpty());
        }
        assertThat(failing.events).as("after the end").isEmpty();
        assertThat(feed.failures).singleElement().isInstanceOf(StackOverflowError.class);
    }

    @Test
    void shouldRunTheOtherTasksAndTimersAfterOneThatThrowsAnError() {
        final AtomicInteger runs = new AtomicInteger();
        feed.clock.execute(() -> {
            throw new LinkageError("a task");
        });
        feed.clock.execute(() -> feed.clock.executeAfter(() -> {
            throw new AssertionError("a timer");
        }, 1));
        feed.clock.execute(() -> feed.clock.executeAfter(runs::incrementAndGet, 5));
        await().atMost(SOON).until(() -> runs.get() == 1 && feed.failures.size() == 2);
        assertThat(feed.failures.stream().map(Throwable::getMessage)).containsExactly("a task", "a timer");
    }
}
