package penstock.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import penstock.audit.Termination;
import penstock.fanout.format.WebSocketFormat;
import penstock.ring.TopicState;
import penstock.telemetry.Counter;
import penstock.testkit.RecordingSocket;
import penstock.testkit.WebSocketFormats;
import penstock.topic.Channel;
import penstock.wire.Mode;
import penstock.wire.SessionLimits;
import penstock.wire.request.Request;
import penstock.wire.request.Resume;

/** The products of clients change while their sessions run: no session is cut, and the ledger of the rest goes on. */
class RightsChangeTest {
    private final ShardRig rig = new ShardRig(new SessionLimits(9, 100, 65_536, 10_000, 0, 60_000), 4096, 4 << 20,
        List.of(new Channel(0, "quote", "last-value", true), new Channel(1, "kline", "event", false)));
    private final ModelClients clients = new ModelClients(rig.thread, rig.shard, "fx=EUR* GBP*", "metals=XAU*",
        "events=T.*");
    private final RecordingSocket socket = rig.socket();
    private final Set<String> wanted = new TreeSet<>();

    @Test
    void shouldTakeTopicsAwayAndGiveThemBackWhileTheRestGoesOn() {
        rig.tick("EURUSD", "GBPUSD", "XAUUSD");
        final Session session = open("fx", "metals");
        rig.subscribe(session, "s", 0, "*", "EURUSD");
        texts();

        clients.grant("c", "metals");
        rig.tick("EURUSD", "XAUUSD");
        settle();
        assertThat(texts()).satisfiesExactly(
            denied -> assertThat(denied).startsWith("{\"type\":\"status\",\"scope\":\"symbols\",\"sub\":\"s\",\"symbols\":[")
                .contains("\"EURUSD\"", "\"GBPUSD\"", "],\"state\":\"denied\",\"since\":1700000001").doesNotContain("XAU"),
            update -> assertThat(update).contains("\"update\"", "\"s\":\"XAUUSD\",\"q\":2,\"v\"").doesNotContain("EUR"));

        rig.tick("EURUSD", "GBPUSD", "XAUUSD", "EURGBP");
        assertThat(texts()).singleElement().asString().contains("\"s\":\"XAUUSD\",\"q\":3,\"v\"").doesNotContain("EUR");

        clients.grant("c", "fx", "metals");
        settle();
        assertThat(texts()).satisfiesExactly(
            live -> assertThat(live).contains("\"state\":\"live\"", "\"EURUSD\"", "\"GBPUSD\"", "\"EURGBP\"")
                .doesNotContain("XAU"),
            images -> assertThat(images).contains("\"snapshot\"", "\"replaces\":\"one\"", "\"EURUSD\",\"q\":3,",
                "\"GBPUSD\",\"q\":2,", "\"EURGBP\",\"q\":1,").doesNotContain("XAU"));
        rig.tick("EURUSD", "XAUUSD");
        assertThat(texts()).singleElement().asString().contains("\"s\":\"EURUSD\",\"q\":4,\"v\"",
            "\"s\":\"XAUUSD\",\"q\":4,\"v\"");
        assertThat(rig.telemetry.errors().entries()).isEmpty();
        assertThat(rig.shard.sessionCount()).isEqualTo(1);
    }

    @Test
    void shouldGoOnWhenTheRightsAreBackBeforeTheirChangeIsWorkedOn() {
        rig.tick("EURUSD");
        final Session session = open("fx");
        rig.subscribe(session, "s", 0, "*");
        texts();
        clients.grant("c");
        rig.thread.run();
        clients.grant("c", "fx");
        rig.thread.run();
        settle();
        rig.tick("EURUSD");
        assertThat(texts()).singleElement().asString().contains("\"s\":\"EURUSD\",\"q\":2,\"v\"");
    }

    /** What the client never had is told neither when it is taken away nor later. */
    @Test
    void shouldNotTellOfTopicsThatTheClientNeverHad() {
        rig.tick("EURUSD", "XAUUSD");
        rig.state(TopicState.LIVE, null, "EURNOK");
        final Session session = open("fx");
        rig.subscribe(session, "s", 0, "EURUSD", "XAUUSD", "NOSUCH", "EURNOK");
        assertThat(texts().get(1)).contains("\"unknown\":[\"XAUUSD\",\"NOSUCH\",\"EURNOK\"],\"denied\":[]");

        clients.grant("c");
        settle();
        rig.tick("EURUSD", "XAUUSD", "NOSUCH", "EURNOK");
        assertThat(texts()).singleElement().asString().contains("\"symbols\":[\"EURUSD\"],\"state\":\"denied\"");
        session.onRequest(new Request.ListSubscriptions("9"));
        rig.thread.run();
        assertThat(texts().get(0)).contains("\"matched\":0", "\"EURNOK\"", "\"EURUSD\"", "\"NOSUCH\"", "\"XAUUSD\"");

        clients.grant("c", "metals");
        settle();
        assertThat(texts()).satisfiesExactly(
            live -> assertThat(live).contains("\"symbols\":[\"XAUUSD\"],\"state\":\"live\""),
            images -> assertThat(images).contains("\"XAUUSD\",\"q\":2,"));
    }

