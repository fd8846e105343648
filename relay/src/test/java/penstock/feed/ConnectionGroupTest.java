package penstock.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import penstock.config.relay.FeedConfig;
import penstock.feed.tick.SessionState;
import penstock.telemetry.Counter;
import penstock.upstream.LossReason;

/** One feed over several connections: to carry more subscriptions, or to accept the first of two arrivals. */
@Tag("slow")
class ConnectionGroupTest {
    private static final String TWO_EACH = "max-connections = 3, max-subscriptions = 2";
    private static final String SUBSCRIBE =
        """
        subscribe {
          message = \"""{"sub":{symbols|json},"id":{id}}\"""
          unsubscribe = \"""{"unsub":{symbols|json},"id":{id}}\"""
          ack { match { "$/id" = "*" }, ok { "$/ok" = true }, correlate = "$/id", timeout = 5s, retries = 0 }
        }
        """;

    private final FeedRig rig = new FeedRig();

    @Test
    void shouldSpreadSubscriptionsOverSeveralConnections() {
        rig.start(TWO_EACH, SUBSCRIBE, "A", "B", "C", "D", "E");
        assertThat(rig.upstreams.all).hasSize(3);
        rig.upstreams.all.forEach(FakeUpstreams.Server::open);
        assertThat(rig.upstreams.all.stream().map(each -> each.sent.get(0))).containsExactly(
            "{\"sub\":[\"A\",\"B\"],\"id\":1}", "{\"sub\":[\"C\",\"D\"],\"id\":1}", "{\"sub\":[\"E\"],\"id\":1}");
    }

    @Test
    void shouldRefuseMoreSymbolsThanTheConnectionsCarry() {
        assertThatThrownBy(() -> rig.start(TWO_EACH, SUBSCRIBE, "A", "B", "C", "D", "E", "F", "G"))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("feed.symbols: makes 7 subscriptions").hasMessageContaining("has room for 6");
    }

    @Test
    void shouldMarkOnlyTheTopicsOfALostConnectionStale() {
        rig.start(TWO_EACH, SUBSCRIBE, "A", "B", "C");
        final FakeUpstreams.Server one = rig.server(0).open().text("{\"ok\":true,\"id\":1}")
            .text(FeedRig.quote("A", 1));
        final FakeUpstreams.Server two = rig.server(1).open().text("{\"ok\":true,\"id\":1}")
            .text(FeedRig.quote("C", 1));
        rig.ring.news();
        two.lose(LossReason.DISCONNECTED, true);
        assertThat(rig.ring.news()).containsExactly("1 STALE upstream_disconnected");
        assertThat(rig.session.state()).isEqualTo(SessionState.LIVE);
        assertThat(rig.session.detail()).startsWith("1 of 2 connections are live");
        one.lose(LossReason.DISCONNECTED, true);
        assertThat(rig.ring.news()).containsExactly("STALE upstream_disconnected");
        rig.clock.advance(10_000);
        rig.server(3).open().text("{\"ok\":true,\"id\":1}").text(FeedRig.quote("A", 2));
        // the topics of the other connection must not look live because the feed is
        assertThat(rig.ring.news()).containsExactly("LIVE null", "1 STALE upstream_unreachable", "0 2");
    }

    @Test
    void shouldMoveSubscriptionsThatTheVenueHasNoRoomFor() {
        final String shards = SUBSCRIBE + " ";
        rig.start("max-connections = 2, max-subscriptions = 100", shards, "A", "B");
        final FakeUpstreams.Server one = rig.server(0).open();
        one.text("{\"full\":true,\"id\":1}");
        assertThat(rig.upstreams.all).hasSize(2);
        assertThat(rig.server(1).open().sent).containsExactly("{\"sub\":[\"A\",\"B\"],\"id\":1}");
    }

    @Test
    void shouldReuseTheRoomOfRemovedSubscriptions() {
        rig.start(TWO_EACH, SUBSCRIBE, FeedConfig.ON_DEMAND);
        rig.server(0).open();
        addInterest("A", "B");
        rig.server(0).text("{\"ok\":true,\"id\":1}");
        addInterest("C");
        assertThat(rig.upstreams.all).hasSize(2);
        rig.session.removeInterest(0, List.of("A"));
        rig.clock.advance(FeedRig.LINGER_MS + 100);
        rig.server(0).text("{\"ok\":true,\"id\":2}");
        addInterest("D");
        assertThat(rig.server(0).sent).last().isEqualTo("{\"sub\":[\"D\"],\"id\":3}");
    }

