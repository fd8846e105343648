package penstock.recording.delay;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.StringReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import penstock.recording.RecordingClock;
import penstock.time.FeedClock;
import penstock.time.IoThreadClock;
import penstock.upstream.FeedThread;
import penstock.upstream.SnapshotFetch;
import penstock.upstream.Upstream;
import penstock.upstream.UpstreamListener;
import penstock.upstream.UpstreamLoss;
import penstock.venue.Venue;
import penstock.venue.VenueReader;
import penstock.venue.spec.UpstreamUrl;

/** Connections to a recording, with the thread that reads it, and a clock of the recording that the test turns. */
class DelayedUpstreamsTest {
    private static final long LAG_NS = 900_000_000_000L;
    private static final UpstreamUrl URL = UpstreamUrl.parse("recording:live");
    private static final String VENUE = """
        name = test
        channels { quote { default = true } }
        subscribe { message = "sub {symbols}" }
        messages { rules = [ { name = quote, match { "$" = "*" }, key = "$/s" } ] }
        replay { on-open = [hello], answers = [ { equals = "sub A", send = "ok", starts = true } ] }
        """;

    @TempDir
    private Path folder;
    private final AtomicLong nowNs = new AtomicLong();
    private final RecordingClock clock = new RecordingClock(nowNs::get, 1_796_117_400_000_000_000L, "boot");
    private final List<String> seen = new CopyOnWriteArrayList<>();
    private FeedThread feed;
    private FeedClock feedClock;
    private DelayedUpstreams upstreams;
    private volatile Upstream upstream;

    @BeforeEach
    void start() throws Exception {
        feed = new FeedThread();
        feedClock = new IoThreadClock(feed.thread, failure -> seen.add("failed: " + failure));
    }

    @AfterEach
    void stop() throws Exception {
        upstreams.stop();
        feed.close();
    }

    @Test
    void shouldSayWhenTheFirstValuesAreDueAndThenAnswerAsTheVenueAndPlay() throws Exception {
        try (GrowingRecording recording = new GrowingRecording(folder, clock)) {
            begin();
            connect();
            awaitSeen("closed the recording of feed live has nothing yet; the first values are due after 15m, again in "
                + "60000 ms");
            recording.message(clock.nowNs(), "first");
            recording.flush();
            connectUntil("closed the recording of feed live has no values yet that are old enough; the first are due "
                + "in 15 min, again in 60000 ms");
            nowNs.addAndGet(LAG_NS - 20_000_000_000L);
            connectUntil("closed the recording of feed live has no values yet that are old enough; the first are due "
                + "in 20 s, again in 20000 ms");
            nowNs.addAndGet(20_000_000_000L);
            connectUntil("open");
            say("sub A");
            awaitSeen("open", "hello", "ok", "source 1", "first");
        }
    }

    @Test
    void shouldLoseItsConnectionWhereTheOtherOneDidAndGoOnBehindIt() throws Exception {
        try (GrowingRecording recording = new GrowingRecording(folder, clock)) {
            final long longAgoNs = clock.nowNs() - 2 * LAG_NS;
            recording.message(longAgoNs, "before");
            recording.mark("#" + longAgoNs + " close 1 upstream_silent");
            recording.message(longAgoNs, "between");
            recording.mark("#" + longAgoNs + " lost 3");
            recording.message(longAgoNs, "behind");
            recording.flush();
            begin();
            connectUntil("open");
            say("sub A");
            awaitSeen("open", "hello", "ok", "source 1", "before",
                "closed the connection of feed live ended at this time");
            seen.clear();
            connectUntil("open");
            say("sub A");
            awaitSeen("open", "hello", "ok", "source 1", "between",
                "closed the recording of feed live lacks 3 messages at this time");
            seen.clear();
            connectUntil("open");
            say("sub A");
            awaitSeen("open", "hello", "ok", "source 1", "behind");
        }
    }

    /** The venue may count what it sends by each connection, and give names that it alone knows. */
    @Test
    void shouldSayWhichOfSeveralConnectionsAMessageCameBy() throws Exception {
        try (GrowingRecording recording = new GrowingRecording(folder, clock)) {
            final long longAgoNs = clock.nowNs() - 2 * LAG_NS;
            recording.message(longAgoNs, 1, "one");
            recording.message(longAgoNs, 2, "two");
            recording.message(longAgoNs, 2, "of two");
            recording.mark("#" + longAgoNs + " close 2 upstream_silent");
            recording.message(longAgoNs, 1, "of one");
            recording.flush();
            begin();
            connectUntil("open");
            say("sub A");
            awaitSeen("open", "hello", "ok", "source 1", "one", "source 2", "two", "of two", "source 1", "of one");
        }
    }

