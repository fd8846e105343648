package penstock.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import penstock.config.FeedConfig;
import penstock.feed.tick.SessionState;
import penstock.telemetry.Counter;
import penstock.upstream.LossReason;

/** The venue is asked for what subscribers want, as long as they want it. */
class FeedDemandTest {
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

    private final FeedStage stage = new FeedStage();

    @Test
    void shouldBeLiveWithoutAWishAndAskForNothing() {
        final PlayedUpstreams.Played server = stage.open("", SUBSCRIBE, FeedConfig.ON_DEMAND);
        assertThat(server.sent).isEmpty();
        assertThat(stage.session.state()).isEqualTo(SessionState.LIVE);
        assertThat(stage.ring.news()).containsExactly("LIVE null");
    }

    @Test
    void shouldAskForWhatIsWantedAndLetGoOfItAWhileAfterNobodyWantsIt() {
        final PlayedUpstreams.Played server = stage.open("", SUBSCRIBE, FeedConfig.ON_DEMAND);
        want("A", "B");
        assertThat(server.sent).containsExactly("{\"sub\":[\"A\",\"B\"],\"id\":1}");
        server.text("{\"ok\":true,\"id\":1}").text(FeedStage.quote("A", 1)).text(FeedStage.quote("B", 2));
        want("A");
        unwant("A", "B");
        stage.clock.advance(FeedStage.LINGER_MS - 1);
        assertThat(server.sent).hasSize(1);
        stage.clock.advance(100);
        assertThat(server.sent).hasSize(2).last().isEqualTo("{\"unsub\":[\"B\"],\"id\":2}");
        assertThat(stage.ring.news()).containsExactly("LIVE null", "topic 0 = 0 A", "0 1", "topic 1 = 0 B", "1 2",
            "1 STALE not_subscribed");
        // what the venue still sends would make it look fed
        server.text("{\"ok\":true,\"id\":2}").text(FeedStage.quote("B", 3)).text(FeedStage.quote("A", 4));
        assertThat(stage.ring.news()).containsExactly("0 4");
    }

    @Test
    void shouldAskForEverythingWantedOnTheNextConnection() {
        final PlayedUpstreams.Played first = stage.open("", SUBSCRIBE, FeedConfig.ON_DEMAND);
        want("A");
        first.text("{\"ok\":true,\"id\":1}").text(FeedStage.quote("A", 1));
        first.lose(LossReason.DISCONNECTED, true);
        want("B");
        stage.clock.advance(10_000);
        assertThat(stage.upstreams.last().open().sent).containsExactly("{\"sub\":[\"A\",\"B\"],\"id\":1}");
    }

    @Test
    void shouldCloseTheTopicThatTheVenueRefusesWithItsWords() {
        final PlayedUpstreams.Played server = stage.open("", SUBSCRIBE, FeedConfig.ON_DEMAND);
        want("NOPE");
        server.text("{\"ok\":false,\"id\":1,\"why\":\"no such symbol\"}");
        assertThat(stage.ring.news()).last().asString().startsWith("0 CLOSED").contains("no such symbol");
        assertThat(stage.session.rejectedSymbols()).containsOnlyKeys("NOPE");
    }

    @Test
    void shouldTellThatASymbolCannotBeOneInsteadOfAskingForIt() {
        final PlayedUpstreams.Played server = stage.open("", SUBSCRIBE, FeedConfig.ON_DEMAND);
        want("A\",\"op\":\"withdraw");
        assertThat(server.sent).isEmpty();
        assertThat(stage.ring.news()).last().asString().contains("CLOSED no venue has a symbol with such characters");
    }

    @Test
    void shouldTellThatMoreIsWantedThanTheFeedMayAskFor() {
        stage.open("", SUBSCRIBE, FeedConfig.ON_DEMAND);
        for (int i = 0; i < 100; i++) {
            want("S" + i);
        }
        stage.ring.news();
        want("ONE-TOO-MANY");
        assertThat(stage.ring.news()).last().asString().contains("CLOSED more is wanted than feed.max-symbols allows");
    }

    @Test
    void shouldRestWhenTheVenueClosesAConnectionThatIsNotUsedAndConnectForTheNextWish() {
        final PlayedUpstreams.Played idle = stage.open("", SUBSCRIBE, FeedConfig.ON_DEMAND);
        idle.lose(LossReason.DISCONNECTED, true);
        stage.clock.advance(3_600_000);
        assertThat(stage.upstreams.all).hasSize(1);
        assertThat(stage.session.state()).isEqualTo(SessionState.IDLE);
        assertThat(stage.ring.news()).containsExactly("LIVE null");
        want("A");
        assertThat(stage.upstreams.last().open().sent).containsExactly("{\"sub\":[\"A\"],\"id\":1}");
    }

    @Test
    void shouldNotTakeSilenceForAFaultWhereNothingIsWanted() {
        stage.open("idle { any-frame = 0, data = 10s }", SUBSCRIBE, FeedConfig.ON_DEMAND);
        stage.clock.advance(60_000);
        assertThat(stage.count(Counter.FEED_SILENCES)).isZero();
        want("A");
        stage.clock.advance(5_000);
        stage.upstreams.last().text("{\"ok\":true,\"id\":1}");
        stage.clock.advance(5_000);
        assertThat(stage.count(Counter.FEED_SILENCES)).isEqualTo(1);
    }