    @Test
    void shouldTellTheStateThatAGainedTopicHas() {
        rig.tick("EURUSD", "XAUUSD");
        final Session session = open("metals");
        rig.subscribe(session, "s", 0, "*");
        rig.state(TopicState.STALE, "silent", "EURUSD");
        texts();
        clients.grant("c", "fx", "metals");
        settle();
        assertThat(texts()).satisfiesExactly(
            state -> assertThat(state).contains("\"symbols\":[\"EURUSD\"],\"state\":\"stale\",\"reason\":\"silent\""),
            images -> assertThat(images).contains("\"s\":\"EURUSD\",\"q\":1,\"st\":\"stale\""));
    }

    @Test
    void shouldNotBringBackWhatTheClientHasUnsubscribed() {
        rig.tick("EURUSD", "EURGBP");
        final Session session = open("fx");
        rig.subscribe(session, "s", 0, "*");
        session.onRequest(new Request.Unsubscribe("2", "s", ShardRig.patterns("EURUSD")));
        clients.grant("c");
        settle();
        clients.grant("c", "fx");
        settle();
        texts();
        rig.tick("EURUSD", "EURGBP");
        assertThat(texts()).singleElement().asString().contains("EURGBP").doesNotContain("EURUSD");
    }

    @Test
    void shouldSendEveryEventOfTheRestAndNoneOfWhatIsLost() {
        rig.tick("T.EUR", "T.GBP", "XAUUSD");
        final Session session = open("events", "fx", "metals");
        session.onRequest(new Request.Subscribe("1", "all", null, ShardRig.patterns("*"), Mode.ALL, -1, true));
        session.onRequest(new Request.Subscribe("1", "t", "kline", ShardRig.patterns("*"), Mode.ALL, -1, true));
        rig.thread.run();
        rig.tick("EURUSD", "XAUUSD");
        texts();

        clients.grant("c", "fx", "metals");
        rig.tick("T.EUR", "XAUUSD", "T.GBP", "XAUUSD", "EURUSD");
        settle();
        assertThat(texts()).satisfiesExactly(
            denied -> assertThat(denied).contains("\"sub\":\"t\"", "\"T.EUR\"", "\"T.GBP\"", "denied"),
            update -> assertThat(update).contains("\"XAUUSD\",\"q\":3,", "\"XAUUSD\",\"q\":4,", "\"EURUSD\",\"q\":2,")
                .doesNotContain("T."));
        rig.tick("T.EUR");
        assertThat(texts()).isEmpty();

        clients.grant("c", "events", "fx", "metals");
        settle();
        rig.tick("T.EUR", "T.EUR");
        final List<String> gained = texts();
        assertThat(gained.get(0)).contains("\"state\":\"live\"", "T.EUR", "T.GBP");
        assertThat(gained.get(1)).contains("\"snapshot\"", "\"T.EUR\",\"q\":3,", "\"T.GBP\",\"q\":2,");
        assertThat(String.join("", gained.subList(2, gained.size()))).contains("\"T.EUR\",\"q\":4,", "\"T.EUR\",\"q\":5,")
            .doesNotContain("gap");
    }

    @Test
    void shouldLeaveLostTopicsOutOfSnapshotsThatAreUnderWay() {
        rig.tick("EURUSD", "XAUUSD");
        final Session session = open("fx", "metals");
        socket.takeOnly(0);
        session.onRequest(ShardRig.request("s", Mode.CONFLATE, 0, "*"));
        session.onRequest(new Request.Subscribe("2", "once", null, ShardRig.patterns("*"), Mode.ONCE, -1, true));
        rig.thread.run();
        clients.grant("c", "metals");
        settle();
        socket.takeAll();
        session.onWritable();
        settle();
        final String all = String.join("\n", texts());
        assertThat(all).contains("\"sub\":\"s\"", "\"sub\":\"once\"", "\"last\":true", "\"s\":\"XAUUSD\"")
            .doesNotContain("\"s\":\"EURUSD\"");
        assertThat(rig.shard.subscriptionCount()).isEqualTo(1);
    }