    @Test
    void shouldCloseTopicsWithoutRoomOnAnyConnection() {
        rig.start("max-connections = 1, max-subscriptions = 2", SUBSCRIBE, FeedConfig.ON_DEMAND);
        rig.server(0).open();
        addInterest("A", "B", "C");
        assertThat(rig.ring.news()).last().asString().contains("CLOSED the venue sends no more");
    }

    @Test
    void shouldAcceptTheFirstArrivalOfTwoConnections() {
        final FeedRig two = new FeedRig().urls("ws://a.invalid/", "ws://b.invalid/").numbered("increasing")
            .redundant();
        two.start("max-connections = 2", SUBSCRIBE, "A");
        assertThat(two.server(0).url.toString()).contains("a.invalid");
        assertThat(two.server(1).url.toString()).contains("b.invalid");
        final FakeUpstreams.Server a = two.server(0).open().text("{\"ok\":true,\"id\":1}")
            .text(FeedRig.quote("A", 10, 10));
        final FakeUpstreams.Server b = two.server(1).open().text("{\"ok\":true,\"id\":1}")
            .text(FeedRig.quote("A", 10, 10));
        b.text(FeedRig.quote("A", 11, 11)).text(FeedRig.quote("A", 12, 12));
        a.text(FeedRig.quote("A", 11, 11)).text(FeedRig.quote("A", 12, 12)).text(FeedRig.quote("A", 13, 13));
        assertThat(two.ring.news()).containsExactly("LIVE null", "topic 0 = 0 A", "0 10", "0 11", "0 12", "0 13");
        assertThat(two.count(Counter.FEED_ARBITRATED)).isEqualTo(3);
        // one of the two may be lost without a stale state
        a.lose(LossReason.DISCONNECTED, true);
        b.text(FeedRig.quote("A", 13, 13)).text(FeedRig.quote("A", 14, 14));
        assertThat(two.ring.news()).containsExactly("0 14");
        b.lose(LossReason.DISCONNECTED, true);
        assertThat(two.ring.news()).containsExactly("STALE upstream_disconnected");
    }

    /** The first connection was quiet for long; of its two lines the new one is ahead of the other connection. */
    @Test
    void shouldNotGoBackWhenALineThatTakesOverIsAheadOfTheOtherConnection() {
        final FeedRig two = new FeedRig().urls("ws://a.invalid/", "ws://b.invalid/").numbered("increasing")
            .redundant();
        two.start("max-connections = 2, lifetime = 30s", SUBSCRIBE, "A");
        two.server(0).open().text("{\"ok\":true,\"id\":1}").text(FeedRig.quote("A", 1, 1));
        two.clock.advance(10_000);
        final FakeUpstreams.Server b = two.server(1).open().text("{\"ok\":true,\"id\":1}")
            .text(FeedRig.quote("A", 2, 2));
        two.clock.advance(20_000);
        two.server(2).open().text("{\"ok\":true,\"id\":1}").text(FeedRig.quote("A", 5, 5));
        assertThat(two.server(0).isClosing).isTrue();
        b.text(FeedRig.quote("A", 3, 3)).text(FeedRig.quote("A", 4, 4)).text(FeedRig.quote("A", 6, 6));
        assertThat(two.ring.news()).containsExactly("LIVE null", "topic 0 = 0 A", "0 1", "0 2", "0 5", "0 6");
    }

    @Test
    void shouldNotCompareNumbersThatEachConnectionHasForItself() {
        final FeedRig two = new FeedRig().urls("ws://a.invalid/", "ws://b.invalid/").numbered("""
            increasing, scope = connection, at = "$/n" } }
            { name = other, match { "$/x" = "*" }, channel = quote-2, key = "$/x", emit = "$/v", seq { rule = increasing
            """).redundant().channels("quote", "quote-2");
        two.start("max-connections = 2", SUBSCRIBE + " channels.quote-2.class = last-value", "A");
        final FakeUpstreams.Server a = two.server(0).open().text("{\"ok\":true,\"id\":1}")
            .text(FeedRig.quote("A", 1, 1_000)).text(FeedRig.quote("A", 2, 1_001));
        final FakeUpstreams.Server b = two.server(1).open().text("{\"ok\":true,\"id\":1}")
            .text(FeedRig.quote("A", 1, 700)).text(FeedRig.quote("A", 2, 701));
        a.lose(LossReason.DISCONNECTED, true);
        b.text(FeedRig.quote("A", 3, 702));
        assertThat(two.ring.news()).containsExactly("LIVE null", "topic 0 = 0 A", "0 1", "0 2", "0 3");
    }

