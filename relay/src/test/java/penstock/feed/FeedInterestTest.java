package penstock.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import penstock.config.relay.FeedConfig;
import penstock.feed.tick.SessionState;
import penstock.telemetry.Counter;
import penstock.upstream.LossReason;

/** Subscriptions at the venue follow the interest of the subscribers. */
class FeedInterestTest {
    private static final String SUBSCRIBE =
        """
        subscribe {
          message = \"""{"sub":{symbols|json},"id":{id}}\"""
          unsubscribe = \"""{"unsub":{symbols|json},"id":{id}}\"""
          ack { match { "$/id" = "*" }, ok { "$/ok" = true }, correlate = "$/id", timeout = 5s, retries = 0 }
        }
        """;
    private static final String ONE_FOR_EACH = """
        subscribe { message = \"""{"key":"k","sub":"{symbols|join(,)}"}\""",
        mode = replace-connection, batch = 1000, ack { mode = none } }
        """;

    private final FeedRig rig = new FeedRig();

    @Test
    void shouldBeLiveWithoutAnyInterestAndSendNoRequest() {
        final FakeUpstreams.Server server = rig.open("", SUBSCRIBE, FeedConfig.ON_DEMAND);
        assertThat(server.sent).isEmpty();
        assertThat(rig.session.state()).isEqualTo(SessionState.LIVE);
        assertThat(rig.ring.news()).containsExactly("LIVE null");
    }

    @Test
    void shouldSubscribeOnInterestAndUnsubscribeAfterTheLinger() {
        final FakeUpstreams.Server server = rig.open("", SUBSCRIBE, FeedConfig.ON_DEMAND);
        addInterest("A", "B");
        assertThat(server.sent).containsExactly("{\"sub\":[\"A\",\"B\"],\"id\":1}");
        server.text("{\"ok\":true,\"id\":1}").text(FeedRig.quote("A", 1)).text(FeedRig.quote("B", 2));
        addInterest("A");
        removeInterest("A", "B");
        rig.clock.advance(FeedRig.LINGER_MS - 1);
        assertThat(server.sent).hasSize(1);
        rig.clock.advance(100);
        assertThat(server.sent).hasSize(2).last().isEqualTo("{\"unsub\":[\"B\"],\"id\":2}");
        assertThat(rig.ring.news()).containsExactly("LIVE null", "topic 0 = 0 A", "0 1", "topic 1 = 0 B", "1 2",
            "1 forgotten");
        // a late update must not make the topic look live
        server.text("{\"ok\":true,\"id\":2}").text(FeedRig.quote("B", 3)).text(FeedRig.quote("A", 4));
        assertThat(rig.ring.news()).containsExactly("0 4");
    }

    @Test
    void shouldSubscribeToAllTopicsOnTheNextConnection() {
        final FakeUpstreams.Server first = rig.open("", SUBSCRIBE, FeedConfig.ON_DEMAND);
        addInterest("A");
        first.text("{\"ok\":true,\"id\":1}").text(FeedRig.quote("A", 1));
        first.lose(LossReason.DISCONNECTED, true);
        addInterest("B");
        rig.clock.advance(10_000);
        assertThat(rig.upstreams.last().open().sent).containsExactly("{\"sub\":[\"A\",\"B\"],\"id\":1}");
    }

    @Test
    void shouldCloseARejectedTopicWithTheWordsOfTheVenue() {
        final FakeUpstreams.Server server = rig.open("", SUBSCRIBE, FeedConfig.ON_DEMAND);
        addInterest("NOPE");
        server.text("{\"ok\":false,\"id\":1,\"why\":\"no such symbol\"}");
        assertThat(rig.ring.news()).last().asString().startsWith("0 CLOSED").contains("no such symbol");
        assertThat(rig.session.rejectedSymbols()).containsOnlyKeys("NOPE");
    }

    @Test
    void shouldCloseATopicWithAnInvalidSymbolWithoutARequest() {
        final FakeUpstreams.Server server = rig.open("", SUBSCRIBE, FeedConfig.ON_DEMAND);
        addInterest("A\",\"op\":\"withdraw");
        assertThat(server.sent).isEmpty();
        assertThat(rig.ring.news()).last().asString().startsWith("refused 0 A\"").endsWith("no venue has a symbol with such characters");
    }

