package penstock.feed;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.StringReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import penstock.config.relay.FeedConfig;
import penstock.feed.tick.SessionState;
import penstock.ring.FeedState;
import penstock.ring.Tick;
import penstock.ring.TickHandler;
import penstock.ring.TopicState;
import penstock.telemetry.Counter;
import penstock.testkit.ManualClock;
import penstock.upstream.LossReason;
import penstock.upstream.UpstreamListener;
import penstock.venue.RecordedRing;
import penstock.venue.Venue;
import penstock.venue.VenueReader;

class FeedSessionTest {
    private static final String PLAIN = """
        name = plain
        connection { idle { any-frame = 10s, data = 30s }, reconnect { min = 1s, max = 8s, reset-after = 60s } }
        channels { quote { class = last-value, default = true } }
        subscribe {
          message = \"""{"subscribe":{symbols|json},"id":{id}}\"""
          batch = 2
          ack { match { "$/ok" = true }, timeout = 5s, retries = 0 }
        }
        messages {
          text = [ { equals = pong, as = heartbeat } ]
          rules = [
            { name = ok, match { "$/ok" = true }, as = ack }
            { name = no, match { "$/ok" = false }, as = nack }
            { name = bye, match { "$/bye" = "*" }, as = fatal }
            { name = move, match { "$/move" = "*" }, as = rollover }
            { name = trouble, match { "$/trouble" = "*" }, as = error }
            { name = noise, match { "$/noise" = "*" }, as = ignore }
            { name = quote, match { "$/s" = "*" }, channel = quote, key = "$/s", emit = "$/v" }
          ]
        }
        """;
    private static final String LOGIN = PLAIN + """
        session = [
          { await-text = Connected, timeout = 3s }
          { send = \"""{"login":"{env:FEED_KEY}"}\""" }
          { await { "$/login" = ok }, fail { "$/login" = bad }, on-fail = %s, timeout = 3s }
        ]
        """;

    private final ManualClock clock = new ManualClock();
    private final FakeUpstreams upstreams = new FakeUpstreams(clock);
    private final List<String> fatal = new ArrayList<>();
    private RecordedRing ring = new RecordedRing(1024);
    private FeedProxy session;
    private long received;

    @Test
    void shouldBeLiveWithTheFirstUpdateAndNotBefore() {
        start(PLAIN);
        assertThat(session.state()).isEqualTo(SessionState.CONNECTING);
        upstreams.last().open();
        assertThat(session.state()).isEqualTo(SessionState.LOGGING_IN);
        assertThat(upstreams.last().sent)
            .containsExactly("{\"subscribe\":[\"A\",\"B\"],\"id\":1}", "{\"subscribe\":[\"C\"],\"id\":2}");
        upstreams.last().text("{\"ok\":true}").text("pong");
        assertThat(ring.news()).isEmpty();
        upstreams.last().text("{\"s\":\"A\",\"v\":1.10}").text("{\"s\":\"B\",\"v\":2}")
            .text("{\"s\":\"A\",\"v\":1.20}");
        assertThat(ring.news())
            .containsExactly("LIVE null", "topic 0 = 0 A", "0 1.10", "topic 1 = 0 B", "1 2", "0 1.20");
        assertThat(session.state()).isEqualTo(SessionState.LIVE);
        assertThat(ring.count(Counter.FEED_UPDATES)).isEqualTo(3);
        assertThat(ring.count(Counter.FEED_FRAMES)).isEqualTo(5);
        assertThat(ring.count(Counter.FEED_BYTES)).isEqualTo(11 + 4 + 18 + 15 + 18);
        assertThat(ring.count(Counter.FEED_HEARTBEATS)).isEqualTo(2);
        assertThat(ring.count(Counter.FEED_CONNECTS)).isEqualTo(1);
    }

