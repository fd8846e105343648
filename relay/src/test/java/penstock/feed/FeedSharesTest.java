package penstock.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import penstock.config.FeedConfig;
import penstock.feed.tick.SessionState;
import penstock.telemetry.Counter;
import penstock.upstream.LossReason;

/** One feed over several connections: for more than one carries, or for the first of two. */
@Tag("slow")
class FeedSharesTest {
    private static final String TWO_EACH = "max-connections = 3, max-subscriptions = 2";
    private static final String SUBSCRIBE =
        """
        subscribe {
          message = \"""{"sub":{symbols|json},"id":{id}}\"""
          unsubscribe = \"""{"unsub":{symbols|json},"id":{id}}\"""
          ack { match { "$/id" = "*" }, ok { "$/ok" = true }, correlate = "$/id", timeout = 5s, retries = 0 }
        }
        """;

    private final FeedStage stage = new FeedStage();

    @Test
    void shouldSpreadWhatOneConnectionDoesNotCarry() {
        stage.start(TWO_EACH, SUBSCRIBE, "A", "B", "C", "D", "E");
        assertThat(stage.upstreams.all).hasSize(3);
        stage.upstreams.all.forEach(PlayedUpstreams.Played::open);
        assertThat(stage.upstreams.all.stream().map(each -> each.sent.get(0))).containsExactly(
            "{\"sub\":[\"A\",\"B\"],\"id\":1}", "{\"sub\":[\"C\",\"D\"],\"id\":1}", "{\"sub\":[\"E\"],\"id\":1}");
    }

    @Test
    void shouldSayAtTheStartThatThereIsNoRoom() {
        assertThatThrownBy(() -> stage.start(TWO_EACH, SUBSCRIBE, "A", "B", "C", "D", "E", "F", "G"))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("feed.symbols: makes 7 subscriptions").hasMessageContaining("has room for 6");
    }

    @Test
    void shouldHoldTheTopicsOfALostConnectionForStaleAndTheOthersForLive() {
        stage.start(TWO_EACH, SUBSCRIBE, "A", "B", "C");
        final PlayedUpstreams.Played one = stage.server(0).open().text("{\"ok\":true,\"id\":1}")
            .text(FeedStage.quote("A", 1));
        final PlayedUpstreams.Played two = stage.server(1).open().text("{\"ok\":true,\"id\":1}")
            .text(FeedStage.quote("C", 1));
        stage.ring.news();
        two.lose(LossReason.DISCONNECTED, true);
        assertThat(stage.ring.news()).containsExactly("1 STALE upstream_disconnected");
        assertThat(stage.session.state()).isEqualTo(SessionState.LIVE);
        assertThat(stage.session.detail()).startsWith("1 of 2 connections are live");
        one.lose(LossReason.DISCONNECTED, true);
        assertThat(stage.ring.news()).containsExactly("STALE upstream_disconnected");
        stage.clock.advance(10_000);
        stage.server(3).open().text("{\"ok\":true,\"id\":1}").text(FeedStage.quote("A", 2));
        // of the other one's topics nobody may think that they are live because the feed is
        assertThat(stage.ring.news()).containsExactly("LIVE null", "1 STALE upstream_unreachable", "0 2");
    }

    @Test
    void shouldMoveToAnotherConnectionWhatTheVenueHasNoRoomFor() {
        final String shards = SUBSCRIBE + " ";
        stage.start("max-connections = 2, max-subscriptions = 100", shards, "A", "B");
        final PlayedUpstreams.Played one = stage.server(0).open();
        one.text("{\"full\":true,\"id\":1}");
        assertThat(stage.upstreams.all).hasSize(2);
        assertThat(stage.server(1).open().sent).containsExactly("{\"sub\":[\"A\",\"B\"],\"id\":1}");
    }

    @Test
    void shouldUseTheRoomThatOthersLeft() {
        stage.start(TWO_EACH, SUBSCRIBE, FeedConfig.ON_DEMAND);
        stage.server(0).open();
        want("A", "B");
        stage.server(0).text("{\"ok\":true,\"id\":1}");
        want("C");
        assertThat(stage.upstreams.all).hasSize(2);
        stage.session.removeInterest(0, List.of("A"));
        stage.clock.advance(FeedStage.LINGER_MS + 100);
        stage.server(0).text("{\"ok\":true,\"id\":2}");
        want("D");
        assertThat(stage.server(0).sent).last().isEqualTo("{\"sub\":[\"D\"],\"id\":3}");
    }

    @Test
    void shouldCloseTopicsForWhichThereIsNoRoomAnywhere() {
        stage.start("max-connections = 1, max-subscriptions = 2", SUBSCRIBE, FeedConfig.ON_DEMAND);
        stage.server(0).open();
        want("A", "B", "C");
        assertThat(stage.ring.news()).last().asString().contains("CLOSED the venue sends no more");
    }

