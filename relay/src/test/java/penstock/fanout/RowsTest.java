package penstock.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import penstock.docs.Pages;
import penstock.fanout.format.FrameFormat;
import penstock.fanout.format.RowsFormat;
import penstock.fanout.format.WebSocketFormat;
import penstock.ring.FeedState;
import penstock.ring.TickPublisher;
import penstock.ring.TickRing;
import penstock.ring.UpdateKind;
import penstock.ring.UpdateSlice;
import penstock.telemetry.Counter;
import penstock.telemetry.Counters;
import penstock.telemetry.Telemetry;
import penstock.testkit.ManualThread;
import penstock.testkit.RecordingSocket;
import penstock.testkit.TestShards;
import penstock.testkit.WebSocketFormats;
import penstock.topic.Channel;
import penstock.topic.TopicTable;
import penstock.wire.ContentOptions;
import penstock.wire.Mode;
import penstock.wire.SessionLimits;
import penstock.wire.SubscriptionOptions;
import penstock.wire.request.Request;

/** Updates as rows: what is sent for which value, and what is announced when. */
class RowsTest {
    private static final long START_US = 1_795_231_181_329_000L;
    private static final long NO_TIME = TickPublisher.NO_TIME;
    private static final String QUOTE = "{\"bid\":1.10384,\"ask\":1.10386}";

    private final ManualThread thread = new ManualThread(0, START_US);
    private final Counters counters = new Counters("shard");
    private final Telemetry telemetry = new Telemetry();
    private final TickRing ring = new TickRing(1024, 1 << 20);
    private final List<Channel> channels = List.of(new Channel(0, "quote", "last-value", true),
        new Channel(1, "ticker", "merge", false), new Channel(2, "trade", "event", false));
    private final Shard shard = TestShards.shard(thread, ring.poller(counters), new TopicTable(channels, 7, 0),
        new SessionTimeouts(5_000_000_000L, 20_000_000_000L, 60_000_000_000L, 60_000_000_000L),
        new SessionLimits(50, 5000, 65536, 1_000, 0, 60_000), counters, telemetry.errors());
    private final ShardProxy proxy = new ShardProxy(thread, shard);
    private final TickPublisher publisher = ring.publisher(counters, List.of(proxy::wake),
        number -> channels.get(number).newConflator());
    private final WebSocketFormats formats = new WebSocketFormats(counters);
    private final List<Session> sessions = new ArrayList<>();

    RowsTest() {
        proxy.start();
        topic(0, "EURUSD");
        topic(0, "GBPUSD");
        topic(1, "XAUUSD");
        topic(2, "BTCUSD");
        publisher.feedState(0, FeedState.LIVE, null, 1, -1);
        publisher.flush();
        thread.run();
    }

    @Test
    void shouldSendWhatThePageShows() {
        publish(0, NO_TIME, QUOTE);
        final RecordingSocket rows = open(WebSocketFormat.PLAIN, true, "grid", "quote", delta(), "EURUSD");
        final RecordingSocket json = open(WebSocketFormat.PLAIN, false, "grid", "quote", delta(), "EURUSD");
        publish(1, NO_TIME, QUOTE);
        thread.advanceMs(1);
        publish(0, START_US - 700, "{\"bid\":1.10384,\"ask\":1.10387}");
        thread.advanceMs(1);
        for (int i = 0; i < 3; i++) {
            put(0, NO_TIME, "{\"bid\":1.1038" + (3 + i) + ",\"ask\":1.10390}");
        }
        publisher.feedState(0, FeedState.STALE, "upstream_disconnected", 1, -1);
        turn();
        publisher.feedState(0, FeedState.LIVE, null, 1, -1);
        thread.advanceMs(2);
        put(0, NO_TIME, "{\"bid\":1.10385,\"ask\":1.10390}");
        publish(0, START_US + 3_100, "{\"bid\":1.10385,\"ask\":1.10390,\"note\":\"halt\"}");
        thread.advanceMs(1);
        publish(0, START_US + 5_100, "{\"bid\":1.10385,\"ask\":1.10390}");
        thread.advanceMs(1);
        publish(0, START_US + 6_000, "1.1");

        final String page = Pages.section(Pages.text("relay/docs/reference/protocol.md"), "## Rows");
        assertThat(page).contains(data(rows)).contains(data(json));
    }