    @Test
    void shouldAskTheVenueOnlyForNamesThatMatchItsPattern() {
        final FakeUpstreams.Server server =
            rig.open("", SUBSCRIBE + "symbols { pattern = \"[A-Z]{6,8}\" }", FeedConfig.ON_DEMAND);
        addInterest("eurusd", "EURUSD", "EUR/USD", "X");
        assertThat(server.sent).containsExactly("{\"sub\":[\"EURUSD\"],\"id\":1}");
        assertThat(rig.ring.news()).filteredOn(line -> line.startsWith("refused")).containsExactlyInAnyOrder(
            "refused 0 eurusd: no symbol of the venue looks like that, case counts: try EURUSD",
            "refused 0 EUR/USD: no symbol of the venue looks like that",
            "refused 0 X: no symbol of the venue looks like that");
    }

    @Test
    void shouldCloseATopicOverTheSymbolLimit() {
        rig.open("", SUBSCRIBE, FeedConfig.ON_DEMAND);
        for (int i = 0; i < 100; i++) {
            addInterest("S" + i);
        }
        rig.ring.news();
        addInterest("ONE-TOO-MANY");
        assertThat(rig.ring.news()).last()
            .isEqualTo("refused 0 ONE-TOO-MANY: more is wanted than feed.max-symbols allows");
    }

    @Test
    void shouldBeIdleAfterTheVenueClosesAnUnusedConnectionUntilTheNextInterest() {
        final FakeUpstreams.Server idle = rig.open("", SUBSCRIBE, FeedConfig.ON_DEMAND);
        idle.lose(LossReason.DISCONNECTED, true);
        rig.clock.advance(3_600_000);
        assertThat(rig.upstreams.all).hasSize(1);
        assertThat(rig.session.state()).isEqualTo(SessionState.IDLE);
        assertThat(rig.ring.news()).containsExactly("LIVE null");
        addInterest("A");
        assertThat(rig.upstreams.last().open().sent).containsExactly("{\"sub\":[\"A\"],\"id\":1}");
    }

    @Test
    void shouldRunNoDataWatchdogWithoutInterest() {
        rig.open("idle { any-frame = 0, data = 10s }", SUBSCRIBE, FeedConfig.ON_DEMAND);
        rig.clock.advance(60_000);
        assertThat(rig.count(Counter.FEED_SILENCES)).isZero();
        addInterest("A");
        rig.clock.advance(5_000);
        rig.upstreams.last().text("{\"ok\":true,\"id\":1}");
        rig.clock.advance(5_000);
        assertThat(rig.count(Counter.FEED_SILENCES)).isEqualTo(1);
    }

    @Test
    void shouldReplaceTheConnectionWhenTheVenueTakesOneRequestPerConnection() {
        final FakeUpstreams.Server first = rig.open("", ONE_FOR_EACH, FeedConfig.ON_DEMAND);
        addInterest("A");
        rig.clock.advance(250);
        final FakeUpstreams.Server second = rig.upstreams.last().open();
        assertThat(second.sent).containsExactly("{\"key\":\"k\",\"sub\":\"A\"}");
        second.text(FeedRig.quote("A", 1));
        assertThat(first.isClosing).isTrue();
        addInterest("B");
        addInterest("C");
        rig.clock.advance(250);
        final FakeUpstreams.Server third = rig.upstreams.last().open();
        assertThat(third.sent).containsExactly("{\"key\":\"k\",\"sub\":\"A,B,C\"}");
        // the old connection goes on until the new one sends an update that the old one has not sent
        second.text(FeedRig.quote("A", 2));
        assertThat(second.isClosing).isFalse();
        third.text(FeedRig.quote("A", 2)).text(FeedRig.quote("B", 7));
        assertThat(second.isClosing).isTrue();
        assertThat(rig.ring.news())
            .containsExactly("LIVE null", "topic 0 = 0 A", "0 1", "0 2", "topic 1 = 0 B", "1 7");
        assertThat(rig.upstreams.all).hasSize(3);
    }

