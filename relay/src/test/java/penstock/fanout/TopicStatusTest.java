package penstock.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import penstock.fanout.format.WebSocketFormat;
import penstock.fanout.subscription.Interest;
import penstock.ring.FeedState;
import penstock.ring.TopicState;
import penstock.testkit.RecordingSocket;
import penstock.testkit.WebSocketFormats;
import penstock.wire.ContentOptions;
import penstock.wire.Mode;
import penstock.wire.SessionLimits;
import penstock.wire.SubscriptionOptions;
import penstock.wire.request.Request;

/** Notifications of topic states. */
class TopicStatusTest {
    private final ShardRig rig = new ShardRig(new SessionLimits(10, 5_000, 65_536, 1_000, 0, 60_000));
    private final RecordingSocket socket = rig.socket();

    @Test
    void shouldNotifyStaleOnceAndLiveBeforeTheUpdate() {
        final Session session = hold("grid", 0, "EURUSD", "GBPUSD");
        rig.state(TopicState.STALE, "gap", "EURUSD");
        rig.state(TopicState.STALE, "gap again", "EURUSD");
        assertThat(texts()).containsExactly(
            "{\"type\":\"status\",\"scope\":\"symbols\",\"sub\":\"grid\",\"symbols\":[\"EURUSD\"],\"state\":\"stale\","
                + "\"reason\":\"gap\",\"since\":5}");
        rig.tick("EURUSD", "EURUSD");
        final List<String> texts = texts();
        assertThat(texts).hasSize(2);
        assertThat(texts.get(0)).startsWith(
            "{\"type\":\"status\",\"scope\":\"symbols\",\"sub\":\"grid\",\"symbols\":[\"EURUSD\"],\"state\":\"live\","
                + "\"since\":17000");
        assertThat(texts.get(1)).contains("\"type\":\"update\"", "{\"s\":\"EURUSD\",\"q\":3,\"c\":1,\"v\"");
        rig.tick("EURUSD");
        assertThat(texts()).singleElement().asString().contains("\"type\":\"update\"");
        rig.subscribe(session, "grid", 0, "EURUSD");
        assertThat(texts()).noneMatch(text -> text.contains("symbols\",\"sub"));
    }

    @Test
    void shouldNotifyStaleAtOnceAndLiveWithTheUpdate() {
        hold("grid", 1_000, "EURUSD");
        rig.tick("EURUSD");
        rig.thread.advanceMs(1_100);
        rig.tick("EURUSD");
        texts();
        rig.state(TopicState.STALE, "gap", "EURUSD");
        assertThat(texts()).singleElement().asString().contains("\"state\":\"stale\"");
        rig.tick("EURUSD");
        assertThat(texts()).isEmpty();
        rig.thread.advanceMs(1_000);
        final List<String> texts = texts();
        assertThat(texts).hasSize(2);
        assertThat(texts.get(0)).contains("\"state\":\"live\"");
        assertThat(texts.get(1)).contains("\"type\":\"update\"", "\"q\":4");
    }

    @Test
    void shouldNotifyLiveAtOnceWithoutANewValue() {
        hold("grid", 60_000, "EURUSD");
        rig.state(TopicState.STALE, "connection lost", "EURUSD");
        rig.state(TopicState.LIVE, null, "EURUSD");
        assertThat(texts()).hasSize(2).last().asString()
            .contains("\"symbols\":[\"EURUSD\"],\"state\":\"live\",\"since\":5}");
    }

    @Test
    void shouldNotifyLiveAtOnceAfterAnUpdateThatShowsNothing() {
        rig.tick("EURUSD");
        final Session session = rig.open(socket, WebSocketFormat.PLAIN);
        session.onRequest(new Request.Subscribe("1", "grid", null, ShardRig.patterns("EURUSD"), true, null,
            new SubscriptionOptions(Mode.CONFLATE, 0, null, -1, -1, new ContentOptions(List.of("none"), true, -1))));
        rig.thread.run();
        rig.tick("EURUSD");
        rig.state(TopicState.STALE, "connection lost", "EURUSD");
        texts();
        rig.state(TopicState.LIVE, null, "EURUSD");
        assertThat(texts()).singleElement().asString().contains("\"symbols\":[\"EURUSD\"],\"state\":\"live\"");
    }

    @Test
    void shouldGroupSymbolsOfOneReasonInMessagesOfFiveHundred() {
        final String[] names = new String[1_201];
        for (int i = 0; i < names.length; i++) {
            names[i] = "S" + i;
        }
        rig.tick(names);
        hold("all", 0, "*");
        for (int i = 0; i < 1_200; i++) {
            rig.feed.state(names[i], TopicState.STALE, "connection lost");
        }
        rig.state(TopicState.CLOSED, "unknown symbol", names[1_200]);
        final List<String> texts = texts();
        assertThat(texts).hasSize(4);
        assertThat(texts.stream().filter(text -> text.contains("connection lost"))
            .map(text -> text.split("\"S").length - 1))
            .containsExactly(500, 500, 200);
        assertThat(texts)
            .filteredOn(text ->
            text.contains("\"symbols\":[\"S1200\"],\"state\":\"closed\",\"reason\":\"unknown symbol\""))
            .hasSize(1);
    }