    @Test
    void shouldTakeTheFirstArrivalOfTwoConnections() {
        final FeedStage two = new FeedStage().urls("ws://a.invalid/", "ws://b.invalid/").numbered("increasing")
            .twofold();
        two.start("max-connections = 2", SUBSCRIBE, "A");
        assertThat(two.server(0).url.toString()).contains("a.invalid");
        assertThat(two.server(1).url.toString()).contains("b.invalid");
        final PlayedUpstreams.Played a = two.server(0).open().text("{\"ok\":true,\"id\":1}")
            .text(FeedStage.quote("A", 10, 10));
        final PlayedUpstreams.Played b = two.server(1).open().text("{\"ok\":true,\"id\":1}")
            .text(FeedStage.quote("A", 10, 10));
        b.text(FeedStage.quote("A", 11, 11)).text(FeedStage.quote("A", 12, 12));
        a.text(FeedStage.quote("A", 11, 11)).text(FeedStage.quote("A", 12, 12)).text(FeedStage.quote("A", 13, 13));
        assertThat(two.ring.news()).containsExactly("LIVE null", "topic 0 = 0 A", "0 10", "0 11", "0 12", "0 13");
        assertThat(two.count(Counter.FEED_ARBITRATED)).isEqualTo(3);
        // one of them may go without a word
        a.lose(LossReason.DISCONNECTED, true);
        b.text(FeedStage.quote("A", 13, 13)).text(FeedStage.quote("A", 14, 14));
        assertThat(two.ring.news()).containsExactly("0 14");
        b.lose(LossReason.DISCONNECTED, true);
        assertThat(two.ring.news()).containsExactly("STALE upstream_disconnected");
    }

    @Test
    void shouldNotGoBackWhenTheNextAddressIsBehind() {
        final FeedStage over = new FeedStage().urls("ws://a.invalid/", "ws://b.invalid/").numbered("increasing");
        over.open("", "", "A").text(FeedStage.quote("A", 100, 100)).lose(LossReason.DISCONNECTED, true);
        over.clock.advance(10_000);
        final PlayedUpstreams.Played behind = over.upstreams.last().open();
        behind.text(FeedStage.quote("A", 98, 98)).text(FeedStage.quote("A", 99, 99))
            .text(FeedStage.quote("A", 101, 101));
        assertThat(over.ring.news())
            .containsExactly("LIVE null", "topic 0 = 0 A", "0 100", "STALE upstream_disconnected", "LIVE null",
            "0 101");
    }

    @Test
    void shouldRefuseTwoConnectionsWhereTheVenueAllowsOne() {
        assertThatThrownBy(() -> new FeedStage().numbered("increasing").twofold()
            .start("max-connections = 1", SUBSCRIBE, "A"))
            .hasMessageContaining("feed.arbitrate: needs two connections");
    }

    @Test
    void shouldNotBeStoppedBeforeTheLastConnectionIsClosed() {
        stage.start(TWO_EACH, SUBSCRIBE, "A", "B", "C");
        stage.server(0).open();
        stage.server(1).open();
        stage.session.stop();
        stage.server(0).lose(LossReason.STOPPED, true);
        assertThat(stage.session.stop()).isNotDone();
        stage.server(1).lose(LossReason.STOPPED, true);
        assertThat(stage.session.stop()).isDone();
        assertThat(stage.clock.timerCount()).isZero();
    }

    @Test
    void shouldAskForWhatFoundNoRoomOnceOthersHaveLeft() {
        stage.start("max-connections = 1, max-subscriptions = 2", SUBSCRIBE, FeedConfig.ON_DEMAND);
        final PlayedUpstreams.Played server = stage.server(0).open();
        want("A", "B", "C");
        server.text("{\"ok\":true,\"id\":1}");
        stage.session.removeInterest(0, List.of("A"));
        stage.clock.advance(FeedStage.LINGER_MS + 100);
        server.text("{\"ok\":true,\"id\":2}");
        stage.clock.advance(100);
        assertThat(server.sent).last().isEqualTo("{\"sub\":[\"C\"],\"id\":3}");
        server.text("{\"ok\":true,\"id\":3}");
        assertThat(stage.ring.news()).endsWith("2 LIVE null");
    }

