package penstock.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import penstock.fanout.format.BinaryFormat;
import penstock.fanout.format.SessionFormat;
import penstock.fanout.format.WebSocketFormat;
import penstock.ring.ConflationClass;
import penstock.ring.FeedIntroduction;
import penstock.ring.FeedState;
import penstock.ring.RelayedEpoch;
import penstock.ring.TickPublisher;
import penstock.ring.TickRing;
import penstock.ring.TopicState;
import penstock.ring.UpdateSlice;
import penstock.server.sse.EventStream;
import penstock.telemetry.Counters;
import penstock.telemetry.Telemetry;
import penstock.testkit.ManualThread;
import penstock.testkit.RecordingSocket;
import penstock.testkit.SinkSocket;
import penstock.testkit.TestShards;
import penstock.topic.Channel;
import penstock.topic.TopicTable;
import penstock.websocket.Opcode;
import penstock.wire.Mode;
import penstock.wire.SessionLimits;
import penstock.wire.SubscriptionOptions;
import penstock.wire.request.Request;
import penstock.wire.request.Resume;

/** A shard behind another relay, and what it sends to a third one. */
class RelayedEpochTest {
    private final ManualThread thread = new ManualThread(0, 1_795_231_181_329_000L);
    private final Counters counters = new Counters("shard");
    private final Telemetry telemetry = new Telemetry();
    private final TickRing ring = new TickRing(1024, 1 << 20);
    private final Shard shard = TestShards.shard(thread, ring.poller(counters), new TopicTable(List.of(), 0, 0),
        new SessionTimeouts(5_000_000_000L, 20_000_000_000L, 60_000_000_000L, 60_000_000_000L),
        new SessionLimits(50, 5000, 65536, 1_000, 0, 60_000), counters, telemetry.errors());
    private final ShardProxy proxy = new ShardProxy(thread, shard);
    private final TickPublisher publisher = ring.publisher(counters, List.of(proxy::wake),
        channel -> new Channel(channel, "any", channel == 1 ? "event" : "last-value", false).newConflator());
    private final RecordingSocket socket = new RecordingSocket(thread, new Random(1));

    RelayedEpochTest() {
        proxy.start();
        begin(41);
    }

    @Test
    void shouldShowTheNumbersOfTheOtherRelay() {
        publish(topic(0, "EURUSD"), 811, 5_000);
        subscribe(WebSocketFormat.PLAIN, Mode.CONFLATE, "*");
        final List<String> texts = ShardRig.texts(socket);
        assertThat(texts.get(0)).contains("\"epoch\":41,", "\"name\":\"demo\"", "\"quote\"").doesNotContain("hops");
        assertThat(texts.get(2)).contains("\"epoch\":41,", "\"p\":5000,", "\"q\":811,");
        publish(0, 815, 5_010);
        thread.run();
        assertThat(ShardRig.texts(socket).get(0)).contains("\"p\":5010,", "\"q\":815,", "\"c\":3,");
    }

    @Test
    void shouldBeginTheLedgerOfATopicThatJoinsWithAnImageIfAnotherRelayHasNumberedUpdatesBefore() {
        for (final Mode mode : List.of(Mode.CONFLATE, Mode.ALL)) {
            for (final String symbol : List.of("EUR" + mode, "*")) {
                subscribe(WebSocketFormat.PLAIN, mode, symbol);
            }
        }
        socket.takeFrames();
        publish(topic(0, "EURCONFLATE"), 811, 5_000);
        publish(topic(0, "EURALL"), 1, 5_001);
        thread.run();
        final String images = String.join("", ShardRig.texts(socket));
        assertThat(images.split("\"replaces\":\"one\"[^{]*\\{\"s\":\"EURCONFLATE\",\"q\":811,", -1)).hasSize(4);
        assertThat(images.split("\"type\":\"update\"[^{]*\\{\"s\":\"EURALL\",\"q\":1,", -1)).hasSize(4);
        publish(0, 814, 5_010);
        thread.run();
        assertThat(ShardRig.texts(socket)).anyMatch(text -> text.contains("\"q\":814,\"c\":2,"))
            .anyMatch(text -> text.contains("\"missed\":2"));
    }