    @Test
    void shouldIgnoreInterestAfterTheStop() {
        rig.open("max-connections = 2, max-subscriptions = 1", SUBSCRIBE, FeedConfig.ON_DEMAND);
        addInterest("A");
        rig.session.stop();
        rig.upstreams.last().lose(LossReason.STOPPED, true);
        assertThat(rig.session.stop()).isDone();
        addInterest("B");
        removeInterest("A", "B");
        rig.session.start();
        assertThat(rig.upstreams.all).hasSize(1);
        assertThat(rig.clock.timerCount()).isZero();
    }

    @Test
    void shouldBeLiveWhenThePendingTopicLosesItsInterest() {
        final FakeUpstreams.Server first = rig.open("", SUBSCRIBE, FeedConfig.ON_DEMAND);
        addInterest("A");
        first.lose(LossReason.DISCONNECTED, true);
        rig.clock.advance(10_000);
        rig.upstreams.last().open().text("{\"ok\":true,\"id\":1}");
        assertThat(rig.ring.news()).endsWith("STALE upstream_disconnected");
        removeInterest("A");
        rig.clock.advance(FeedRig.LINGER_MS + 100);
        assertThat(rig.session.state()).isEqualTo(SessionState.LIVE);
        assertThat(rig.ring.news()).containsExactly("LIVE null");
    }

    @Test
    void shouldBeLiveWithAnIdleCandidateAfterALoss() {
        final FakeUpstreams.Server first = rig.open("lifetime = 1h", SUBSCRIBE, FeedConfig.ON_DEMAND);
        rig.clock.advance(3_600_000);
        rig.server(1).open();
        first.lose(LossReason.DISCONNECTED, true);
        assertThat(rig.session.state()).isEqualTo(SessionState.LIVE);
        assertThat(rig.ring.news()).endsWith("LIVE null");
    }

    @Test
    void shouldMakeNoSecondConnectionWhileIdle() {
        final FakeUpstreams.Server first = rig.open("lifetime = 1h", SUBSCRIBE, FeedConfig.ON_DEMAND);
        rig.clock.advance(3_600_000);
        rig.server(1).lose(LossReason.UNREACHABLE, false);
        first.lose(LossReason.DISCONNECTED, true);
        rig.clock.advance(600_000);
        assertThat(rig.upstreams.all).hasSize(2);
        assertThat(rig.session.state()).isEqualTo(SessionState.IDLE);
    }

    @Test
    void shouldFailPermanentlyWhenTheFirstRequestNeedsAnUnsetVariable() {
        rig.open("max-connections = 2, max-subscriptions = 1",
            SUBSCRIBE.replace("{\"sub\"", "{\"k\":\"${env:NOT_SET}\",\"sub\""),
            FeedConfig.ON_DEMAND);
        addInterest("A", "B");
        assertThat(rig.fatal).singleElement().asString().contains("NOT_SET");
        assertThat(rig.upstreams.all).hasSize(1);
        assertThat(rig.clock.timerCount()).isZero();
    }

    @Test
    void shouldDropATopicWithoutInterestWhileTheOthersAreQuiet() {
        rig.open("", ONE_FOR_EACH, FeedConfig.ON_DEMAND);
        addInterest("A", "QUIET");
        rig.clock.advance(250);
        final FakeUpstreams.Server second = rig.upstreams.last().open().text(FeedRig.quote("A", 1));
        removeInterest("A");
        rig.clock.advance(FeedRig.LINGER_MS + 250);
        assertThat(rig.upstreams.last().open().sent).containsExactly("{\"key\":\"k\",\"sub\":\"QUIET\"}");
        for (int second30 = 0; second30 < 3; second30++) {
            second.text(FeedRig.quote("A", 2));
            rig.clock.advance(30_000);
        }
        assertThat(second.isClosing).isTrue();
    }

    @Test
    void shouldNotReplaceAConnectionThatHasRequestedEverything() {
        rig.open("", ONE_FOR_EACH, "A", "B");
        final FakeUpstreams.Server only = rig.upstreams.last();
        assertThat(only.sent).containsExactly("{\"key\":\"k\",\"sub\":\"A,B\"}");
        only.text(FeedRig.quote("A", 1));
        rig.clock.advance(1000);
        assertThat(rig.upstreams.all).hasSize(1);
    }

    private void addInterest(final String... symbols) {
        rig.session.addInterest(0, List.of(symbols), "client");
        rig.clock.advance(20);
    }

    private void removeInterest(final String... symbols) {
        rig.session.removeInterest(0, List.of(symbols));
    }
}