    @Test
    void shouldReportStaleOnceAndLiveAgain() {
        start(PLAIN);
        upstreams.last().open().text("{\"s\":\"A\",\"v\":1}").lose(LossReason.DISCONNECTED, true);
        assertThat(session.state()).isEqualTo(SessionState.BACKING_OFF);
        assertThat(ring.news()).endsWith("STALE upstream_disconnected");
        for (int i = 0; i < 5; i++) {
            clock.advance(8000);
            assertThat(session.state()).isEqualTo(SessionState.CONNECTING);
            upstreams.last().lose(LossReason.UNREACHABLE, false);
        }
        clock.advance(8000);
        upstreams.last().open();
        assertThat(ring.news()).isEmpty();
        upstreams.last().text("{\"s\":\"A\",\"v\":2}");
        assertThat(ring.news()).containsExactly("LIVE null", "0 2");
        assertThat(ring.count(Counter.FEED_CONNECT_FAILURES)).isEqualTo(5);
        assertThat(ring.count(Counter.FEED_DISCONNECTS)).isEqualTo(1);
    }

    @Test
    void shouldReportStaleWhenTheFirstConnectFails() {
        start(PLAIN);
        upstreams.last().lose(LossReason.UNREACHABLE, false);
        assertThat(ring.news()).containsExactly("STALE upstream_unreachable");
        assertThat(session.detail()).isEqualTo("lost in the test");
    }

    @Test
    void shouldLogInBeforeItSubscribes() {
        start(LOGIN.formatted("fatal"));
        final FakeUpstreams.Server server = upstreams.last().open();
        assertThat(server.sent).isEmpty();
        server.text("Connecting");
        assertThat(ring.count(Counter.FEED_NOT_JSON)).isEqualTo(1);
        server.text("Connected");
        assertThat(server.sent).containsExactly("{\"login\":\"k3y\"}");
        server.text("{\"login\":\"ok\"}");
        assertThat(server.sent).hasSize(3);
        server.text("{\"s\":\"A\",\"v\":1}");
        assertThat(session.state()).isEqualTo(SessionState.LIVE);
    }

    @Test
    void shouldFailPermanentlyWhenTheVenueRejectsTheLogin() {
        start(LOGIN.formatted("fatal"));
        upstreams.last().open().text("Connected").text("{\"login\":\"bad\"}");
        assertThat(session.state()).isEqualTo(SessionState.CLOSED);
        assertThat(upstreams.last().isAborted).isTrue();
        assertThat(ring.news()).containsExactly("CLOSED login_failed");
        assertThat(fatal).singleElement().asString().contains("rejected the login").contains("bad");
        clock.advance(600_000);
        assertThat(upstreams.all).hasSize(1);
        assertThat(clock.timerCount()).isZero();
        assertThat(session.stop()).isDone();
    }

    @Test
    void shouldRetryWhenTheLoginMayWorkLater() {
        start(LOGIN.formatted("retry"));
        upstreams.last().open().text("Connected").text("{\"login\":\"bad\"}");
        assertThat(session.state()).isEqualTo(SessionState.BACKING_OFF);
        assertThat(ring.news()).containsExactly("STALE login_failed");
        clock.advance(8000);
        assertThat(upstreams.all).hasSize(2);
        assertThat(fatal).isEmpty();
    }

    @Test
    void shouldTimeOutWaitingForAGreeting() {
        start(LOGIN.formatted("fatal"));
        upstreams.last().open();
        clock.advance(2999);
        assertThat(session.state()).isEqualTo(SessionState.LOGGING_IN);
        clock.advance(1);
        assertThat(session.state()).isNotEqualTo(SessionState.LOGGING_IN);
        assertThat(session.detail()).isEqualTo("step 1 of the login got no answer within 3000 ms");
        assertThat(upstreams.all.get(0).isAborted).isTrue();
    }

    @Test
    void shouldNoticeThatNoFrameArrives() {
        start(PLAIN);
        upstreams.last().open().text("{\"s\":\"A\",\"v\":1}");
        clock.advance(9000);
        upstreams.last().text("pong");
        clock.advance(9999);
        assertThat(session.state()).isEqualTo(SessionState.LIVE);
        clock.advance(1);
        assertThat(upstreams.all.get(0).isAborted).isTrue();
        assertThat(ring.news()).endsWith("STALE upstream_silent");
        assertThat(ring.count(Counter.FEED_SILENCES)).isEqualTo(1);
        assertThat(session.detail()).isEqualTo("no frame for 10000 ms");
    }

