package penstock.feed;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import penstock.feed.tick.SessionState;
import penstock.telemetry.Counter;
import penstock.upstream.LossReason;
import penstock.upstream.UpstreamLoss;

/** The venue's heartbeats, and the rate limits of the messages to it. */
class FeedHeartbeatTest {
    private final FeedRig rig = new FeedRig();

    @Test
    void shouldSendAHeartbeatAndDropAVenueThatDoesNotAnswer() {
        final FakeUpstreams.Server server =
            rig.open("", "heartbeat { send = ping, every = 20s, expect-text = pong, within = 10s }");
        server.text(FeedRig.quote("A", 1));
        rig.clock.advance(20_000);
        assertThat(server.sent).containsExactly("ping");
        rig.clock.advance(5000);
        server.text("pong");
        rig.clock.advance(15_000);
        assertThat(server.sent).containsExactly("ping", "ping");
        server.text(FeedRig.quote("A", 2));
        rig.clock.advance(9999);
        assertThat(server.isAborted).isFalse();
        rig.clock.advance(1);
        assertThat(server.isAborted).isTrue();
        assertThat(rig.session.detail()).isEqualTo("heartbeat not answered within 10000 ms");
        assertThat(rig.ring.news()).endsWith("STALE upstream_silent");
        assertThat(rig.count(Counter.FEED_SILENCES)).isEqualTo(1);
    }

    @Test
    void shouldSendAHeartbeatOnlyIfIdle() {
        final FakeUpstreams.Server server = rig.open("", """
            heartbeat { send = ping, every = 5s, only-if-idle = true, expect-text = pong }
            """);
        for (int i = 0; i < 20; i++) {
            rig.clock.advance(4000);
            server.text(FeedRig.quote("A", i));
        }
        assertThat(server.sent).isEmpty();
        rig.clock.advance(4999);
        assertThat(server.sent).isEmpty();
        rig.clock.advance(1);
        assertThat(server.sent).containsExactly("ping");
        server.text("pong");
        rig.clock.advance(5000);
        assertThat(server.sent).hasSize(2);
    }

    @Test
    void shouldWriteTheTimeIntoAHeartbeatAndMatchItsAnswer() {
        final FakeUpstreams.Server server =
            rig.open("", """
            heartbeat { send = \"""{"op":"ping","t":{nowMs}}\""", every = 20s, expect { "$/code" = pong }, within = 5s }
            """);
        rig.clock.advance(20_000);
        assertThat(server.sent).singleElement().asString().matches("\\{\"op\":\"ping\",\"t\":17951979\\d{5}}");
        server.text("{\"code\":\"pong\"}");
        rig.clock.advance(19_000);
        assertThat(server.isAborted).isFalse();
    }

    @Test
    void shouldAnswerAHeartbeatWhoseTextChanges() {
        final FakeUpstreams.Server server =
            rig.text("{ matches = \"HB (?<number>[0-9]+)\", as = heartbeat, send = \"HB-ACK {number}\" }").open("", "");
        server.text("HB 1795950633").text(FeedRig.quote("A", 1)).text("HB 1795950634").text("HB").text("HB x");
        rig.clock.advance(1_000);
        assertThat(server.sent).containsExactly("HB-ACK 1795950633", "HB-ACK 1795950634");
        assertThat(rig.count(Counter.FEED_HEARTBEATS)).isEqualTo(2);
        assertThat(rig.count(Counter.FEED_NOT_JSON)).isEqualTo(2);
    }

    @Test
    void shouldRecogniseAGreetingAndAnAnswerByTheirPatterns() {
        final FakeUpstreams.Server server = rig.open("split = lines", """
            session = [ { await-matches = "Welcome.*" }, { send = hello }, { await { "$/code" = in } } ]
            heartbeat {
              send = ping, every = 20s, expect-matches = "pong [0-9]+", within = 5s
              replies = [ { matches = "are you (?<who>.+)", send = \"""{"iAm":"{who}"}\""" } ]
            }
            """);
        server.text("Goodbye").text("Welcome, 30 Nov\n{\"code\":\"in\"}");
        assertThat(server.sent).containsExactly("hello");
        rig.clock.advance(20_000);
        server.text("pong 1").text("are you \u00e9va");
        rig.clock.advance(15_000);
        assertThat(server.isAborted).isFalse();
        assertThat(server.sent).containsExactly("hello", "ping", "{\"iAm\":\"\u00e9va\"}");
    }

    @Test
    void shouldSpeakToAVenueWhoseJsonHasAPrefix() {
        final FakeUpstreams.Server server = rig.text("{ equals = \"2\", as = heartbeat, send = \"3\" }")
            .open("strip = \"42\"", """
            session = [ { await-matches = "0\\\\{.*" }, { send = "40" }, { await { "$/code" = in } } ]
            subscribe { message = \"""42["sub",{symbols|json}]\""" }
            """, "A");
        server.text("0{\"sid\":\"x\"}").text("40").text("42{\"code\":\"in\"}").text("2");
        server.text("42" + FeedRig.quote("A", 1));
        assertThat(server.sent).containsExactly("40", "42[\"sub\",[\"A\"]]", "3");
        assertThat(rig.ring.news()).contains("0 1");
        assertThat(rig.session.state()).isEqualTo(SessionState.LIVE);
    }