    /** Of what was written before, only the rest of the frame comes that the socket had taken in part. */
    @Test
    void shouldSendABlockedClientNothingThatItLost() {
        rig.tick("EURUSD", "XAUUSD");
        final Session session = open("fx", "metals");
        rig.subscribe(session, "s", 0, "EURUSD");
        rig.subscribe(session, "m", 0, "XAUUSD");
        texts();
        socket.takeOnly(10);
        rig.tick("EURUSD");
        rig.tick("EURUSD", "XAUUSD");
        clients.grant("c", "metals");
        settle();
        rig.tick("EURUSD", "XAUUSD");
        socket.takeAll();
        session.onWritable();
        settle();
        final List<String> texts = texts();
        assertThat(texts.get(0)).contains("\"EURUSD\",\"q\":2,");
        assertThat(texts.subList(1, texts.size())).satisfiesExactly(
            denied -> assertThat(denied).contains("EURUSD", "denied"),
            update -> assertThat(update).contains("\"XAUUSD\",\"q\":3,\"c\":1"));
    }

    /** A write begins with states, and these are sent to their end, even if they are not so any more. */
    @Test
    void shouldEndTheStatesOfABegunWriteAndSendNoValueBehindThem() {
        rig.tick("EURUSD");
        final Session session = open("fx");
        rig.subscribe(session, "s", 0, "*");
        rig.subscribe(session, "t", 0, "EURUSD");
        clients.grant("c");
        settle();
        texts();
        socket.takeOnly(10);
        clients.grant("c", "fx");
        settle();
        clients.grant("c");
        settle();
        rig.tick("EURUSD");
        socket.takeAll();
        session.onWritable();
        settle();
        assertThat(texts()).hasSize(4).allSatisfy(text -> assertThat(text).contains("\"status\"", "\"EURUSD\""))
            .extracting(text -> text.contains("\"live\"")).containsExactly(true, true, false, false);
    }

    /** The topic that it had may be another one by then. */
    @Test
    void shouldReportADenialEvenIfItIsOver() {
        rig.tick("EURUSD", "XAUUSD");
        final Session session = open("fx", "metals");
        rig.subscribe(session, "s", 0, "*");
        texts();
        socket.takeOnly(10);
        rig.tick("XAUUSD");
        clients.grant("c", "metals");
        settle();
        clients.grant("c", "fx", "metals");
        settle();
        socket.takeAll();
        session.onWritable();
        settle();
        final List<String> texts = texts();
        assertThat(texts.subList(texts.size() - 3, texts.size())).satisfiesExactly(
            denied -> assertThat(denied).contains("\"EURUSD\"", "\"denied\""),
            live -> assertThat(live).contains("\"EURUSD\"", "\"live\""),
            images -> assertThat(images).contains("\"snapshot\"", "\"EURUSD\",\"q\":1,"));
    }

    @Test
    void shouldTakePayloadsAwayFromRawClients() {
        rig.tick("EURUSD", "XAUUSD");
        final RecordingSocket raw = rig.socket();
        final Session session = rig.shard.open(raw, WebSocketFormats.RAW, "test", clients.client("c", "fx", "metals"),
            "test");
        session.onRequest(ShardRig.request("0", Mode.CONFLATE, 0, "*"));
        rig.thread.run();
        ShardRig.texts(raw);
        clients.grant("c", "metals");
        settle();
        rig.tick("EURUSD");
        assertThat(ShardRig.texts(raw)).isEmpty();
        rig.tick("XAUUSD");
        assertThat(ShardRig.texts(raw)).containsExactly("[" + rig.feed.value("XAUUSD", 2) + "]");
        clients.grant("c", "fx", "metals");
        settle();
        assertThat(ShardRig.texts(raw)).containsExactly("[" + rig.feed.value("EURUSD", 2) + "]");
    }

    @Test
    void shouldAskTheVenueOnlyForNamesThatTheClientMaySeeNow() {
        rig.shard.interest().serveOnDemand(rig.shard.topics().firstFeed(), new WantedSymbols(wanted), 100);
        final Session session = open("fx");
        rig.subscribe(session, "s", 0, "EURUSD", "XAUUSD");
        rig.tick("EURUSD");
        assertThat(wanted).containsExactly("EURUSD");

        clients.grant("c", "metals");
        settle();
        assertThat(wanted).containsExactly("XAUUSD");
        rig.feed.forget("EURUSD");
        rig.tick("XAUUSD");
        texts();

        clients.grant("c", "fx");
        settle();
        assertThat(wanted).containsExactly("EURUSD");
        assertThat(texts()).singleElement().asString().contains("\"symbols\":[\"XAUUSD\"],\"state\":\"denied\"");
        rig.tick("EURUSD");
        assertThat(texts()).satisfiesExactly(
            live -> assertThat(live).contains("\"symbols\":[\"EURUSD\"],\"state\":\"live\""),
            update -> assertThat(update).contains("\"EURUSD\",\"q\":1,"));
        session.onDisconnected(Termination.CLIENT_GONE);
        settle();
        assertThat(wanted).isEmpty();
    }