    @Test
    void shouldNoticeThatNoDataArrivesAmongOtherFrames() {
        start(PLAIN);
        final FakeUpstreams.Server server = upstreams.last().open().text("{\"ok\":true}")
            .text("{\"s\":\"A\",\"v\":1}");
        for (int i = 0; i < 29; i++) {
            clock.advance(1000);
            server.text("pong").text("{\"noise\":1}").text("{\"unknown\":1}").text("no json");
        }
        assertThat(session.state()).isEqualTo(SessionState.LIVE);
        clock.advance(1000);
        assertThat(ring.news()).endsWith("STALE upstream_silent");
        assertThat(server.isAborted).isTrue();
        assertThat(ring.count(Counter.FEED_IGNORED)).isEqualTo(29);
        assertThat(ring.count(Counter.FEED_UNMATCHED)).isEqualTo(29);
        assertThat(ring.count(Counter.FEED_NOT_JSON)).isEqualTo(29);
    }

    @Test
    void shouldDropAConnectionWithoutAcknowledgement() {
        start(PLAIN);
        upstreams.last().open().text("pong");
        clock.advance(5000);
        assertThat(session.detail()).isEqualTo("subscription was not acknowledged within 5000 ms");
        clock.advance(8000);
        upstreams.last().open().text("{\"s\":\"A\",\"v\":1}");
        clock.advance(6000);
        assertThat(session.state()).isEqualTo(SessionState.LIVE);
    }

    @Test
    void shouldCountRejectionsAndContinue() {
        start(PLAIN);
        upstreams.last().open().text("{\"ok\":false,\"why\":\"no C\"}").text("{\"s\":\"A\",\"v\":1}");
        assertThat(ring.count(Counter.FEED_REFUSED)).isEqualTo(1);
        assertThat(session.state()).isEqualTo(SessionState.LIVE);
    }

    @Test
    void shouldActOnControlMessagesOfTheVenue() {
        start(PLAIN);
        upstreams.last().open().text("{\"move\":1}");
        assertThat(ring.news()).containsExactly("STALE upstream_disconnected");
        clock.advance(1000);
        upstreams.last().open().text("{\"s\":\"A\",\"v\":1}").text("{\"trouble\":1}");
        assertThat(ring.news()).endsWith("STALE upstream_error");
        clock.advance(2000);
        upstreams.last().open().text("{\"bye\":1}");
        assertThat(ring.news()).containsExactly("CLOSED upstream_error");
        assertThat(fatal).hasSize(1);
    }

    @Test
    void shouldIgnoreFramesOfAnOldConnection() {
        start(PLAIN);
        final FakeUpstreams.Server old = upstreams.last().open().text("{\"s\":\"A\",\"v\":1}");
        old.lose(LossReason.DISCONNECTED, true);
        clock.advance(1000);
        upstreams.last().open();
        ring.news();
        old.text("{\"s\":\"A\",\"v\":666}");
        old.open();
        old.lose(LossReason.DISCONNECTED, true);
        assertThat(ring.news()).isEmpty();
        assertThat(session.state()).isEqualTo(SessionState.LOGGING_IN);
    }

    @Test
    void shouldFlushEachMillisecondWhileTheRingIsFull() {
        ring = new RecordedRing(4);
        start(PLAIN);
        upstreams.last().open();
        for (int i = 0; i < 20; i++) {
            upstreams.last().text("{\"s\":\"S" + i + "\",\"v\":1}");
        }
        int values = 0;
        for (int ms = 0; ms < 100; ms++) {
            values += (int) ring.news().stream().filter(news -> news.endsWith(" 1")).count();
            clock.advance(1);
        }
        assertThat(values).isEqualTo(20);
        assertThat(ring.publisher.isBehind()).isFalse();
    }