    @Test
    void shouldSendEqualBytesToSessionsThatNeedTheSame() {
        publish(0, NO_TIME, QUOTE);
        final RecordingSocket early = open(formats.of(15), true, "0", "quote", whole(), "*");
        publish(1, NO_TIME, "{\"bid\":1.27079,\"ask\":1.27085}");
        publish(0, NO_TIME, QUOTE);
        final RecordingSocket late = open(formats.of(15), true, "0", "quote", whole(), "*");
        plain(early);
        plain(late);

        final String filling = "\"" + "x".repeat(400) + '"';
        put(1, NO_TIME, "{\"bid\":" + filling + "}");
        publish(0, NO_TIME, "{\"bid\":" + filling + "}");

        final List<String> known = plain(early);
        final List<String> unknown = plain(late);
        assertThat(known).hasSize(1);
        assertThat(unknown).hasSize(2).first().asString().startsWith("{\"type\":\"rows\",\"sub\":\"0\",\"columns\":[");
        assertThat(unknown.get(1)).isEqualTo(known.get(0));
        assertThat(counters.get(Counter.FRAMES_SHARED)).as("compressed once").isEqualTo(1);
    }

    @Test
    void shouldAnnounceATopicAgainAfterItsImage() {
        publish(0, NO_TIME, QUOTE);
        final RecordingSocket socket = open(WebSocketFormat.PLAIN, true, "0", "quote", whole(), "EURUSD");
        publish(0, NO_TIME, QUOTE);
        assertThat(plain(socket)).last().asString().contains("[0,1,null,3,");

        sessions.get(0).onRequest(new Request.Unsubscribe(null, "0", ShardRig.patterns("EURUSD")));
        sessions.get(0).onRequest(ShardRig.request("0", Mode.CONFLATE, 0, "EURUSD"));
        thread.run();
        publish(0, NO_TIME, QUOTE);

        assertThat(plain(socket)).contains("{\"type\":\"rows\",\"sub\":\"0\",\"topics\":[[0,\"EURUSD\",2]]}");
    }

    @Test
    void shouldCountFromTheUpdateBeforeTheRequestWithoutAnImage() {
        publish(0, NO_TIME, QUOTE);
        publish(0, NO_TIME, QUOTE);
        final RecordingSocket socket = new RecordingSocket(thread, new Random(1));
        shard.open(socket, new RowsFormat(WebSocketFormat.PLAIN), "test").onRequest(
            new Request.Subscribe(null, "0", null, ShardRig.patterns("EURUSD"), Mode.CONFLATE, 0, false));
        thread.run();
        plain(socket);

        publish(0, NO_TIME, QUOTE);

        assertThat(plain(socket)).containsExactly(
            "{\"type\":\"rows\",\"sub\":\"0\",\"columns\":[\"bid\",\"ask\"],\"topics\":[[0,\"EURUSD\",2]]}",
            "[\"0\"," + START_US + ",3,3,[0,1,null,3,1.10384,1.10386]]");
    }