    @Test
    void shouldReadNothingAfterTheDocumentThatEndsTheConnection() {
        final FakeUpstreams.Server server = rig.open("split = lines", "");
        server.text(FeedRig.quote("A", 1) + "\n{\"trouble\":1}\n" + FeedRig.quote("A", 2));
        assertThat(server.isAborted).isTrue();
        assertThat(rig.ring.news()).noneMatch(line -> line.contains("A 2")).last().asString().startsWith("STALE");
    }

    @Test
    void shouldStartTheAnswerTimeoutWhenTheHeartbeatIsSent() {
        final FakeUpstreams.Server server = rig.open("rate { permits = 1, per = 1m }", """
            session = [ { send = hello } ]
            heartbeat { send = ping, every = 20s, expect-text = pong, within = 1s }
            """);
        rig.clock.advance(60_000);
        assertThat(server.sent).containsExactly("hello");
        rig.clock.advance(1000);
        assertThat(server.sent).containsExactly("hello", "ping");
        assertThat(server.isAborted).isFalse();
    }

    @Test
    void shouldAnswerHeartbeatsOfTheVenueDuringTheLogin() {
        final FakeUpstreams.Server server = rig.open("", """
            session = [ { await { "$/welcome" = "*" } } ]
            heartbeat { replies = [ { match { "$/ping" = "*" }, send = "{\\"pong\\":{$/ping}}" }, { equals = pong, send = same } ] }
            """);
        server.text("{\"ping\":18446744073709551617}").text("{\"welcome\":1}").text("{\"ping\":1.50}").text("pong")
            .text("pang");
        assertThat(server.sent).containsExactly("{\"pong\":18446744073709551617}", "{\"pong\":1.50}", "same");
        assertThat(rig.session.state()).isEqualTo(SessionState.LOGGING_IN);
    }

    @Test
    void shouldCountPongsAgainstTheRateLimitIfTheVenueDoes() {
        final FakeUpstreams.Server server =
            rig.open("rate { permits = 5, per = 1s, count-pongs = true }", """
            subscribe { message = "sub {symbols|join(,)}", batch = 1 }
            """, "A", "B", "C", "D", "E", "F", "G",
            "H");
        server.ping("one").ping("two");
        assertThat(server.sent).containsExactly("sub A");
        rig.clock.advance(200);
        assertThat(server.sent).containsExactly("sub A", "pong two");
        rig.clock.advance(600);
        assertThat(server.sent).hasSize(5).endsWith("sub D");
        rig.clock.advance(200);
        assertThat(server.sent).hasSize(5);
        rig.clock.advance(1);
        assertThat(server.sent).hasSize(6);
        rig.clock.advance(600);
        assertThat(server.sent).hasSize(9).endsWith("sub H");
        assertThat(rig.count(Counter.FEED_PINGS)).isEqualTo(2);
    }

    @Test
    void shouldAnswerPingsAtOnceIfTheVenueDoesNotCountThem() {
        final FakeUpstreams.Server server =
            rig.open("rate { permits = 1, per = 1m }", "session = [ { send = hello } ]");
        server.ping("one").ping("two");
        assertThat(server.sent).containsExactly("hello", "pong one", "pong two");
    }

    @Test
    void shouldKeepTheConnectRateLimit() {
        rig.start("connect-rate { permits = 3, per = 5m }, reconnect { min = 1ms, max = 1ms }", "");
        for (int i = 0; i < 100; i++) {
            rig.upstreams.last().lose(LossReason.UNREACHABLE, false);
            rig.clock.advance(100);
            if (rig.upstreams.all.size() == 3 && rig.session.detail().contains("connect rate limited")) {
                break;
            }
        }
        assertThat(rig.upstreams.all).hasSize(3);
        assertThat(rig.session.state()).isEqualTo(SessionState.BACKING_OFF);
        rig.clock.advance(299_000);
        assertThat(rig.upstreams.all).hasSize(3);
        rig.clock.advance(1000);
        assertThat(rig.upstreams.all).hasSize(4);
        assertThat(rig.session.stop()).isNotDone();
    }

    @Test
    void shouldDoubleTheBackOffWhileRateLimited() {
        final FakeUpstreams.Server server = rig.open("", "");
        server.text(FeedRig.quote("A", 1));
        rig.clock.advance(60_000);
        server.text(FeedRig.quote("A", 2));
        int attempts = 0;
        for (int i = 0; i < 4; i++) {
            rig.upstreams.last()
                .listener.onClosed(new UpstreamLoss(LossReason.DISCONNECTED, "Too many requests", true, 1008, -1));
            final long leastMs = Math.min(8000, 1000L << attempts++);
            final int before = rig.upstreams.all.size();
            rig.clock.advance(leastMs - 1);
            assertThat(rig.upstreams.all).hasSize(before);
            rig.clock.advance(leastMs / 10 + 1);
            assertThat(rig.upstreams.all).hasSize(before + 1);
            rig.upstreams.last().open().text(FeedRig.quote("A", 3));
        }
    }
}