    @Test
    void shouldCloseWithAHandshakeOnStop() {
        start(PLAIN);
        upstreams.last().open().text("{\"s\":\"A\",\"v\":1}");
        final CompletableFuture<Void> stopped = session.stop();
        assertThat(session.stop()).isSameAs(stopped).isNotDone();
        assertThat(upstreams.last().isClosing).isTrue();
        upstreams.last().lose(LossReason.STOPPED, true);
        assertThat(stopped).isDone();
        assertThat(session.state()).isEqualTo(SessionState.CLOSED);
        assertThat(clock.timerCount()).isZero();
        assertThat(ring.news()).doesNotContain("STALE stopped");
    }

    @Test
    void shouldStopDuringABackOff() {
        start(PLAIN);
        upstreams.last().lose(LossReason.UNREACHABLE, false);
        assertThat(session.stop()).isDone();
        clock.advance(60_000);
        assertThat(upstreams.all).hasSize(1);
    }

    @Test
    void shouldRecordNoErrors() {
        start(PLAIN);
        upstreams.last().open().text("{").text("[]").text("").text("{\"s\":\"\",\"v\":1}").text("{\"s\":{},\"v\":1}")
            .text("{\"s\":\"A\"}");
        assertThat(ring.telemetry.errors().entries()).isEmpty();
        assertThat(ring.count(Counter.FEED_NOT_JSON) + ring.count(Counter.FEED_UNMATCHED)).isEqualTo(6);
    }

    @Test
    void shouldMakeNoGarbagePerUpdate() {
        start(PLAIN);
        upstreams.last().open();
        final UpstreamListener listener = upstreams.last().listener;
        final byte[] frame =
            "{\"s\":\"EURUSD\",\"v\":{\"bid\":1.10342,\"ask\":1.10344}}".getBytes(StandardCharsets.UTF_8);
        final TickHandler idleHandler = new TickHandler() {
            @Override
            public void onTopic(final int topic, final int channel, final byte[] payloads, final int offset,
                    final int length, final long sinceQ) {
                assertThat(topic).isZero();
            }

            @Override
            public void onValue(final Tick tick, final byte[] payloads) {
                received++;
            }

            @Override
            public void onTopicState(final int topic, final TopicState state, final String reason, final long sinceUs,
                    final long p) {
                throw new AssertionError("no topic changes its state");
            }

            @Override
            public void onFeedState(final int feed, final FeedState state, final String reason, final long sinceUs,
                    final long retryInMs, final long p) {
                assertThat(state).isEqualTo(FeedState.LIVE);
            }
        };
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = 0;
        for (int i = 0; i < 200_000; i++) {
            if (i == 100_000) {
                before = threads.getCurrentThreadAllocatedBytes();
            }
            listener.onAlive(i);
            listener.onText(frame, 0, frame.length, i);
            listener.onBatchEnd();
            ring.poll(idleHandler);
        }
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(100_000);
        assertThat(received).isEqualTo(200_000);
    }

    @Test
    void shouldSurviveAnUpdateThatTheRingCannotCarry() {
        start(PLAIN);
        upstreams.last().open().text("{\"s\":\"A\",\"v\":\"" + "x".repeat(40 << 20) + "\"}")
            .text("{\"s\":\"A\",\"v\":1}");
        assertThat(ring.news()).containsExactly("LIVE null", "topic 0 = 0 A", "0 1");
        assertThat(ring.count(Counter.RING_TOO_LARGE)).isEqualTo(1);
    }

    private void start(final String venue) {
        final Venue rules = VenueReader.read(new StringReader(venue), "test.conf", Map.of("FEED_KEY", "k3y")::get);
        final FeedPlan plan = FeedPlan.of(rules,
            new FeedConfig("test", "plain", List.of("ws://one.invalid/"), List.of(), List.of("A", "B", "C"), Map.of()));
        session = FeedProxy.of(plan, upstreams, clock, new SplittableRandom(1), ring.publisher, ring.telemetry,
            fatal::add);
        session.start();
    }
}