    @Test
    void shouldCloseAllSessionsAndForgetAllTopicsWhenAnotherEpochBegins() {
        publish(topic(0, "EURUSD"), 811, 5_000);
        publish(topic(1, "BTCUSD"), 5, 5_001);
        subscribe(WebSocketFormat.PLAIN, Mode.CONFLATE, "*");
        publisher.feedState(0, FeedState.STALE, "upstream_silent", 1, -1, 5_002);
        begin(42);
        thread.run();
        assertThat(socket.takeFrames()).last().satisfies(frame -> {
            assertThat(frame.opcode()).isEqualTo(Opcode.CLOSE);
            assertThat(frame.text()).contains("retryAfter=");
        });
        assertThat(shard.topics().size()).isZero();
        assertThat(shard.topics().position()).isZero();
        final RecordingSocket next = new RecordingSocket(thread, new Random(1));
        final Session session = shard.open(next, WebSocketFormat.PLAIN, "test");
        session.onRequest(ShardRig.request("0", Mode.CONFLATE, 0, "*"));
        publish(topic(0, "EURUSD"), 1, 1);
        thread.run();
        final String all = String.join("", ShardRig.texts(next));
        assertThat(all).contains("\"epoch\":42,", "\"q\":1,").doesNotContain("811", "\"st\":");
    }

    @Test
    void shouldTellAnotherRelayHowFarItHasEverything() {
        publish(topic(0, "EURUSD"), 811, 5_000);
        publish(topic(1, "BTCUSD"), 17, 5_001);
        subscribe(new BinaryFormat(WebSocketFormat.PLAIN, "edge"), Mode.CONFLATE, "*");
        List<String> texts = ShardRig.texts(socket);
        assertThat(texts.get(0)).contains("\"heartbeat\":250");
        assertThat(texts).contains("{\"type\":\"position\",\"p\":5001}");
        publish(0, 812, 5_002);
        thread.run();
        texts = ShardRig.texts(socket);
        assertThat(texts).last().isEqualTo("{\"type\":\"position\",\"p\":5002}");
        publisher.topicState(0, TopicState.STALE, "silent", 7, 5_003);
        publisher.feedState(0, FeedState.STALE, "upstream_silent", 1, -1, 5_004);
        thread.run();
        texts = ShardRig.texts(socket);
        assertThat(String.join("", texts)).contains("\"reason\":\"silent\",\"since\":7,\"p\":5003}",
            "\"reason\":\"upstream_silent\",\"since\":1,\"p\":5004}");
    }

    @Test
    void shouldResumeOnlyWhereEarlierUpdatesAreNoLongerOnTheirWayAsAPartOfLaterOnes() {
        publish(topic(0, "EURUSD"), 811, 5_000);
        publish(topic(0, "GBPUSD"), 90, 5_001);
        final Session session = shard.open(socket, WebSocketFormat.PLAIN, "test");
        // of GBPUSD the client has an update of position 5002 from another edge; here it comes with a later one
        publishPart(0, 812, 5_010);
        session.onRequest(resume(5_005));
        thread.run();
        assertThat(String.join("", ShardRig.texts(socket))).doesNotContain("\"resumed\"");
        publishPart(1, 95, 5_011);
        publisher.complete(5_011);
        publisher.flush();
        thread.advanceMs(100);
        assertThat(String.join("", ShardRig.texts(socket))).contains("\"resumed\":true}", "\"q\":812,", "\"q\":95,");
    }