    @Test
    void shouldGoOnWithTheNextFileBehindOneThatIsDamaged() throws Exception {
        final long longAgoNs = clock.nowNs() - 2 * LAG_NS;
        try (GrowingRecording damaged = new GrowingRecording(folder, clock)) {
            damaged.message(longAgoNs, "before");
            damaged.mark("what is this");
            damaged.message(longAgoNs, "unread");
        }
        nowNs.addAndGet(1_000_000_000);
        try (GrowingRecording next = new GrowingRecording(folder, clock)) {
            next.message(longAgoNs, "behind");
            next.flush();
            begin();
            connectUntil("open");
            say("sub A");
            await().until(() -> seen.size() == 6);
            assertThat(seen).startsWith("open", "hello", "ok", "source 1", "before");
            assertThat(seen.get(5)).startsWith("closed ").contains(".rx.gz:3: ", "is expected, got 'what is this'");
            connectUntil("open");
            say("sub A");
            awaitSeen("open", "hello", "ok", "source 1", "behind");
        }
    }

    @Test
    void shouldAnswerRequestsForSnapshotsFromTheRecordingAlone() throws Exception {
        final SnapshotFetch.Request asked = SnapshotFetch.Request.get(URI.create("https://venue.example/depth"), 200,
            1 << 20);
        try (GrowingRecording recording = new GrowingRecording(folder, clock)) {
            recording.fetched(clock.nowNs() - 2 * LAG_NS, asked.key(), "snapshot");
            recording.flush();
            begin();
            feedClock.execute(() -> seen.clear());
            fetch(asked);
            awaitSeen("null the recording has no answer to this request at this time");
            seen.clear();
            connectUntil("open");
            say("sub A");
            awaitSeen("open", "hello", "ok");
            fetch(asked);
            awaitSeen("open", "hello", "ok", "snapshot null");
        }
    }

    private void begin() throws Exception {
        final Venue venue = VenueReader.read(new StringReader(VENUE), "test.conf", name -> null);
        upstreams = new DelayedUpstreams(new DelayedFeed("live", folder, LAG_NS), venue, clock, feedClock);
    }

    private void connect() {
        feedClock.execute(() -> upstream = upstreams.connect(URL, new Listener()));
    }

    /** What the reader says is as old as its last look. */
    private void connectUntil(final String first) {
        await().until(() -> {
            seen.clear();
            connect();
            await().until(() -> !seen.isEmpty());
            return seen.get(0).equals(first);
        });
    }

    private void say(final String text) {
        await().until(() -> seen.contains("hello"));
        feedClock.execute(() -> upstream.sendText(text.getBytes(StandardCharsets.UTF_8)));
    }

    private void fetch(final SnapshotFetch.Request asked) {
        feedClock.execute(() -> upstreams.snapshots().fetch(asked, fetched -> seen.add(
            (fetched.body() == null ? "null" : new String(fetched.body(), StandardCharsets.UTF_8)) + " "
            + fetched.problem())));
    }

    private void awaitSeen(final String... expected) {
        await().untilAsserted(() -> assertThat(seen).containsExactly(expected));
    }

    private final class Listener implements UpstreamListener {
        @Override
        public void onOpen() {
            seen.add("open");
        }

        @Override
        public void onAlive(final long nowNs) {
            assertThat(nowNs).isPositive();
        }

        @Override
        public void onSource(final long source) {
            seen.add("source " + source);
        }

        @Override
        public void onText(final byte[] buffer, final int offset, final int length, final long receivedNs) {
            seen.add(new String(buffer, offset, length, StandardCharsets.UTF_8));
        }

        @Override
        public void onBinary(final byte[] buffer, final int offset, final int length, final long receivedNs) {
            seen.add("binary");
        }

        @Override
        public boolean onPing(final byte[] payload, final int offset, final int length) {
            return true;
        }

        @Override
        public void onBatchEnd() {
            // what matters is what came
        }

        @Override
        public void onClosed(final UpstreamLoss loss) {
            seen.add("closed " + loss.detail() + (loss.retryAfterMs() < 0 ? ""
                : ", again in " + loss.retryAfterMs() + " ms"));
        }
    }
}
