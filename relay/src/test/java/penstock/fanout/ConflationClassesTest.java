package penstock.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import penstock.fanout.format.WebSocketFormat;
import penstock.ring.LevelBuffer;
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
import penstock.topic.Channel;
import penstock.topic.TopicTable;
import penstock.wire.Mode;
import penstock.wire.SessionLimits;
import penstock.wire.request.Request;

/** What a subscriber reads on the wire, class by class. */
class ConflationClassesTest {
    private final List<Channel> channels = List.of(new Channel(0, "book", "order-book", true),
        new Channel(1, "ticker", "merge", false), new Channel(2, "trade", "event", false));

    private final ManualThread thread = new ManualThread(1_000_000_000L);
    private final Counters counters = new Counters("fanout-0");
    private final Counters feed = new Counters("feed");
    private final Telemetry telemetry = new Telemetry();
    private final UpdateSlice slices = new UpdateSlice();
    private final RecordingSocket socket = new RecordingSocket(thread, new Random(1));
    private Shard shard;
    private TickPublisher publisher;

    @Test
    void shouldSendABookAsAnImageThenItsNetChanges() {
        start(64, 1 << 16);
        book(UpdateKind.SNAPSHOT, "b 9 1.50", "b 10 2", "a 11 3", "a 12 4");
        subscribe(100, "book", true);
        assertThat(value()).isEqualTo("1,\"v\":{\"bids\":[[10,2],[9,1.50]],\"asks\":[[11,3],[12,4]]}");
        thread.advanceMs(200);
        book(UpdateKind.DELTA, "b 10 0", "a 11 3.0");
        assertThat(value()).isEqualTo("2,\"v\":{\"bids\":[[10,0]],\"asks\":[[11,3.0]]}");
        book(UpdateKind.DELTA, "b 9.5 7", "a 11 5");
        book(UpdateKind.DELTA, "b 9.5 0", "a 11.0 6");
        book(UpdateKind.DELTA, "b 9 1.5");
        thread.advanceMs(100);
        assertThat(value()).isEqualTo("5,\"c\":2,\"v\":{\"bids\":[[9,1.5]],\"asks\":[[11.0,6]]}");
    }

    @Test
    void shouldSendAnImageWhenTheBookNoLongerKnowsTheChange() {
        start(64, 1 << 16);
        book(UpdateKind.SNAPSHOT, "b 9 1");
        subscribe(100, "book", true);
        book(UpdateKind.DELTA, "b 9 2");
        socket.takeFrames();
        for (int i = 10; i < 100; i++) {
            book(UpdateKind.DELTA, "a " + i + " 1");
            book(UpdateKind.DELTA, "a " + i + " 0");
        }
        thread.advanceMs(100);
        final String frame = text();
        assertThat(frame)
            .contains("\"type\":\"snapshot\"", "\"last\":true", "\"q\":182,\"v\":{\"bids\":[[9,2]],\"asks\":[]}");
        thread.advanceMs(100);
        book(UpdateKind.DELTA, "b 9 3");
        assertThat(value()).isEqualTo("183,\"v\":{\"bids\":[[9,3]],\"asks\":[]}");
    }

    @Test
    void shouldMarkAnIncompleteBookStaleUntilItsNextSnapshot() {
        start(2, 64);
        book(UpdateKind.SNAPSHOT, "b 9 1");
        subscribe(0, "book", true);
        assertThat(value()).isEqualTo("1,\"v\":{\"bids\":[[9,1]],\"asks\":[]}");
        for (int i = 10; i < 20; i++) {
            publish(UpdateKind.DELTA, "b " + i + " 1");
        }
        turn();
        assertThat(counters.get(Counter.UPDATES_MISSED)).isPositive();
        assertThat(feed.get(Counter.RING_DROPPED)).isEqualTo(counters.get(Counter.UPDATES_MISSED));
        final List<String> texts = ShardRig.texts(socket);
        assertThat(texts.get(texts.size() - 2)).contains("\"scope\":\"symbols\"",
            "[\"S\"],\"state\":\"stale\",\"reason\":\"updates_lost\",\"since\":1700");
        assertThat(texts.get(texts.size() - 1)).contains("\"st\":\"stale\"");
        book(UpdateKind.DELTA, "b 3 1");
        assertThat(ShardRig.texts(socket)).singleElement().asString().contains("\"st\":\"stale\"");
        book(UpdateKind.SNAPSHOT, "b 8 1");
        final List<String> live = ShardRig.texts(socket);
        assertThat(live.get(0)).contains("\"scope\":\"symbols\"", "[\"S\"],\"state\":\"live\",\"since\":1700");
        assertThat(live.get(1)).doesNotContain("stale").contains("[8,1]");
    }

    @Test
    void shouldMarkABookStaleAfterABrokenUpdate() {
        start(64, 1 << 16);
        book(UpdateKind.SNAPSHOT, "b 9 1");
        subscribe(0, "book", true);
        socket.takeFrames();
        book(UpdateKind.DELTA, "b 8 1", "b x 1", "b 7 1");
        assertThat(counters.get(Counter.HANDLER_FAILURES)).isEqualTo(1);
        book(UpdateKind.DELTA, "b 6 1");
        assertThat(value()).isEqualTo("3,\"c\":1,\"st\":\"stale\",\"v\":{\"bids\":[[6,1],[8,1]],\"asks\":[]}");
        book(UpdateKind.SNAPSHOT, "b 9 1");
        assertThat(value()).isEqualTo("4,\"v\":{\"bids\":[[6,0],[8,0]],\"asks\":[]}");
    }

