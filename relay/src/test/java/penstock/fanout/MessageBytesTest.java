package penstock.fanout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import penstock.docs.SizingFigures;
import penstock.fanout.format.BinaryFormat;
import penstock.fanout.format.FrameFormat;
import penstock.fanout.format.RowsFormat;
import penstock.fanout.format.SessionFormat;
import penstock.fanout.format.WebSocketFormat;
import penstock.ring.FeedState;
import penstock.ring.TickPublisher;
import penstock.ring.TickRing;
import penstock.ring.UpdateSlice;
import penstock.telemetry.Counters;
import penstock.telemetry.Telemetry;
import penstock.testkit.ManualThread;
import penstock.testkit.SinkSocket;
import penstock.testkit.TestShards;
import penstock.testkit.WebSocketFormats;
import penstock.topic.Channel;
import penstock.topic.TopicTable;
import penstock.wire.ContentOptions;
import penstock.wire.Mode;
import penstock.wire.SessionLimits;
import penstock.wire.SubscriptionOptions;
import penstock.wire.request.Request;

/** What messages of one quote and of twenty take, by format, is what the page about sizing computes with. */
class MessageBytesTest {
    private static final long START_US = 1_795_231_181_329_000L;
    private static final int MANY = 20;
    private static final int WARM_UP = 200;
    private static final int MESSAGES = 500;
    private static final int WINDOW_BITS = 15;
    /** Numbers have a digit more or less, and libraries of compression differ. */
    private static final double SHARE = 0.03;

    private final Random random = new Random(1);
    private final int[] points = new int[MANY];
    private final ManualThread thread = new ManualThread(0, START_US);
    private final Counters counters = new Counters("shard");
    private final Telemetry telemetry = new Telemetry();
    private final TickRing ring = new TickRing(1024, 1 << 20);
    private final List<Channel> channels = List.of(new Channel(0, "quote", "last-value", true));
    private final Shard shard = TestShards.shard(thread, ring.poller(counters), new TopicTable(channels, 7, 0),
        new SessionTimeouts(Long.MAX_VALUE / 4, Long.MAX_VALUE / 4, Long.MAX_VALUE / 4, Long.MAX_VALUE / 4),
        new SessionLimits(50, 5000, 65536, 1_000, 0, 60_000), counters, telemetry.errors());
    private final ShardProxy proxy = new ShardProxy(thread, shard);
    private final TickPublisher publisher = ring.publisher(counters, List.of(proxy::wake),
        number -> channels.get(number).newConflator());
    private final WebSocketFormats formats = new WebSocketFormats(counters);

    MessageBytesTest() {
        proxy.start();
        for (int i = 0; i < MANY; i++) {
            final String symbol = String.format(Locale.ROOT, "FX%04d", i);
            publisher.addTopic(0, symbol.getBytes(StandardCharsets.UTF_8), 0, symbol.length());
            points[i] = 110_000 + random.nextInt(20_000);
        }
        publisher.feedState(0, FeedState.LIVE, null, 1, -1);
        publisher.flush();
        thread.run();
    }

    @Test
    void shouldBeWhatThePageAboutSizingComputesWith() {
        final Map<String, SinkSocket> sockets = new TreeMap<>();
        for (final int bits : new int[] {0, WINDOW_BITS}) {
            final FrameFormat frames = bits == 0 ? WebSocketFormat.PLAIN : formats.of(bits);
            final String how = bits == 0 ? "" : "Deflate";
            sockets.put("json" + how, open(frames, false));
            sockets.put("rows" + how, open(new RowsFormat(frames), false));
            sockets.put("binary" + how, open(new BinaryFormat(frames), false));
        }
        sockets.put("payload", open(new BinaryFormat(WebSocketFormat.PLAIN), true));
        send(1, WARM_UP);
        send(MANY, WARM_UP);
        final Map<String, Double> one = send(sockets, 1);
        final Map<String, Double> many = send(sockets, MANY);

        final Map<String, Double> measured = new TreeMap<>();
        for (final String format : List.of("json", "rows", "binary")) {
            final double update = (many.get(format) - one.get(format)) / (MANY - 1);
            measured.put(format + "Update", update);
            measured.put(format + "Message", one.get(format) - update);
            measured.put(format + "Deflate", many.get(format + "Deflate") / many.get(format));
        }
        measured.put("linkUpdate", (many.get("payload") - one.get("payload")) / (MANY - 1));
        measured.put("position", 2.0 + "{\"type\":\"position\",\"p\":1234567890}".length());
        final SizingFigures figures = SizingFigures.load();
        measured.forEach((name, bytes) -> assertThat(figures.value(name)).as(name + " of " + measured)
            .isCloseTo(bytes, within(bytes * SHARE)));
    }

    private SinkSocket open(final SessionFormat format, final boolean hasPayloads) {
        final SinkSocket socket = new SinkSocket();
        shard.open(socket, format, "test").onRequest(new Request.Subscribe(null, "0", "quote",
            ShardRig.patterns("*"), true, null, new SubscriptionOptions(Mode.CONFLATE, 0, null, -1, -1,
                new ContentOptions(null, null, -1, hasPayloads))));
        thread.run();
        return socket;
    }

    /** Bytes of a message of so many quotes. */
    private Map<String, Double> send(final Map<String, SinkSocket> sockets, final int quotes) {
        sockets.values().forEach(SinkSocket::resetBytes);
        send(quotes, MESSAGES);
        final Map<String, Double> bytes = new TreeMap<>();
        sockets.forEach((name, socket) -> bytes.put(name, (double) socket.bytes() / MESSAGES));
        return bytes;
    }

    private void send(final int quotes, final int messages) {
        for (int i = 0; i < messages; i++) {
            thread.advanceMs(250);
            for (int topic = 0; topic < quotes; topic++) {
                publish(topic);
                publish(topic);
            }
            publisher.flush();
            thread.run();
        }
    }

    /** A quote of a random walk, within a venue's message of 95 bytes. Two of them come for each that is sent. */
    private void publish(final int topic) {
        points[topic] += random.nextInt(7) - 3;
        final String value = String.format(Locale.ROOT, "{\"bid\":%.5f,\"ask\":%.5f}", points[topic] / 1e5,
            (points[topic] + 3) / 1e5);
        final long timeUs = thread.epochUs(thread.nowNs()) - random.nextInt(250_000);
        final String payload = String.format(Locale.ROOT, "{\"symbol\":\"FX%04d\",\"ts\":%d,\"id\":%d,\"tick\":%s}",
            topic, timeUs, 1_000_000 + random.nextInt(8_000_000), value);
        final byte[] bytes = payload.getBytes(StandardCharsets.UTF_8);
        publisher.publish(topic, timeUs, thread.nowNs(),
            new UpdateSlice().set(bytes, 0, bytes.length, payload.indexOf(value), value.length()));
    }
}