    @Test
    void shouldReplaceTheConnectionWhereTheVenueTakesOneRequestForEach() {
        final PlayedUpstreams.Played first = stage.open("", ONE_FOR_EACH, FeedConfig.ON_DEMAND);
        want("A");
        stage.clock.advance(250);
        final PlayedUpstreams.Played second = stage.upstreams.last().open();
        assertThat(second.sent).containsExactly("{\"key\":\"k\",\"sub\":\"A\"}");
        second.text(FeedStage.quote("A", 1));
        assertThat(first.isClosing).isTrue();
        want("B");
        want("C");
        stage.clock.advance(250);
        final PlayedUpstreams.Played third = stage.upstreams.last().open();
        assertThat(third.sent).containsExactly("{\"key\":\"k\",\"sub\":\"A,B,C\"}");
        // the old one goes on until the new one tells something that it did not
        second.text(FeedStage.quote("A", 2));
        assertThat(second.isClosing).isFalse();
        third.text(FeedStage.quote("A", 2)).text(FeedStage.quote("B", 7));
        assertThat(second.isClosing).isTrue();
        assertThat(stage.ring.news())
            .containsExactly("LIVE null", "topic 0 = 0 A", "0 1", "0 2", "topic 1 = 0 B", "1 7");
        assertThat(stage.upstreams.all).hasSize(3);
    }

    @Test
    void shouldBeginNothingForWishesThatComeAfterTheStop() {
        stage.open("max-connections = 2, max-subscriptions = 1", SUBSCRIBE, FeedConfig.ON_DEMAND);
        want("A");
        stage.session.stop();
        stage.upstreams.last().lose(LossReason.STOPPED, true);
        assertThat(stage.session.stop()).isDone();
        want("B");
        unwant("A", "B");
        stage.session.start();
        assertThat(stage.upstreams.all).hasSize(1);
        assertThat(stage.clock.timerCount()).isZero();
    }

    @Test
    void shouldBeLiveWhenWhatItWaitedForIsNotWantedAnyMore() {
        final PlayedUpstreams.Played first = stage.open("", SUBSCRIBE, FeedConfig.ON_DEMAND);
        want("A");
        first.lose(LossReason.DISCONNECTED, true);
        stage.clock.advance(10_000);
        stage.upstreams.last().open().text("{\"ok\":true,\"id\":1}");
        assertThat(stage.ring.news()).endsWith("STALE upstream_disconnected");
        unwant("A");
        stage.clock.advance(FeedStage.LINGER_MS + 100);
        assertThat(stage.session.state()).isEqualTo(SessionState.LIVE);
        assertThat(stage.ring.news()).containsExactly("topic 0 = 0 A", "0 STALE not_subscribed", "LIVE null");
    }

    @Test
    void shouldBeLiveWithTheIdleConnectionThatWasToTakeOver() {
        final PlayedUpstreams.Played first = stage.open("lifetime = 1h", SUBSCRIBE, FeedConfig.ON_DEMAND);
        stage.clock.advance(3_600_000);
        stage.server(1).open();
        first.lose(LossReason.DISCONNECTED, true);
        assertThat(stage.session.state()).isEqualTo(SessionState.LIVE);
        assertThat(stage.ring.news()).endsWith("LIVE null");
    }

    @Test
    void shouldMakeNoSecondConnectionOnceItRests() {
        final PlayedUpstreams.Played first = stage.open("lifetime = 1h", SUBSCRIBE, FeedConfig.ON_DEMAND);
        stage.clock.advance(3_600_000);
        stage.server(1).lose(LossReason.UNREACHABLE, false);
        first.lose(LossReason.DISCONNECTED, true);
        stage.clock.advance(600_000);
        assertThat(stage.upstreams.all).hasSize(2);
        assertThat(stage.session.state()).isEqualTo(SessionState.IDLE);
    }

    @Test
    void shouldEndForGoodWhenTheFirstWishNeedsAVariableThatIsNotSet() {
        stage.open("max-connections = 2, max-subscriptions = 1",
            SUBSCRIBE.replace("{\"sub\"", "{\"k\":\"${env:NOT_SET}\",\"sub\""),
            FeedConfig.ON_DEMAND);
        want("A", "B");
        assertThat(stage.fatal).singleElement().asString().contains("NOT_SET");
        assertThat(stage.upstreams.all).hasSize(1);
        assertThat(stage.clock.timerCount()).isZero();
    }

    @Test
    void shouldLetGoOfAnUnwantedTopicThoughTheOthersAreQuiet() {
        stage.open("", ONE_FOR_EACH, FeedConfig.ON_DEMAND);
        want("A", "QUIET");
        stage.clock.advance(250);
        final PlayedUpstreams.Played second = stage.upstreams.last().open().text(FeedStage.quote("A", 1));
        unwant("A");
        stage.clock.advance(FeedStage.LINGER_MS + 250);
        assertThat(stage.upstreams.last().open().sent).containsExactly("{\"key\":\"k\",\"sub\":\"QUIET\"}");
        for (int second30 = 0; second30 < 3; second30++) {
            second.text(FeedStage.quote("A", 2));
            stage.clock.advance(30_000);
        }
        assertThat(second.isClosing).isTrue();
    }

    private void want(final String... symbols) {
        stage.session.addInterest(0, List.of(symbols));
        stage.clock.advance(20);
    }

    private void unwant(final String... symbols) {
        stage.session.removeInterest(0, List.of(symbols));
    }
}