    @Test
    void shouldLeaveRefusedAndUnwantedTopicsAsTheyWereToldWhenTheirConnectionIsLost() {
        stage.start("max-connections = 2, max-subscriptions = 3", SUBSCRIBE, FeedConfig.ON_DEMAND);
        final PlayedUpstreams.Played one = stage.server(0).open();
        want("A", "B", "C");
        want("D");
        one.text("{\"ok\":true,\"id\":1}").text(FeedStage.quote("A", 1)).text(FeedStage.quote("B", 1));
        one.text(FeedStage.quote("C", 1));
        stage.server(1).open().text("{\"ok\":true,\"id\":1}").text(FeedStage.quote("D", 1));
        stage.session.removeInterest(0, List.of("A"));
        stage.clock.advance(FeedStage.LINGER_MS + 100);
        one.lose(LossReason.DISCONNECTED, true);
        stage.clock.advance(10_000);
        stage.upstreams.last().open().text("{\"ok\":true,\"id\":1}").text(FeedStage.quote("C", 2));
        stage.session.removeInterest(0, List.of("B"));
        stage.ring.news();
        want("E");
        stage.upstreams.last().text("{\"ok\":false,\"id\":2}");
        assertThat(stage.ring.news()).last().asString().startsWith("4 CLOSED");
        stage.upstreams.last().lose(LossReason.DISCONNECTED, true);
        assertThat(stage.ring.news()).containsExactly("1 STALE upstream_disconnected", "2 STALE upstream_disconnected");
    }

    @Test
    void shouldNotHearOfATopicFromTheConnectionThatItWasMovedAwayFrom() {
        stage.start(TWO_EACH, SUBSCRIBE, FeedConfig.ON_DEMAND);
        final PlayedUpstreams.Played one = stage.server(0).open();
        want("A", "B");
        one.text("{\"ok\":true,\"id\":1}").text(FeedStage.quote("A", 1));
        stage.session.removeInterest(0, List.of("A"));
        stage.clock.advance(FeedStage.LINGER_MS + 100);
        want("C");
        want("A");
        stage.ring.news();
        stage.server(1).open().text("{\"ok\":true,\"id\":1}").text(FeedStage.quote("A", 3));
        one.text(FeedStage.quote("A", 2));
        assertThat(stage.ring.news()).containsExactly("0 3");
    }

    @Test
    void shouldTakeARepetitionOfATopicThatIsWantedAgain() {
        final FeedStage two = new FeedStage().urls("ws://a.invalid/", "ws://b.invalid/").numbered("increasing")
            .twofold();
        two.start("max-connections = 2", SUBSCRIBE, FeedConfig.ON_DEMAND);
        two.upstreams.all.forEach(PlayedUpstreams.Played::open);
        two.session.addInterest(0, List.of("A"));
        two.clock.advance(20);
        two.upstreams.all.forEach(each -> each.text("{\"ok\":true,\"id\":1}").text(FeedStage.quote("A", 10, 10)));
        two.session.removeInterest(0, List.of("A"));
        two.clock.advance(FeedStage.LINGER_MS + 100);
        two.session.addInterest(0, List.of("A"));
        two.ring.news();
        two.upstreams.all.forEach(each -> each.text(FeedStage.quote("A", 9, 9)).text(FeedStage.quote("A", 10, 10)));
        assertThat(two.ring.news()).containsExactly("0 10");
    }

    @Test
    void shouldHearOneOfTwoThatBeganAtTheSameInstant() {
        final FeedStage two = new FeedStage().urls("ws://a.invalid/", "ws://b.invalid/").numbered("increasing")
            .twofold();
        two.start("max-connections = 2", SUBSCRIBE, "A");
        two.upstreams.all.forEach(each -> each.open().text("{\"ok\":true,\"id\":1}")
            .text(FeedStage.quote("A", 10, 10)));
        two.upstreams.all.forEach(each -> each.text(FeedStage.quote("B", 7)));
        assertThat(two.ring.news()).containsExactly("LIVE null", "topic 0 = 0 A", "0 10", "topic 1 = 0 B", "1 7");
    }

    @Test
    void shouldRestWhereTheVenueHasNoRoomAtAll() {
        stage.start("max-connections = 2, max-subscriptions = 100", SUBSCRIBE, "A", "B");
        stage.server(0).open().text("{\"full\":true,\"id\":1}");
        stage.server(1).open().text("{\"ok\":true,\"id\":1}").text(FeedStage.quote("A", 1));
        stage.server(0).lose(LossReason.DISCONNECTED, true);
        stage.clock.advance(600_000);
        assertThat(stage.upstreams.all).hasSize(2);
        assertThat(stage.session.state()).isEqualTo(SessionState.LIVE);
    }

    @Test
    void shouldUseTheWholeRoomOfTheNextConnection() {
        stage.start("max-connections = 1, max-subscriptions = 3", SUBSCRIBE, FeedConfig.ON_DEMAND);
        stage.server(0).open();
        want("A");
        stage.server(0).text("{\"ok\":true,\"id\":1}");
        want("B");
        stage.server(0).text("{\"full\":true,\"id\":2}");
        stage.server(0).lose(LossReason.DISCONNECTED, true);
        stage.clock.advance(10_000);
        stage.server(1).open().text(FeedStage.quote("A", 1));
        want("C");
        assertThat(String.join(" ", stage.server(1).sent)).contains("A").contains("B").contains("C");
    }

    private void want(final String... symbols) {
        stage.session.addInterest(0, List.of(symbols));
        stage.clock.advance(20);
    }
}