    @Test
    void shouldSendNothingToAClientThatIsAheadUntilItHasCaughtUp() {
        publish(topic(0, "EURUSD"), 811, 5_000);
        final Session session = shard.open(socket, WebSocketFormat.PLAIN, "test");
        session.onRequest(resume(5_005));
        session.onRequest(resume(5_006));
        session.onRequest(new Request.Ping("7"));
        thread.advanceMs(999);
        assertThat(ShardRig.texts(socket)).singleElement().asString().contains("welcome");
        thread.advanceMs(70);
        assertThat(ShardRig.texts(socket)).hasSize(3).satisfies(texts -> {
            assertThat(texts.subList(0, 2)).allSatisfy(text -> assertThat(text).contains("\"type\":\"error\",\"id\":1,",
                "\"status\":503,\"code\":\"not_ready\",\"path\":\"/resume/p\"", "\"retry\":true,\"retryAfter\":500}"));
            assertThat(texts.get(2)).contains("\"type\":\"pong\",\"id\":7");
        });
        publish(0, 815, 5_010);
        session.onRequest(resume(5_006));
        thread.run();
        assertThat(String.join("", ShardRig.texts(socket))).contains("\"resumed\":true}", "\"q\":815,")
            .doesNotContain("\"q\":811,");
    }

    @Test
    void shouldKeepAStreamWaitingWhoseClientCannotAskAgain() {
        publish(topic(0, "EURUSD"), 811, 5_000);
        final StringBuilder events = new StringBuilder();
        final SinkSocket stream = new SinkSocket() {
            @Override
            public int write(final ByteBuffer frames) throws IOException {
                events.append(StandardCharsets.UTF_8.decode(frames.duplicate()));
                return super.write(frames);
            }
        };
        shard.open(stream, new EventStream(), "test").onRequest(resume(5_005));
        thread.advanceMs(10_000);
        assertThat(events).contains("event: welcome").doesNotContain("811", "error");
        publish(0, 815, 5_010);
        thread.advanceMs(100);
        assertThat(events).contains("\"resumed\":true}", "\"q\":815,").doesNotContain("811");
    }

    @Test
    void shouldNotBeginAgainWithAPartOfTheImages() {
        publishPart(topic(0, "EURUSD"), 811, 5_000);
        shard.open(socket, WebSocketFormat.PLAIN, "test").onRequest(resume(5_005));
        thread.run();
        assertThat(String.join("", ShardRig.texts(socket))).doesNotContain("\"resumed\"");
    }

    @Test
    void shouldTellNoPositionWithAGapThatAnotherEdgeMayNotHave() {
        subscribe(WebSocketFormat.PLAIN, Mode.ALL, "*");
        publish(topic(0, "EURUSD"), 811, 5_000);
        ShardRig.texts(socket);
        publish(0, 815, 5_010);
        assertThat(String.join("", ShardRig.texts(socket)))
            .contains("{\"type\":\"gap\",\"sub\":\"0\",\"p\":0,\"missed\":3,", "\"p\":5010,", "\"q\":815,");
    }

    @Test
    void shouldNotGoOnWithEventsFromBeforeItsFirstOne() {
        publish(topic(1, "BTCUSD"), 17, 5_001);
        publish(0, 18, 5_002);
        assertThat(isResumed(5_000)).as("what another relay sent between is not known").isFalse();
        assertThat(isResumed(5_001)).isTrue();
    }

    @Test
    void shouldSayInAGapFromWhereAClientCountsThatWasSentEventsByAnotherEdgeWhichThisOneNeverHad() {
        publish(topic(1, "BTCUSD"), 17, 5_001);
        publish(0, 18, 5_002);
        publish(0, 27, 5_010);
        final RecordingSocket next = new RecordingSocket(thread, new Random(1));
        shard.open(next, WebSocketFormat.PLAIN, "test").onRequest(trades(5_005));
        thread.run();
        assertThat(ShardRig.texts(next)).anyMatch(text -> text.contains("\"missed\":8,\"topics\":[[\"BTCUSD\",26,8]]}"))
            .anyMatch(text -> text.contains("\"s\":\"BTCUSD\",\"q\":27,"));
    }

