package penstock.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import penstock.feed.tick.SessionState;
import penstock.telemetry.Counter;
import penstock.upstream.LossReason;

/** The answers to subscriptions: accepted, rejected, or missing. */
class FeedAcksTest {
    private static final String BATCH = """
        subscribe {
          message = \"""{"sub":{symbols|json},"id":{id}}\"""
          batch = 2
          ack { match { "$/ok" = true }, correlate = "$/id", timeout = 5s, retries = 2 }
        }
        """;
    private static final String EACH = """
        subscribe {
          topic { quote = "q.{symbol|lower}" }
          message = \"""{"sub":{topics|json},"id":{id}}\"""
          batch = 3
          ack { match { "$/code" = "*" }, ok { "$/code" = 0 }, correlate = ["$/topic", "$/sym"], mode = each, timeout = 5s, retries = 1 }
        }
        """;

    private final FeedRig rig = new FeedRig();

    @Test
    void shouldCloseASymbolThatAVenueDoesNotAnswerWhileItAnswersOthers() {
        final FakeUpstreams.Server server = rig.open("", BATCH, "A", "B", "C");
        server.text("{\"ok\":true,\"id\":1}").text(FeedRig.quote("A", 1));
        rig.clock.advance(15_000);
        assertThat(server.sent).hasSize(4);
        assertThat(rig.ring.news()).last().isEqualTo(
            "1 CLOSED the venue does not answer the subscription, requested 3 times");
        rig.clock.advance(60_000);
        assertThat(server.isAborted).isFalse();
        assertThat(rig.clock.timerCount()).isZero();
    }

    @Test
    void shouldHalveAnUnansweredRequest() {
        final FakeUpstreams.Server server = rig.open("", BATCH, "A", "B");
        rig.clock.advance(5_000);
        assertThat(server.sent).hasSize(3)
            .endsWith("{\"sub\":[\"A\"],\"id\":2}", "{\"sub\":[\"B\"],\"id\":3}");
        server.text("{\"ok\":true,\"id\":2}").text("{\"ok\":true,\"id\":3}");
        rig.clock.advance(60_000);
        assertThat(server.sent).hasSize(3);
        server.lose(LossReason.DISCONNECTED, true);
        rig.clock.advance(10_000);
        assertThat(rig.upstreams.last().open().sent).as("the venue does not answer two at once").hasSize(2);
    }

    @Test
    void shouldRepeatAnUnansweredRequestAndGiveUpInTheEnd() {
        final FakeUpstreams.Server server = rig.open("", BATCH, "C");
        assertThat(server.sent).containsExactly("{\"sub\":[\"C\"],\"id\":1}");
        rig.clock.advance(5000);
        assertThat(server.sent).hasSize(2).endsWith("{\"sub\":[\"C\"],\"id\":2}");
        rig.clock.advance(5000);
        assertThat(server.sent).hasSize(3);
        rig.clock.advance(5000);
        assertThat(server.isAborted).isTrue();
        assertThat(rig.session.detail())
            .isEqualTo("subscription was not acknowledged within 5000 ms, requested 3 times");
        rig.clock.advance(8000);
        rig.upstreams.last().open().text("{\"ok\":true,\"id\":1}");
        rig.clock.advance(60_000);
        assertThat(rig.upstreams.all).hasSize(2);
    }

    @Test
    void shouldAcceptALateAnswerToTheFirstRequest() {
        final FakeUpstreams.Server server = rig.open("", BATCH, "A");
        rig.clock.advance(6000);
        server.text("{\"ok\":true,\"id\":1}");
        rig.clock.advance(60_000);
        assertThat(server.sent).hasSize(2);
        assertThat(server.isAborted).isFalse();
        assertThat(rig.clock.timerCount()).isZero();
    }

    @Test
    void shouldBisectARejectedBatchToFindTheBadSymbol() {
        final FakeUpstreams.Server server = rig.open("", BATCH, "A", "B", "C");
        server.text("{\"ok\":true,\"id\":2}").text("{\"ok\":false,\"id\":1,\"msg\":\"unknown symbol\"}");
        assertThat(server.sent.subList(2, 4))
            .containsExactly("{\"sub\":[\"A\"],\"id\":3}", "{\"sub\":[\"B\"],\"id\":4}");
        assertThat(rig.session.rejectedSymbols()).isEmpty();
        server.text("{\"ok\":true,\"id\":3}").text("{\"ok\":false,\"id\":4,\"msg\":\"unknown symbol\"}")
            .text(FeedRig.quote("A", 1));
        assertThat(rig.session.rejectedSymbols()).containsOnlyKeys("B");
        assertThat(rig.session.rejectedSymbols().get("B")).contains("unknown symbol");
        assertThat(rig.count(Counter.FEED_REFUSED)).isEqualTo(2);
        rig.clock.advance(60_000);
        assertThat(rig.session.state()).isEqualTo(SessionState.LIVE);
        assertThat(rig.clock.timerCount()).isZero();
    }

