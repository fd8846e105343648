package penstock.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import penstock.fanout.format.WebSocketFormat;
import penstock.ring.TickPublisher;
import penstock.ring.TickRing;
import penstock.ring.UpdateSlice;
import penstock.telemetry.Counter;
import penstock.telemetry.Counters;
import penstock.telemetry.Telemetry;
import penstock.testkit.ManualThread;
import penstock.testkit.OnlyUpdates;
import penstock.testkit.RecordingSocket;
import penstock.testkit.Seeds;
import penstock.testkit.TestShards;
import penstock.topic.Channel;
import penstock.topic.TopicTable;
import penstock.venue.LevelFrames;
import penstock.venue.Venue;
import penstock.wire.ContentOptions;
import penstock.wire.Mode;
import penstock.wire.SessionLimits;
import penstock.wire.SubscriptionOptions;
import penstock.wire.request.Request;

/** Prices and sizes of books leave as they came, quotes included, in every form; what is no number never leaves. */
class LevelBytesTest {
    private static final int RANDOM_LEVELS = 10_000;
    private static final int LEVELS_PER_FRAME = 10;
    private static final JsonFactory STRICT = new JsonFactory();
    private static final String[] WORDS = {"\"abc\"", "\".5\"", "\"5.\"", "\"+1\"", "\"1e5\"", "\"1e\"", "\"--1\"",
        "\"\"", "\" 1\"", "\"0x10\"", "\"NaN\"", "\"1\\u0030\"", "\"1,5\"", "null", "true", "[]", "[1]", "{}",
        "{\"a\":1}", "\"\\\"\"", "\"1]\"", "\"٣\"", "\"\\\\\"", "\"1\\n\""};

    @RegisterExtension
    private final Seeds seeds = new Seeds();
    private final Random random = seeds.random();
    private final ManualThread thread = new ManualThread(1_000_000_000L);
    private final Counters counters = new Counters("fanout-0");
    private final UpdateSlice copy = new UpdateSlice();

    /** Of each form what was sent to it. */
    private final Map<String, RecordingSocket> forms = new HashMap<>();
    private Shard shard;
    private TickPublisher publisher;
    private int topic = -1;

    @ParameterizedTest
    @MethodSource("penstock.venue.LevelFrames#all")
    void shouldSendPriceAndSizeAsTheVenueSentThem(final LevelFrames sent) {
        open();
        final Venue venue = Venue.load(sent.venue(), variable -> "x");
        sent.frames().forEach(frame -> feed(venue, frame));
        forms.forEach((form, socket) -> assertThat(ShardRig.texts(socket)).as(form).anySatisfy(text -> assertThat(text)
            .contains(sent.level(), sent.other())));
        assertThat(venue.channels().get(venue.channel(sent.channel())).conflation().spelling()).isEqualTo("order-book");
    }

    @Test
    void shouldNeverSendALevelThatAStrictParserRefuses() throws IOException {
        open();
        final Venue venue = Venue.load("coinbase-exchange", variable -> "x");
        int sent = 0;
        for (int i = 0; i < RANDOM_LEVELS / LEVELS_PER_FRAME; i++) {
            final boolean isSnapshot = random.nextInt(4) == 0;
            feed(venue, isSnapshot
                ? "{\"type\":\"snapshot\",\"product_id\":\"A\",\"bids\":[" + rows("") + "],\"asks\":[" + rows("") + "]}"
                : "{\"type\":\"l2update\",\"product_id\":\"A\",\"changes\":[" + rows(random.nextBoolean() ? "\"buy\"," : "\"sell\",") + "]}");
            for (final RecordingSocket socket : forms.values()) {
                for (final String text : ShardRig.texts(socket)) {
                    assertParses(text);
                    sent++;
                }
            }
        }
        assertThat(sent).isGreaterThan(100);
        assertThat(venue.counts().badLevels()).isGreaterThan(100);
        assertThat(counters.get(Counter.HANDLER_FAILURES)).isZero();
    }

    private String rows(final String side) {
        final List<String> rows = new ArrayList<>();
        for (int i = 0; i < LEVELS_PER_FRAME; i++) {
            rows.add("[" + side + value() + "," + value() + "]");
        }
        return String.join(",", rows);
    }