    @Test
    void shouldCloseWhatOnlyALostConnectionOfTwoSent() {
        final FeedRig two = new FeedRig().urls("ws://a.invalid/", "ws://b.invalid/").numbered("increasing")
            .redundant();
        two.start("max-connections = 2", SUBSCRIBE, "A", "B");
        final FakeUpstreams.Server a = two.server(0).open().text("{\"ok\":true,\"id\":1}");
        two.server(1).open().text("{\"ok\":false,\"id\":1}").text("{\"ok\":true,\"id\":2}")
            .text("{\"ok\":false,\"id\":3}").text(FeedRig.quote("A", 1, 1));
        a.text(FeedRig.quote("A", 1, 1)).text(FeedRig.quote("B", 1, 1));
        two.ring.news();
        a.lose(LossReason.DISCONNECTED, true);
        assertThat(two.ring.news()).containsExactly("0 CLOSED {\"ok\":false,\"id\":3}");
    }

    @Test
    void shouldNotGoBackWhenTheNextAddressIsBehind() {
        final FeedRig over = new FeedRig().urls("ws://a.invalid/", "ws://b.invalid/").numbered("increasing");
        over.open("", "", "A").text(FeedRig.quote("A", 100, 100)).lose(LossReason.DISCONNECTED, true);
        over.clock.advance(10_000);
        final FakeUpstreams.Server behind = over.upstreams.last().open();
        behind.text(FeedRig.quote("A", 98, 98)).text(FeedRig.quote("A", 99, 99))
            .text(FeedRig.quote("A", 101, 101));
        assertThat(over.ring.news())
            .containsExactly("LIVE null", "topic 0 = 0 A", "0 100", "STALE upstream_disconnected", "LIVE null",
            "0 101");
    }

    @Test
    void shouldRefuseTwoConnectionsIfTheVenueAllowsOne() {
        assertThatThrownBy(() -> new FeedRig().numbered("increasing").redundant()
            .start("max-connections = 1", SUBSCRIBE, "A"))
            .hasMessageContaining("feed.arbitrate: needs two connections");
    }

    @Test
    void shouldNotBeStoppedBeforeTheLastConnectionIsClosed() {
        rig.start(TWO_EACH, SUBSCRIBE, "A", "B", "C");
        rig.server(0).open();
        rig.server(1).open();
        rig.session.stop();
        rig.server(0).lose(LossReason.STOPPED, true);
        assertThat(rig.session.stop()).isNotDone();
        rig.server(1).lose(LossReason.STOPPED, true);
        assertThat(rig.session.stop()).isDone();
        assertThat(rig.clock.timerCount()).isZero();
    }

    @Test
    void shouldSubscribeToAnUnassignedItemOnceThereIsRoom() {
        rig.start("max-connections = 1, max-subscriptions = 2", SUBSCRIBE, FeedConfig.ON_DEMAND);
        final FakeUpstreams.Server server = rig.server(0).open();
        addInterest("A", "B", "C");
        server.text("{\"ok\":true,\"id\":1}");
        rig.session.removeInterest(0, List.of("A"));
        rig.clock.advance(FeedRig.LINGER_MS + 100);
        server.text("{\"ok\":true,\"id\":2}");
        rig.clock.advance(100);
        assertThat(server.sent).last().isEqualTo("{\"sub\":[\"C\"],\"id\":3}");
        server.text("{\"ok\":true,\"id\":3}");
        assertThat(rig.ring.news()).endsWith("2 LIVE null");
    }

    @Test
    void shouldNotMarkRejectedOrRemovedTopicsStaleWhenTheirConnectionIsLost() {
        rig.start("max-connections = 2, max-subscriptions = 3", SUBSCRIBE, FeedConfig.ON_DEMAND);
        final FakeUpstreams.Server one = rig.server(0).open();
        addInterest("A", "B", "C");
        addInterest("D");
        one.text("{\"ok\":true,\"id\":1}").text(FeedRig.quote("A", 1)).text(FeedRig.quote("B", 1));
        one.text(FeedRig.quote("C", 1));
        rig.server(1).open().text("{\"ok\":true,\"id\":1}").text(FeedRig.quote("D", 1));
        rig.session.removeInterest(0, List.of("A"));
        rig.clock.advance(FeedRig.LINGER_MS + 100);
        one.lose(LossReason.DISCONNECTED, true);
        rig.clock.advance(10_000);
        rig.upstreams.last().open().text("{\"ok\":true,\"id\":1}").text(FeedRig.quote("C", 2));
        rig.session.removeInterest(0, List.of("B"));
        rig.ring.news();
        addInterest("E");
        rig.upstreams.last().text("{\"ok\":false,\"id\":2}");
        assertThat(rig.ring.news()).last().asString().startsWith("0 CLOSED");
        rig.upstreams.last().lose(LossReason.DISCONNECTED, true);
        assertThat(rig.ring.news()).containsExactly("1 STALE upstream_disconnected", "2 STALE upstream_disconnected");
    }