    @Test
    void shouldSendTheMergedObject() {
        start(64, 1 << 16);
        merge(UpdateKind.SNAPSHOT, "{\"last\":1.10,\"open\":\"1.0\"}");
        merge(UpdateKind.DELTA, "{ \"last\": 1.20 }");
        subscribe(0, "ticker", true);
        assertThat(value()).isEqualTo("2,\"v\":{\"last\":1.20,\"open\":\"1.0\"}");
        merge(UpdateKind.DELTA, "{\"open\":null,\"low\":1}");
        assertThat(value()).isEqualTo("3,\"v\":{\"last\":1.20,\"low\":1}");
        merge(UpdateKind.REMOVE, "{\"low\":1}");
        assertThat(value()).isEqualTo("4,\"v\":{}");
    }

    @Test
    void shouldCountEventsAndLostEventsAndConflateNone() {
        start(4, 1 << 12);
        for (int i = 0; i < 10; i++) {
            final byte[] trade = ("{\"n\":" + i + "}").getBytes(StandardCharsets.UTF_8);
            publisher.publish(2, TickPublisher.NO_TIME, 7, slices.set(trade, 0, trade.length, 0, trade.length));
        }
        turn();
        assertThat(counters.get(Counter.EVENTS_STORED)).isEqualTo(4);
        assertThat(counters.get(Counter.UPDATES_MISSED)).isEqualTo(6);
        subscribe(0, "trade", true);
        assertThat(ShardRig.texts(socket).get(1)).contains("\"code\":\"bad_field\"", "\"path\":\"/mode\"",
            "each update of channel trade counts");
    }

    @Test
    void shouldSendAnImageOfTheBookAfterMissedChanges() {
        start(64, 1 << 16);
        book(UpdateKind.SNAPSHOT, "b 8 1", "b 7 1");
        final Session session = shard.open(socket, WebSocketFormat.PLAIN, "test");
        session.onRequest(new Request.Subscribe("1", "0", "book", ShardRig.patterns("S"), Mode.ALL, -1, true));
        thread.run();
        book(UpdateKind.DELTA, "b 8 2");
        assertThat(value()).isEqualTo("2,\"v\":{\"bids\":[[8,2]],\"asks\":[]}");
        socket.takeOnly(5);
        for (int i = 0; i < 2_000; i++) {
            book(UpdateKind.DELTA, "b 8 0", "b 6 " + i);
        }
        socket.takeAll();
        session.onWritable();
        thread.advanceMs(10);
        final List<String> texts = ShardRig.texts(socket);
        assertThat(texts).hasSize(3);
        assertThat(texts.get(0)).contains("\"q\":3,");
        assertThat(texts.get(1)).startsWith("{\"type\":\"gap\",\"sub\":\"0\",");
        assertThat(texts.get(2)).startsWith("{\"type\":\"snapshot\"")
            .contains("\"q\":2002,\"v\":{\"bids\":[[7,1],[6,1999]],\"asks\":[]}}]}");
        book(UpdateKind.DELTA, "b 7 0");
        assertThat(value()).isEqualTo("2003,\"v\":{\"bids\":[[7,0]],\"asks\":[]}");
    }

    private void start(final int slots, final int payloadBytes) {
        final TickRing ring = new TickRing(slots, payloadBytes);
        shard = TestShards.shard(thread, ring.poller(counters), new TopicTable(channels, 7, 0, 1),
            new SessionTimeouts(5_000_000_000L, 20_000_000_000L, 60_000_000_000L, 60_000_000_000L),
            new SessionLimits(3, 10, 65536, 20, 0, 60_000), counters, telemetry.errors());
        publisher = ring.publisher(feed, List.of(new ShardProxy(thread, shard)::wake),
            channel -> channels.get(channel).newConflator());
        for (int i = 0; i < channels.size(); i++) {
            publisher.addTopic(i, new byte[] {'S'}, 0, 1);
        }
        new ShardProxy(thread, shard).start();
        thread.run();
    }

    private void subscribe(final int intervalMs, final String channel, final boolean snapshot) {
        final Session session = shard.open(socket, WebSocketFormat.PLAIN, "test");
        session.onRequest(
            new Request.Subscribe("1", "0", channel, ShardRig.patterns("S"), Mode.CONFLATE, intervalMs, snapshot));
        thread.run();
    }

    private void book(final UpdateKind kind, final String... texts) {
        publish(kind, texts);
        turn();
    }

    private void publish(final UpdateKind kind, final String... texts) {
        final LevelBuffer levels = new LevelBuffer();
        for (final String text : texts) {
            final String[] parts = text.split(" ");
            KrakenBook.add(levels, parts[0].equals("b") ? LevelBuffer.BID : LevelBuffer.ASK,
                List.of(parts[1], parts[2]));
        }
        slices.set(new byte[0], 0, 0, 0, 0);
        slices.kind = kind;
        slices.levels = levels;
        publisher.publish(0, TickPublisher.NO_TIME, 7, slices);
    }

    private void merge(final UpdateKind kind, final String object) {
        final byte[] bytes = object.getBytes(StandardCharsets.UTF_8);
        slices.set(bytes, 0, bytes.length, 0, bytes.length);
        slices.kind = kind;
        publisher.publish(1, TickPublisher.NO_TIME, 7, slices);
        turn();
    }

    private void turn() {
        do {
            publisher.flush();
            thread.run();
        } while (publisher.isBehind());
        publisher.flush();
        thread.run();
    }

    /** The newest frame with data, from its q on. */
    private String value() {
        final String text = text();
        return text.substring(text.lastIndexOf("\"q\":") + 4, text.length() - 3);
    }

    private String text() {
        final List<String> texts = ShardRig.texts(socket).stream().filter(text -> text.contains("\"data\":[{"))
            .toList();
        assertThat(texts).isNotEmpty();
        return texts.get(texts.size() - 1);
    }
}