    private static Request trades(final long p) {
        return new Request.Subscribe("1", "t", "trade", ShardRig.patterns("*"), true, new Resume(41, p),
            SubscriptionOptions.of(Mode.ALL, -1, null));
    }

    private boolean isResumed(final long p) {
        final RecordingSocket next = new RecordingSocket(thread, new Random(1));
        shard.open(next, WebSocketFormat.PLAIN, "test").onRequest(trades(p));
        thread.run();
        return String.join("", ShardRig.texts(next)).contains("\"resumed\":true");
    }

    @Test
    void shouldTellNoPositionBeforeEverythingUpToThereIsHere() {
        publish(topic(0, "EURUSD"), 811, 5_000);
        subscribe(WebSocketFormat.PLAIN, Mode.CONFLATE, "*");
        ShardRig.texts(socket);
        publishPart(0, 812, 5_010);
        assertThat(ShardRig.texts(socket)).singleElement().asString().contains("\"p\":0,", "\"q\":812,");
        publish(0, 813, 5_011);
        assertThat(ShardRig.texts(socket)).singleElement().asString().contains("\"p\":5011,", "\"q\":813,");
    }

    @Test
    void shouldBeginWithAnImageWhereAnotherEdgeMayHaveSentUpdatesThatThisOneNeverHad() {
        subscribe(WebSocketFormat.PLAIN, Mode.ALL, "*");
        publish(topic(0, "EURUSD"), 811, 5_000);
        publish(0, 815, 5_010);
        publish(0, 816, 5_011);
        ShardRig.texts(socket);
        final RecordingSocket next = new RecordingSocket(thread, new Random(1));
        shard.open(next, WebSocketFormat.PLAIN, "test").onRequest(new Request.Subscribe("1", "0", null,
            ShardRig.patterns("*"), true, new Resume(41, 5_005), SubscriptionOptions.of(Mode.ALL, -1, null)));
        thread.run();
        final String all = String.join("", ShardRig.texts(next));
        assertThat(all).contains("\"resumed\":true}", "\"resumed\":true,\"data\":[{\"s\":\"EURUSD\",\"q\":816,")
            .doesNotContain("\"type\":\"gap\"", "\"q\":815");
    }

    private static Request resume(final long p) {
        return new Request.Subscribe("1", "0", null, ShardRig.patterns("*"), true, new Resume(41, p),
            SubscriptionOptions.of(Mode.CONFLATE, 0, null));
    }

    private void begin(final long epoch) {
        publisher.relay(new RelayedEpoch(epoch, true, List.of(
            new FeedIntroduction(0, 0, "demo", List.of(
                new FeedIntroduction.Channel(0, "quote", ConflationClass.LAST_VALUE, true),
                new FeedIntroduction.Channel(1, "trade", ConflationClass.EVENT, false)), 0, 0))));
        thread.run();
    }

    private void subscribe(final SessionFormat format, final Mode mode, final String symbol) {
        final Session session = shard.open(socket, format, "test");
        session.onRequest(ShardRig.request("0", mode, mode == Mode.ALL ? -1 : 0, symbol));
        thread.run();
    }

    private int topic(final int channel, final String symbol) {
        final byte[] bytes = symbol.getBytes(StandardCharsets.UTF_8);
        return publisher.addTopic(channel, bytes, 0, bytes.length);
    }

    private void publish(final int topic, final long q, final long p) {
        publisher.complete(p);
        publishPart(topic, q, p);
    }

    private void publishPart(final int topic, final long q, final long p) {
        publisher.publish(topic, q, p, 0, TickPublisher.NO_TIME, thread.nowNs(),
            new UpdateSlice().set(new byte[] {'1'}, 0, 1, 0, 1));
        publisher.flush();
        thread.run();
    }
}