    @Test
    void shouldChangeTheProductsWithANewToken() {
        rig.tick("EURUSD", "XAUUSD");
        final Session session = open("fx");
        rig.subscribe(session, "s", 0, "*");
        texts();
        session.onRequest(new Request.Auth("5", "c metals"));
        settle();
        assertThat(texts()).satisfiesExactly(
            ack -> assertThat(ack).isEqualTo("{\"type\":\"ack\",\"id\":5,\"op\":\"auth\"}"),
            denied -> assertThat(denied).contains("\"EURUSD\"", "denied"),
            live -> assertThat(live).contains("\"XAUUSD\"", "\"live\""),
            images -> assertThat(images).contains("\"XAUUSD\",\"q\":1"));
        clients.client("other", "fx");
        session.onRequest(new Request.Auth("6", "other"));
        settle();
        assertThat(texts()).singleElement().asString().contains("not_entitled");
    }

    @Test
    void shouldEndTheSessionsOfAClientThatIsRemoved() {
        rig.tick("EURUSD");
        final Session session = open("fx");
        rig.subscribe(session, "s", 0, "*");
        texts();
        clients.remove("c");
        rig.tick("EURUSD");
        settle();
        assertThat(socket.takeFrames()).singleElement().satisfies(frame -> assertThat(frame.opcode()).isEqualTo(8));
        assertThat(session.isOpen()).isFalse();
        assertThat(rig.counters.get(Counter.SESSIONS_REVOKED)).isEqualTo(1);
    }

    /** It may hold values that it may not see any more, and lack others that have not changed since. */
    @Test
    void shouldResumeOnlyBehindAChangeOfRights() {
        rig.tick("EURUSD", "XAUUSD");
        open("fx").onDisconnected(Termination.CLIENT_GONE);
        assertThat(resumed(rig.shard.topics().position())).isTrue();
        rig.tick("EURUSD");
        final long before = rig.shard.topics().position();
        clients.grant("c", "fx", "metals");
        assertThat(resumed(before)).isFalse();
        rig.tick("EURUSD");
        assertThat(resumed(before)).isFalse();
        final long after = rig.shard.topics().position();
        assertThat(resumed(after)).isTrue();

        final Session session = rig.shard.open(socket, WebSocketFormat.PLAIN, "test", clients.identity("c"), "test");
        clients.grant("c", "fx");
        settle();
        session.onDisconnected(Termination.CLIENT_GONE);
        assertThat(resumed(after)).isFalse();
    }

    private boolean resumed(final long p) {
        final RecordingSocket returned = rig.socket();
        final Session session = rig.shard.open(returned, WebSocketFormat.PLAIN, "test", clients.identity("c"), "test");
        session.onRequest(ShardRig.request("s", Mode.CONFLATE, 0, "*").resuming(new Resume(7, p)));
        settle();
        session.onDisconnected(Termination.CLIENT_GONE);
        return String.join("", ShardRig.texts(returned)).contains("\"resumed\":true");
    }

    /** A client whose rights changed between its token and its session is checked before it is sent anything. */
    @Test
    void shouldCheckASessionThatBeginsAfterAChange() {
        rig.tick("EURUSD", "XAUUSD");
        final var before = clients.client("c", "fx", "metals");
        clients.grant("c", "metals");
        settle();
        final Session session = rig.shard.open(socket, WebSocketFormat.PLAIN, "test", before, "test");
        session.onRequest(ShardRig.request("s", Mode.CONFLATE, 0, "*"));
        settle();
        assertThat(String.join("", texts())).contains("XAUUSD").doesNotContain("EURUSD");
    }

    private Session open(final String... products) {
        final Session session =
            rig.shard.open(socket, WebSocketFormat.PLAIN, "test", clients.client("c", products), "test");
        rig.thread.run();
        return session;
    }

    private void settle() {
        rig.thread.advanceMs(20);
    }

    private List<String> texts() {
        return ShardRig.texts(socket);
    }
}