    @Test
    void shouldAnnounceOnlyOnceWhatComesTwiceInAMessageOfModeAll() {
        final RecordingSocket socket =
            open(WebSocketFormat.PLAIN, true, "0", "trade", SubscriptionOptions.UNSPECIFIED, "BTCUSD");
        plain(socket);
        put(3, NO_TIME, "{ \"price\" : 1.0,\n\"side\":\"buy\"}");
        publish(3, START_US, "{\"side\":\"sell\",\"price\":1.1}");

        assertThat(plain(socket)).containsExactly(
            "{\"type\":\"rows\",\"sub\":\"0\",\"columns\":[\"price\",\"side\"],\"topics\":[[3,\"BTCUSD\",0]]}",
            "[\"0\"," + START_US + ",2,3,[3,1,null,3,1.0,\"buy\"],[3,1,0,3,1.1,\"sell\"]]");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[1,{\"a\":2}]", "\"text\"", "null", "{\"a\":1,\"a\":2}"})
    void shouldSendAValueThatIsNoRowAsItIs(final String value) {
        publish(0, NO_TIME, QUOTE);
        final RecordingSocket socket = open(WebSocketFormat.PLAIN, true, "0", "quote", whole(), "EURUSD");
        publish(0, NO_TIME, value);

        assertThat(plain(socket)).last().isEqualTo("[\"0\"," + START_US + ",2,2,[0,1,null,{\"v\":" + value + "}]]");
    }

    @Test
    void shouldGiveColumnsToTheFirstThirtyOneFieldsAndSendOtherValuesAsTheyAre() {
        final StringBuilder wide = new StringBuilder();
        for (int i = 0; i < 31; i++) {
            wide.append(i == 0 ? "{" : ",").append("\"f").append(i).append("\":").append(i);
        }
        publish(0, NO_TIME, QUOTE);
        final RecordingSocket socket = open(WebSocketFormat.PLAIN, true, "0", "quote", whole(), "EURUSD");
        publish(0, NO_TIME, wide + "}");
        assertThat(plain(socket)).last().asString().contains("[0,1,null,2147483647,0,1,2,3,");

        publish(0, NO_TIME, "{\"f30\":1,\"new\":2}");
        publish(0, NO_TIME, "{\"f30\":1}");

        assertThat(plain(socket)).containsExactly(
            "[\"0\"," + START_US + ",3,3,[0,1,null,{\"v\":{\"f30\":1,\"new\":2}}]]",
            "[\"0\"," + START_US + ",4,4,[0,1,null,1073741824,1]]");
    }

    @Test
    void shouldSendWhatARemovalLeavesOfAMergedValue() {
        merge(UpdateKind.FULL, "{\"last\":1,\"low\":2}");
        final RecordingSocket changes = open(WebSocketFormat.PLAIN, true, "0", "ticker", delta(), "XAUUSD");
        final RecordingSocket all = open(WebSocketFormat.PLAIN, true, "0", "ticker", whole(), "XAUUSD");
        merge(UpdateKind.DELTA, "{\"low\":null,\"last\":3}");

        assertThat(plain(changes)).last().isEqualTo("[\"0\"," + START_US + ",2,2,[2,1,null,3,3,null,2]]");
        assertThat(plain(all)).last().isEqualTo("[\"0\"," + START_US + ",2,2,[2,1,null,1,3]]");
    }

    @Test
    void shouldNotRepeatAnAnnouncementThatTheSocketTookWithoutItsRows() {
        publish(0, NO_TIME, QUOTE);
        final RecordingSocket socket = open(WebSocketFormat.PLAIN, true, "0", "quote", whole(), "EURUSD");
        plain(socket);
        socket.takeOnly("{\"type\":\"rows\",\"sub\":\"0\",\"columns\":[\"bid\",\"ask\"],\"topics\":[[0,\"EURUSD\",1]]}"
            .length() + 2);
        publish(0, NO_TIME, QUOTE);
        publish(0, NO_TIME, QUOTE);
        assertThat(plain(socket)).hasSize(1);

        socket.takeAll();
        sessions.get(0).onWritable();
        thread.run();

        assertThat(plain(socket)).containsExactly("[\"0\"," + START_US + ",3,3,[0,2,null,3,1.10384,1.10386]]");
    }

    private void topic(final int channel, final String symbol) {
        publisher.addTopic(channel, symbol.getBytes(StandardCharsets.UTF_8), 0, symbol.length());
    }

    private RecordingSocket open(final FrameFormat frames, final boolean hasRows, final String sub,
            final String channel, final SubscriptionOptions terms, final String symbols) {
        final RecordingSocket socket = new RecordingSocket(thread, new Random(1));
        final Session session = shard.open(socket, hasRows ? new RowsFormat(frames) : frames, "test");
        session.onRequest(new Request.Subscribe(null, sub, channel, ShardRig.patterns(symbols), true, null, terms));
        sessions.add(session);
        thread.run();
        return socket;
    }

    private static SubscriptionOptions delta() {
        return terms(true);
    }

    private static SubscriptionOptions whole() {
        return terms(null);
    }

    private static SubscriptionOptions terms(final Boolean delta) {
        return new SubscriptionOptions(Mode.CONFLATE, 0, null, -1, -1, new ContentOptions(null, delta, -1));
    }

    private void merge(final UpdateKind kind, final String value) {
        final byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        final UpdateSlice slice = new UpdateSlice().set(bytes, 0, bytes.length, 0, bytes.length);
        slice.kind = kind;
        publisher.publish(2, NO_TIME, thread.nowNs(), slice);
        turn();
    }

    private void put(final int topic, final long timeUs, final String value) {
        final byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        publisher.publish(topic, timeUs, thread.nowNs(), new UpdateSlice().set(bytes, 0, bytes.length, 0,
            bytes.length));
    }

    private void publish(final int topic, final long timeUs, final String value) {
        put(topic, timeUs, value);
        turn();
    }

    private void turn() {
        publisher.flush();
        thread.run();
    }

    /** Updates and what they need, one a line. */
    private static String data(final RecordingSocket socket) {
        return String.join("\n", plain(socket).stream()
            .filter(text -> text.startsWith("[") || text.startsWith("{\"type\":\"rows\"")
                || text.startsWith("{\"type\":\"update\"")).toList());
    }

    private static List<String> plain(final RecordingSocket socket) {
        return socket.takeFrames().stream().map(RecordingSocket.Frame::plain).toList();
    }
}
