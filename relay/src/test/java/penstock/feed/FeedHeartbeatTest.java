package penstock.feed;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import penstock.feed.tick.SessionState;
import penstock.telemetry.Counter;
import penstock.upstream.LossReason;
import penstock.upstream.UpstreamLoss;

/** The venue's own signs of life, and the limits of what we send. */
class FeedHeartbeatTest {
    private final FeedStage stage = new FeedStage();

    @Test
    void shouldSendAHeartbeatAndDropAVenueThatDoesNotAnswer() {
        final PlayedUpstreams.Played server =
            stage.open("", "heartbeat { send = ping, every = 20s, expect-text = pong, within = 10s }");
        server.text(FeedStage.quote("A", 1));
        stage.clock.advance(20_000);
        assertThat(server.sent).containsExactly("ping");
        stage.clock.advance(5000);
        server.text("pong");
        stage.clock.advance(15_000);
        assertThat(server.sent).containsExactly("ping", "ping");
        server.text(FeedStage.quote("A", 2));
        stage.clock.advance(9999);
        assertThat(server.isAborted).isFalse();
        stage.clock.advance(1);
        assertThat(server.isAborted).isTrue();
        assertThat(stage.session.detail()).isEqualTo("heartbeat not answered within 10000 ms");
        assertThat(stage.ring.news()).endsWith("STALE upstream_silent");
        assertThat(stage.count(Counter.FEED_SILENCES)).isEqualTo(1);
    }

    @Test
    void shouldSendAHeartbeatOnlyIfIdle() {
        final PlayedUpstreams.Played server = stage.open("", """
            heartbeat { send = ping, every = 5s, only-if-idle = true, expect-text = pong }
            """);
        for (int i = 0; i < 20; i++) {
            stage.clock.advance(4000);
            server.text(FeedStage.quote("A", i));
        }
        assertThat(server.sent).isEmpty();
        stage.clock.advance(4999);
        assertThat(server.sent).isEmpty();
        stage.clock.advance(1);
        assertThat(server.sent).containsExactly("ping");
        server.text("pong");
        stage.clock.advance(5000);
        assertThat(server.sent).hasSize(2);
    }

    @Test
    void shouldWriteTheTimeIntoAHeartbeatAndKnowItsAnswerByConditions() {
        final PlayedUpstreams.Played server =
            stage.open("", """
            heartbeat { send = \"""{"op":"ping","t":{nowMs}}\""", every = 20s, expect { "$/code" = pong }, within = 5s }
            """);
        stage.clock.advance(20_000);
        assertThat(server.sent).singleElement().asString().matches("\\{\"op\":\"ping\",\"t\":17951979\\d{5}}");
        server.text("{\"code\":\"pong\"}");
        stage.clock.advance(19_000);
        assertThat(server.isAborted).isFalse();
    }

    @Test
    void shouldNotCallAVenueSilentThatIsNotAskedYet() {
        final PlayedUpstreams.Played server = stage.open("rate { permits = 1, per = 1m }", """
            session = [ { send = hello } ]
            heartbeat { send = ping, every = 20s, expect-text = pong, within = 1s }
            """);
        stage.clock.advance(60_000);
        assertThat(server.sent).containsExactly("hello");
        stage.clock.advance(1000);
        assertThat(server.sent).containsExactly("hello", "ping");
        assertThat(server.isAborted).isFalse();
    }

    @Test
    void shouldAnswerTheVenueEvenWhileItLogsIn() {
        final PlayedUpstreams.Played server = stage.open("", """
            session = [ { await { "$/welcome" = "*" } } ]
            heartbeat { replies = [ { match { "$/ping" = "*" }, send = "{\\"pong\\":{$/ping}}" }, { equals = pong, send = same } ] }
            """);
        server.text("{\"ping\":18446744073709551617}").text("{\"welcome\":1}").text("{\"ping\":1.50}").text("pong")
            .text("pang");
        assertThat(server.sent).containsExactly("{\"pong\":18446744073709551617}", "{\"pong\":1.50}", "same");
        assertThat(stage.session.state()).isEqualTo(SessionState.LOGGING_IN);
    }

    @Test
    void shouldCountPongsWhereTheVenueDoes() {
        final PlayedUpstreams.Played server =
            stage.open("rate { permits = 5, per = 1s, count-pongs = true }", """
            subscribe { message = "sub {symbols|join(,)}", batch = 1 }
            """, "A", "B", "C", "D", "E", "F", "G",
            "H");
        server.ping("one").ping("two");
        assertThat(server.sent).containsExactly("sub A");
        stage.clock.advance(200);
        assertThat(server.sent).containsExactly("sub A", "pong two");
        stage.clock.advance(600);
        assertThat(server.sent).hasSize(5).endsWith("sub D");
        stage.clock.advance(200);
        assertThat(server.sent).hasSize(5);
        stage.clock.advance(1);
        assertThat(server.sent).hasSize(6);
        stage.clock.advance(600);
        assertThat(server.sent).hasSize(9).endsWith("sub H");
        assertThat(stage.count(Counter.FEED_PINGS)).isEqualTo(2);
    }

    @Test
    void shouldAnswerPingsAtOnceWhereNobodyCountsThem() {
        final PlayedUpstreams.Played server =
            stage.open("rate { permits = 1, per = 1m }", "session = [ { send = hello } ]");
        server.ping("one").ping("two");
        assertThat(server.sent).containsExactly("hello", "pong one", "pong two");
    }

    @Test
    void shouldNotConnectMoreOftenThanTheVenueLikes() {
        stage.start("connect-rate { permits = 3, per = 5m }, reconnect { min = 1ms, max = 1ms }", "");
        for (int i = 0; i < 100; i++) {
            stage.upstreams.last().lose(LossReason.UNREACHABLE, false);
            stage.clock.advance(100);
            if (stage.upstreams.all.size() == 3 && stage.session.detail().contains("connect rate limited")) {
                break;
            }
        }
        assertThat(stage.upstreams.all).hasSize(3);
        assertThat(stage.session.state()).isEqualTo(SessionState.BACKING_OFF);
        stage.clock.advance(299_000);
        assertThat(stage.upstreams.all).hasSize(3);
        stage.clock.advance(1000);
        assertThat(stage.upstreams.all).hasSize(4);
        assertThat(stage.session.stop()).isNotDone();
    }

    @Test
    void shouldBackOffFromALimitWithoutAStorm() {
        final PlayedUpstreams.Played server = stage.open("", "");
        server.text(FeedStage.quote("A", 1));
        stage.clock.advance(60_000);
        server.text(FeedStage.quote("A", 2));
        int attempts = 0;
        for (int i = 0; i < 4; i++) {
            stage.upstreams.last()
                .listener.onClosed(new UpstreamLoss(LossReason.DISCONNECTED, "Too many requests", true, 1008, -1));
            final long leastMs = Math.min(8000, 1000L << attempts++);
            final int before = stage.upstreams.all.size();
            stage.clock.advance(leastMs - 1);
            assertThat(stage.upstreams.all).hasSize(before);
            stage.clock.advance(leastMs / 10 + 1);
            assertThat(stage.upstreams.all).hasSize(before + 1);
            stage.upstreams.last().open().text(FeedStage.quote("A", 3));
        }
    }
}