    @Test
    void shouldRequestRejectedSymbolsSeparatelyOnTheNextConnectionUntilAccepted() {
        rig.open("", BATCH, "A", "B", "C").text("{\"ok\":false,\"id\":1}").text("{\"ok\":false,\"id\":3,\"why\":1}")
            .text("{\"ok\":true,\"id\":4}").text("{\"ok\":true,\"id\":2}").lose(LossReason.DISCONNECTED, true);
        assertThat(rig.session.rejectedSymbols()).containsOnlyKeys("A");
        rig.clock.advance(8000);
        final FakeUpstreams.Server server = rig.upstreams.last().open();
        assertThat(server.sent).containsExactly("{\"sub\":[\"B\",\"C\"],\"id\":1}", "{\"sub\":[\"A\"],\"id\":2}");
        server.text("{\"ok\":true,\"id\":2}");
        assertThat(rig.session.rejectedSymbols()).isEmpty();
    }

    @Test
    void shouldLimitBisectionWhenEverythingIsRejected() {
        final List<String> symbols = new ArrayList<>();
        for (int i = 0; i < 1000; i++) {
            symbols.add("S" + i);
        }
        final FakeUpstreams.Server server =
            rig.open("", BATCH.replace("batch = 2", "batch = 1000"), symbols.toArray(String[]::new));
        for (int i = 0; i < server.sent.size(); i++) {
            server.text("{\"ok\":false,\"id\":" + (i + 1) + "}");
        }
        assertThat(server.sent).hasSize(1 + 2 * 64);
        assertThat(rig.session.rejectedSymbols()).hasSize(1000);
        assertThat(rig.session.state()).isEqualTo(SessionState.LOGGING_IN);
    }

    @Test
    void shouldAcceptAnAnswerPerTopicOrSymbol() {
        final FakeUpstreams.Server server = rig.open("", EACH, "A", "B", "C");
        assertThat(server.sent).containsExactly("{\"sub\":[\"q.a\",\"q.b\",\"q.c\"],\"id\":1}");
        server.text("{\"code\":0,\"topic\":\"q.a\"}").text("{\"code\":7,\"sym\":\"B\",\"msg\":\"not entitled\"}");
        assertThat(rig.session.rejectedSymbols()).containsOnlyKeys("B");
        assertThat(rig.count(Counter.FEED_REFUSED)).isEqualTo(1);
        rig.clock.advance(5000);
        // only items without an answer
        assertThat(server.sent).hasSize(2).endsWith("{\"sub\":[\"q.c\"],\"id\":1}");
        server.text("{\"code\":0,\"topic\":\"q.c\"}").text(FeedRig.quote("A", 1));
        rig.clock.advance(60_000);
        assertThat(rig.session.state()).isEqualTo(SessionState.LIVE);
    }

    @Test
    void shouldContinueAfterARejectionThatNamesNoRequest() {
        final FakeUpstreams.Server server = rig.open("", BATCH, "A", "B", "C").text("{\"ok\":false}");
        assertThat(rig.session.rejectedSymbols()).isEmpty();
        assertThat(server.isAborted).isFalse();
        assertThat(rig.count(Counter.FEED_REFUSED)).isEqualTo(1);
    }

    @Test
    void shouldDropAConnectionWithAcceptedButSilentSubscriptions() {
        rig.start("idle.data = 30s", BATCH.replace("connection", ""), "A");
        final FakeUpstreams.Server server = rig.upstreams.last().open().text("{\"ok\":true,\"id\":1}");
        for (int i = 0; i < 29; i++) {
            rig.clock.advance(1000);
            server.text("pong");
        }
        assertThat(server.isAborted).isFalse();
        rig.clock.advance(1000);
        assertThat(server.isAborted).isTrue();
        assertThat(rig.session.detail()).isEqualTo("no update for 30000 ms");
        assertThat(rig.count(Counter.FEED_SILENCES)).isEqualTo(1);
    }
}
