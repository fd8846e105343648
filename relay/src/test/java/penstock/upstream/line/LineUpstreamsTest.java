package penstock.upstream.line;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import penstock.time.FeedClock;
import penstock.time.IoThreadClock;
import penstock.upstream.FeedThread;
import penstock.upstream.Upstream;
import penstock.upstream.UpstreamListener;
import penstock.upstream.UpstreamLoss;
import penstock.upstream.UpstreamSettings;
import penstock.venue.spec.UpstreamUrl;

/** Lines of the standard input, which the process has once. */
class LineUpstreamsTest {
    private final List<String> seen = new CopyOnWriteArrayList<>();
    private final AtomicInteger batches = new AtomicInteger();
    private final PipedOutputStream input = new PipedOutputStream();
    private FeedThread feed;
    private FeedClock clock;
    private LineUpstreams upstreams;

    @BeforeEach
    void start() throws Exception {
        feed = new FeedThread();
        clock = new IoThreadClock(feed.thread, failure -> seen.add("failed: " + failure));
        upstreams = new LineUpstreams((url, listener) -> null, clock,
            new UpstreamSettings(Map.of(), null, false, 1 << 10, 1 << 10, 10_000, null),
            new StandardInput(new PipedInputStream(input)));
    }

    @AfterEach
    void stop() throws Exception {
        feed.close();
    }

    @Test
    void shouldReadLinesUntilTheEndAndThenSayThatThereIsNothingMore() throws Exception {
        open("a");
        write("1\n2");
        awaitSeen("a open", "a 1");
        input.close();
        final String end = "closed DISCONNECTED stdin has ended; the last values stay, and new ones need another start "
            + "of the relay, again in 3600000 ms";
        awaitSeen("a open", "a 1", "a 2", "a " + end);
        open("b");
        awaitSeen("a open", "a 1", "a 2", "a " + end, "b " + end);
        assertThat(batches.get()).isEqualTo(2);
    }

    @Test
    void shouldGiveTheRestToTheNextConnection() throws Exception {
        final Upstream first = open("a");
        awaitSeen("a open");
        write("1\n");
        awaitSeen("a open", "a 1");
        clock.execute(first::abort);
        write("2\n3\n");
        open("b");
        awaitSeen("a open", "a 1", "b open", "b 2", "b 3");
    }

    @Test
    void shouldGiveItToOneConnectionOnly() {
        open("a");
        open("b");
        awaitSeen("a open", "b closed UNREACHABLE stdin is read by another connection already; one feed can have it, "
            + "again in -1 ms");
    }

    @Test
    void shouldPassOnTheBeginningOfALongLineAndSkipTheRest() {
        final List<String> lines = new ArrayList<>();
        final LineSplitter splitter = new LineSplitter(4, (bytes, offset, count) ->
            lines.add(new String(bytes, offset, count, StandardCharsets.UTF_8)));
        for (final String part : List.of("ab", "cd", "ef", "gh\n", "i\nj", "klm", "n\nopqr\n", "\nstuvw\nx\r\n\r\n")) {
            splitter.add(part.getBytes(StandardCharsets.UTF_8), part.length());
        }
        splitter.end();
        assertThat(lines).containsExactly("abcd", "i", "jklm", "opqr", "stuv", "x");
    }

    private Upstream open(final String name) {
        final Upstream[] opened = new Upstream[1];
        clock.execute(() -> opened[0] = upstreams.connect(UpstreamUrl.parse("stdin:"), new Listener(name)));
        await().until(() -> opened[0] != null);
        return opened[0];
    }

    private void write(final String text) throws Exception {
        input.write(text.getBytes(StandardCharsets.UTF_8));
        input.flush();
    }

    private void awaitSeen(final String... expected) {
        await().untilAsserted(() -> assertThat(seen).containsExactly(expected));
    }

    /** Notes what it is called with. */
    private final class Listener implements UpstreamListener {
        private final String name;

        Listener(final String name) {
            this.name = name;
        }

        @Override
        public void onOpen() {
            seen.add(name + " open");
        }

        @Override
        public void onAlive(final long nowNs) {
            assertThat(nowNs).isPositive();
        }

        @Override
        public void onText(final byte[] buffer, final int offset, final int length, final long receivedNs) {
            seen.add(name + " " + new String(buffer, offset, length, StandardCharsets.UTF_8));
        }

        @Override
        public void onBinary(final byte[] buffer, final int offset, final int length, final long receivedNs) {
            seen.add(name + " no text");
        }

        @Override
        public boolean onPing(final byte[] payload, final int offset, final int length) {
            return true;
        }

        @Override
        public void onBatchEnd() {
            batches.incrementAndGet();
        }

        @Override
        public void onClosed(final UpstreamLoss loss) {
            seen.add(name + " closed " + loss.reason() + " " + loss.detail() + ", again in " + loss.retryAfterMs()
                + " ms");
        }
    }
}