    @Test
    void shouldNotifyEachSubscriptionToTheTopicAndNoOther() {
        final Session session = hold("one", 0, "EURUSD");
        rig.subscribe(session, "two", 1_000, "*");
        rig.subscribe(session, "three", 0, "GBPUSD");
        texts();
        rig.state(TopicState.CLOSED, "gone", "EURUSD");
        assertThat(texts()).hasSize(2).allMatch(text -> text.contains("[\"EURUSD\"],\"state\":\"closed\""))
            .anyMatch(text -> text.contains("\"one\"")).anyMatch(text -> text.contains("\"two\""));
        session.onRequest(new Request.Unsubscribe("9", "one", List.of()));
        rig.thread.run();
        texts();
        rig.state(TopicState.STALE, "back", "EURUSD");
        assertThat(texts()).singleElement().asString().contains("\"two\"", "stale");
    }

    @Test
    void shouldNotifyOfAClosedSymbolRightAfterTheAck() {
        rig.tick("EURUSD");
        rig.state(TopicState.CLOSED, "no such product", "NOPE");
        final Session session = rig.open(socket, WebSocketFormat.PLAIN);
        texts();
        rig.subscribe(session, "grid", 0, "EURUSD", "NOPE");
        final List<String> texts = texts();
        assertThat(texts).hasSize(3);
        assertThat(texts.get(0)).contains("\"ack\"", "\"matched\":1", "\"unknown\":[\"NOPE\"]");
        assertThat(texts.get(1))
            .endsWith("\"symbols\":[\"NOPE\"],\"state\":\"closed\",\"reason\":\"no such product\",\"since\":5}");
        assertThat(texts.get(2)).contains("\"type\":\"snapshot\"", "\"last\":true", "EURUSD").doesNotContain("NOPE");
        session.onRequest(new Request.ListSubscriptions("8"));
        rig.thread.run();
        assertThat(texts()).singleElement().asString()
            .contains("\"symbols\":[\"EURUSD\",\"NOPE\"],\"matched\":1,\"unknown\":[\"NOPE\"]");
        rig.tick("NOPE");
        final List<String> live = texts();
        assertThat(live.get(0)).contains("\"symbols\":[\"NOPE\"],\"state\":\"live\"");
        assertThat(live.get(1)).contains("\"type\":\"update\"", "{\"s\":\"NOPE\",\"q\":1,\"v\"");
    }

    @Test
    void shouldNotifyOfASymbolThatTheVenueRefuses() {
        hold("named", 0, "NOPE");
        final RecordingSocket other = rig.socket();
        rig.subscribe(rig.open(other, WebSocketFormat.PLAIN), "glob", 0, "NO*");
        ShardRig.texts(other);
        rig.state(TopicState.CLOSED, "no such product", "NOPE");
        assertThat(texts()).singleElement().asString().contains("\"named\"", "\"NOPE\"", "closed");
        assertThat(ShardRig.texts(other)).singleElement().asString().contains("\"glob\"", "\"NOPE\"", "closed");
    }

    @Test
    void shouldNotifyALateSubscriptionAndMarkItsEntries() {
        rig.tick("EURUSD", "GBPUSD", "XAUUSD");
        rig.state(TopicState.STALE, "gap", "EURUSD");
        rig.state(TopicState.CLOSED, "gone", "GBPUSD");
        final Session session = rig.open(socket, WebSocketFormat.PLAIN);
        texts();
        rig.subscribe(session, "grid", 0, "*");
        final List<String> texts = texts();
        assertThat(texts).hasSize(4);
        assertThat(texts.subList(1, 3)).allMatch(text -> text.contains("\"scope\":\"symbols\""));
        assertThat(texts.get(3))
            .contains("{\"s\":\"EURUSD\",\"q\":1,\"st\":\"stale\",", "{\"s\":\"GBPUSD\",\"q\":1,\"st\":\"closed\",",
            "{\"s\":\"XAUUSD\",\"q\":1,\"v\"");
    }

    @Test
    void shouldMarkEntriesOfModeOnceWithoutANotification() {
        rig.tick("EURUSD");
        rig.state(TopicState.CLOSED, "gone", "EURUSD");
        final Session session = rig.open(socket, WebSocketFormat.PLAIN);
        texts();
        session.onRequest(ShardRig.request("now", Mode.ONCE, -1, "*"));
        rig.thread.run();
        assertThat(texts()).hasSize(2).last().asString().contains("\"snapshot\"", "\"st\":\"closed\"");
        assertThat(rig.shard.subscriptionCount()).isZero();
    }