    /** A number, nearly a number, or something else. */
    private String value() {
        if (random.nextInt(30) == 0) {
            return WORDS[random.nextInt(WORDS.length)];
        }
        final StringBuilder number = new StringBuilder(random.nextInt(5) == 0 ? "-" : "");
        number.append(random.nextInt(3) == 0 ? 0 : 1 + random.nextInt(99));
        if (random.nextBoolean()) {
            number.append('.').append(random.nextInt(100_000));
        }
        if (random.nextInt(5) == 0) {
            number.append(random.nextBoolean() ? 'e' : 'E').append(random.nextInt(7) - 3);
        }
        if (random.nextBoolean()) {
            return number.toString();
        }
        if (random.nextInt(50) == 0) {
            number.setCharAt(random.nextInt(number.length()), "+-.eE ,0\u00e9".charAt(random.nextInt(9)));
        }
        return '"' + number.toString() + '"';
    }

    private void assertParses(final String text) throws IOException {
        try (JsonParser parser = STRICT.createParser(text)) {
            while (parser.nextToken() != null) {
                assertThat(parser.currentTokenLocation()).isNotNull();
            }
        } catch (final IOException e) {
            throw new IOException(text, e);
        }
    }

    private void open() {
        final Channel channel = new Channel(0, "book", "order-book", true);
        final TickRing ring = new TickRing(64, 1 << 20);
        shard = TestShards.shard(thread, ring.poller(counters), new TopicTable(List.of(channel), 7, 0, 4 << 20),
            new SessionTimeouts(5_000_000_000L, 20_000_000_000L, Long.MAX_VALUE / 4, Long.MAX_VALUE / 4),
            new SessionLimits(3, 10, 65_536, 20, 0, 60_000), counters, new Telemetry().errors());
        publisher = ring.publisher(new Counters("feed"), List.of(new ShardProxy(thread, shard)::wake),
            number -> channel.newConflator());
        new ShardProxy(thread, shard).start();
        thread.run();
        subscribe("conflate", Mode.CONFLATE, -1);
        subscribe("all", Mode.ALL, -1);
        subscribe("depth", Mode.CONFLATE, 5);
    }

    private void subscribe(final String form, final Mode mode, final int depth) {
        final RecordingSocket socket = new RecordingSocket(thread, new Random(1));
        final ContentOptions content = new ContentOptions(null, mode == Mode.ALL ? null : true, depth);
        shard.open(socket, WebSocketFormat.PLAIN, "test").onRequest(new Request.Subscribe("1", "0", null,
            ShardRig.patterns("*"), true, null,
            new SubscriptionOptions(mode, mode == Mode.ALL ? -1 : 0, null, -1, -1, content)));
        thread.run();
        ShardRig.texts(socket);
        forms.put(form, socket);
    }

    private void feed(final Venue venue, final String frame) {
        final byte[] bytes = frame.getBytes(StandardCharsets.UTF_8);
        venue.onText(bytes, 0, bytes.length, 0, new Publisher(venue));
        publisher.flush();
        thread.advanceMs(1);
    }

    /** Publishes what the feed would publish: every update whose levels are all good. */
    private final class Publisher extends OnlyUpdates {
        private final Venue venue;

        Publisher(final Venue venue) {
            this.venue = venue;
        }

        @Override
        public void onUpdate(final int channel, final byte[] symbol, final int symbolOffset, final int symbolLength,
                final long timeUs, final UpdateSlice slices) {
            if (venue.badLevels() > 0 && random.nextBoolean()) {
                return;
            }
            if (topic < 0) {
                topic = publisher.addTopic(0, symbol, symbolOffset, symbolLength);
            }
            copy.set(slices.buffer, slices.payloadOffset, slices.payloadLength, slices.valueOffset, slices.valueLength);
            copy.kind = slices.kind;
            copy.levels = slices.levels;
            publisher.publish(topic, timeUs, thread.nowNs(), copy);
        }

        @Override
        public void onNotJson(final byte[] frame, final int offset, final int length, final int errorAt) {
            throw new AssertionError("the test made no JSON: " + new String(frame, StandardCharsets.UTF_8));
        }
    }
}