    @Test
    void shouldIgnoreUpdatesFromTheFormerConnectionOfATopic() {
        rig.start(TWO_EACH, SUBSCRIBE, FeedConfig.ON_DEMAND);
        final FakeUpstreams.Server one = rig.server(0).open();
        addInterest("A", "B");
        one.text("{\"ok\":true,\"id\":1}").text(FeedRig.quote("A", 1));
        rig.session.removeInterest(0, List.of("A"));
        rig.clock.advance(FeedRig.LINGER_MS + 100);
        addInterest("C");
        addInterest("A");
        rig.ring.news();
        rig.server(1).open().text("{\"ok\":true,\"id\":1}").text(FeedRig.quote("A", 3));
        one.text(FeedRig.quote("A", 2));
        assertThat(rig.ring.news()).containsExactly("topic 2 = 0 A", "2 3");
    }

    @Test
    void shouldForgetTheNumbersOfATopicWithoutInterest() {
        final FeedRig two = new FeedRig().urls("ws://a.invalid/", "ws://b.invalid/").numbered("increasing")
            .redundant();
        two.start("max-connections = 2", SUBSCRIBE, FeedConfig.ON_DEMAND);
        two.upstreams.all.forEach(FakeUpstreams.Server::open);
        two.session.addInterest(0, List.of("A"), "client");
        two.clock.advance(20);
        two.upstreams.all.forEach(each -> each.text("{\"ok\":true,\"id\":1}").text(FeedRig.quote("A", 10, 10)));
        two.session.removeInterest(0, List.of("A"));
        two.clock.advance(FeedRig.LINGER_MS + 100);
        two.session.addInterest(0, List.of("A"), "client");
        two.ring.news();
        two.upstreams.all.forEach(each -> each.text(FeedRig.quote("A", 9, 9)).text(FeedRig.quote("A", 10, 10)));
        assertThat(two.ring.news()).containsExactly("topic 0 = 0 A", "0 9", "0 10");
    }

    @Test
    void shouldLeadWithOneOfTwoConnectionsThatWentLiveTogether() {
        final FeedRig two = new FeedRig().urls("ws://a.invalid/", "ws://b.invalid/").numbered("increasing")
            .redundant();
        two.start("max-connections = 2", SUBSCRIBE, "A");
        two.upstreams.all.forEach(each -> each.open().text("{\"ok\":true,\"id\":1}")
            .text(FeedRig.quote("A", 10, 10)));
        two.upstreams.all.forEach(each -> each.text(FeedRig.quote("B", 7)));
        assertThat(two.ring.news()).containsExactly("LIVE null", "topic 0 = 0 A", "0 10", "topic 1 = 0 B", "1 7");
    }

    @Test
    void shouldBeIdleIfTheVenueHasNoRoomAtAll() {
        rig.start("max-connections = 2, max-subscriptions = 100", SUBSCRIBE, "A", "B");
        rig.server(0).open().text("{\"full\":true,\"id\":1}");
        rig.server(1).open().text("{\"ok\":true,\"id\":1}").text(FeedRig.quote("A", 1));
        rig.server(0).lose(LossReason.DISCONNECTED, true);
        rig.clock.advance(600_000);
        assertThat(rig.upstreams.all).hasSize(2);
        assertThat(rig.session.state()).isEqualTo(SessionState.LIVE);
    }

    @Test
    void shouldUseTheFullCapacityOfTheNextConnection() {
        rig.start("max-connections = 1, max-subscriptions = 3", SUBSCRIBE, FeedConfig.ON_DEMAND);
        rig.server(0).open();
        addInterest("A");
        rig.server(0).text("{\"ok\":true,\"id\":1}");
        addInterest("B");
        rig.server(0).text("{\"full\":true,\"id\":2}");
        rig.server(0).lose(LossReason.DISCONNECTED, true);
        rig.clock.advance(10_000);
        rig.server(1).open().text(FeedRig.quote("A", 1));
        addInterest("C");
        assertThat(String.join(" ", rig.server(1).sent)).contains("A").contains("B").contains("C");
    }

    private void addInterest(final String... symbols) {
        rig.session.addInterest(0, List.of(symbols), "client");
        rig.clock.advance(20);
    }
}