    @Test
    void shouldNotNotifyARawSession() {
        rig.tick("EURUSD");
        rig.state(TopicState.STALE, "gap", "EURUSD");
        rig.subscribe(rig.open(socket, WebSocketFormats.RAW), "0", 0, "*", "NOPE");
        rig.state(TopicState.CLOSED, "gone", "EURUSD", "NOPE");
        rig.tick("EURUSD");
        assertThat(texts()).containsExactly("[{\"n\":0}]", "[{\"n\":1}]");
    }

    @Test
    void shouldNotifyABlockedReaderOfTheNewestStateOnly() {
        final Session session = hold("grid", 0, "EURUSD", "GBPUSD");
        socket.takeOnly(0);
        rig.tick("EURUSD", "GBPUSD");
        for (int i = 0; i < 1_000; i++) {
            rig.state(TopicState.STALE, "gap", "EURUSD", "GBPUSD");
            rig.state(TopicState.CLOSED, "gone", "EURUSD");
            rig.tick("GBPUSD");
        }
        final int held = session.inspected().queue().unfinished().length;
        assertThat(held).isLessThan(1_000);
        socket.takeAll();
        session.onWritable();
        rig.thread.run();
        final List<String> texts = texts().stream().filter(text -> text.contains("\"scope\":\"symbols\"")).toList();
        assertThat(texts).singleElement().asString().contains("[\"EURUSD\"],\"state\":\"closed\",\"reason\":\"gone\"");
    }

    @Test
    void shouldBoundTheNotificationsOfASlowReaderToOneWrite() {
        final String[] names = new String[4_000];
        for (int i = 0; i < names.length; i++) {
            names[i] = "A_LONG_NAME_OF_A_SYMBOL_".repeat(4) + i;
        }
        rig.tick(names);
        final Session session = hold("all", 0, "*");
        socket.takeOnly(100);
        rig.state(TopicState.STALE, "gap", names);
        assertThat(session.inspected().queue().unfinished().length).isBetween(1, 200_000);
        rig.tick(names);
        rig.state(TopicState.CLOSED, "gone", names);
        socket.takeAll();
        session.onWritable();
        rig.thread.advanceMs(10);
        final List<String> texts = texts();
        assertThat(texts.stream().filter(text -> text.contains("\"state\":\"closed\""))
            .mapToInt(text -> (text.split("A_LONG").length - 1) / 4).sum())
            .isEqualTo(4_000);
        assertThat(texts.lastIndexOf(texts.stream().filter(text -> text.contains("\"state\"")).reduce((a, b) -> b)
            .orElseThrow()))
            .as("states before data").isLessThan(texts.indexOf(
                texts.stream().filter(text -> text.contains("\"update\"")).findFirst().orElseThrow()));
        assertThat(texts.stream().filter(text -> text.contains("\"update\""))
            .mapToInt(text -> text.split("\"s\":").length - 1).sum())
            .isEqualTo(4_000);
    }

    @Test
    void shouldNotNotifyPerTopicWhenTheFeedIsLost() {
        hold("grid", 0, "EURUSD", "GBPUSD");
        rig.feed.state(FeedState.STALE);
        rig.feed.flush();
        rig.thread.run();
        assertThat(texts()).singleElement().asString().contains("\"scope\":\"feed\"");
        rig.feed.state(FeedState.LIVE);
        rig.tick("EURUSD");
        assertThat(texts()).noneMatch(text -> text.contains("\"scope\":\"symbols\""));
    }

    @Test
    void shouldForgetTheNotifiedStateOnUnsubscribe() {
        final Session session = hold("grid", 0, "*");
        rig.state(TopicState.STALE, "gap", "EURUSD");
        session.onRequest(new Request.Unsubscribe("7", "grid", ShardRig.patterns("EURUSD")));
        rig.thread.run();
        texts();
        rig.tick("EURUSD");
        rig.state(TopicState.CLOSED, "gone", "EURUSD");
        assertThat(texts()).isEmpty();
        rig.subscribe(session, "grid", 0, "EURUSD");
        assertThat(texts().get(1)).contains("\"symbols\":[\"EURUSD\"],\"state\":\"closed\"");
    }

    @Test
    void shouldBeReadyOnDemandWithoutAnUpdate() {
        rig.feed.state(FeedState.LIVE);
        rig.feed.flush();
        rig.thread.run();
        assertThat(rig.shard.topics().firstFeed().isReady()).isFalse();
        rig.shard.interest().serveOnDemand(rig.shard.topics().firstFeed(), Interest.NONE, 100);
        assertThat(rig.shard.topics().firstFeed().isReady()).isTrue();
        rig.feed.state(FeedState.STALE);
        rig.feed.flush();
        rig.thread.run();
        assertThat(rig.shard.topics().firstFeed().isReady()).isFalse();
    }

    private Session hold(final String sub, final int intervalMs, final String... symbols) {
        rig.tick("EURUSD", "GBPUSD");
        final Session session = rig.open(socket, WebSocketFormat.PLAIN);
        rig.subscribe(session, sub, intervalMs, symbols);
        rig.thread.advanceMs(100);
        texts();
        return session;
    }

    private List<String> texts() {
        return ShardRig.texts(socket);
    }
}
