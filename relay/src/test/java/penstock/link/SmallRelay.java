package penstock.link;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import penstock.fanout.Session;
import penstock.fanout.SessionSettings;
import penstock.fanout.SessionTimeouts;
import penstock.fanout.Shard;
import penstock.fanout.ShardProxy;
import penstock.fanout.format.BinaryFormat;
import penstock.fanout.format.WebSocketFormat;
import penstock.memory.MemoryShare;
import penstock.ring.FeedState;
import penstock.ring.LevelBuffer;
import penstock.ring.TickPublisher;
import penstock.ring.TickRing;
import penstock.ring.UpdateKind;
import penstock.ring.UpdateSlice;
import penstock.telemetry.Counters;
import penstock.telemetry.Telemetry;
import penstock.testkit.ManualThread;
import penstock.testkit.RecordingSocket;
import penstock.testkit.TestShards;
import penstock.topic.Channel;
import penstock.topic.Topic;
import penstock.topic.TopicTable;
import penstock.topic.image.View;
import penstock.wire.MessageBuffer;
import penstock.wire.RequestException;
import penstock.wire.SessionLimits;
import penstock.wire.request.RequestDecoder;

/** One shard of a relay with a channel of each class, and its ring; a hand-turned clock. */
final class SmallRelay {
    static final int QUOTE = 0;
    static final int TICKER = 1;
    static final int TRADE = 2;
    static final int BOOK = 3;
    static final long EPOCH = 7_000;

    final ManualThread thread = new ManualThread(0, 1_795_231_181_329_000L);
    final TickPublisher publisher;
    final TopicTable topics;
    private final List<Channel> channels = List.of(new Channel(QUOTE, "quote", "last-value", true),
        new Channel(TICKER, "ticker", "merge", false), new Channel(TRADE, "trade", "event", false),
        new Channel(BOOK, "book", "order-book", false));
    private final Counters counters = new Counters("shard");
    private final Shard shard;
    private final SessionLimits limits = new SessionLimits(50, 5000, 65536, 1_000, 0, 60_000);
    private final RequestDecoder decoder = new RequestDecoder(limits);

    SmallRelay() {
        final TickRing ring = new TickRing(1024, 1 << 20);
        topics = new TopicTable(channels, EPOCH, 0, 1 << 20);
        final Telemetry telemetry = new Telemetry();
        final SessionSettings settings = new SessionSettings("0", 100,
            new SessionTimeouts(5_000_000_000L, 20_000_000_000L, 60_000_000_000L, 60_000_000_000L), limits);
        settings.hops(List.of("origin~1"));
        shard = new Shard(thread, ring.poller(counters), topics, settings,
            TestShards.metrics(counters, telemetry.errors(), MemoryShare.unlimited()));
        final ShardProxy proxy = new ShardProxy(thread, shard);
        publisher = ring.publisher(counters, List.of(proxy::wake),
            number -> topics.channels().get(number).newConflator());
        proxy.start();
        thread.run();
    }

    /** A client of binary messages, as a link is. */
    final class Client {
        final RecordingSocket socket = new RecordingSocket(thread, new Random(1));
        private final Session session = shard.open(socket, new BinaryFormat(WebSocketFormat.PLAIN, "edge"), "test");

        /** Sends a request. */
        void send(final byte[] text) {
            try {
                session.onRequest(decoder.decode(text, 0, text.length));
            } catch (final RequestException e) {
                throw new AssertionError(new String(text, StandardCharsets.UTF_8), e);
            }
        }

        /** What the relay has sent since. */
        List<RecordingSocket.Frame> take() {
            if (socket.wantsWrites()) {
                session.onWritable();
            }
            thread.run();
            return socket.takeFrames();
        }
    }

    Client connect() {
        final Client client = new Client();
        thread.run();
        return client;
    }

    int topic(final int channel, final String symbol) {
        final byte[] name = symbol.getBytes(StandardCharsets.UTF_8);
        return publisher.addTopic(channel, name, 0, name.length);
    }

    void live() {
        publisher.feedState(0, FeedState.LIVE, null, 1, -1);
        turn();
    }

    void value(final int topic, final long timeUs, final String value) {
        publish(topic, timeUs, UpdateKind.FULL, value);
    }

    void publish(final int topic, final long timeUs, final UpdateKind kind, final String value) {
        final byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        final UpdateSlice slice = new UpdateSlice().set(bytes, 0, bytes.length, 0, bytes.length);
        slice.kind = kind;
        publisher.publish(topic, timeUs, thread.nowNs(), slice);
    }

    /** The value is a part of the payload. */
    void emitted(final int topic, final String payload, final String value) {
        final byte[] bytes = payload.getBytes(StandardCharsets.UTF_8);
        final byte[] other = value.getBytes(StandardCharsets.UTF_8);
        final UpdateSlice slice = new UpdateSlice().set(bytes, 0, bytes.length, 0, bytes.length);
        slice.emit(other, 0, other.length);
        publisher.publish(topic, TickPublisher.NO_TIME, thread.nowNs(), slice);
    }

    /** Levels as {@code b1.10=0.5}, {@code a1.20=}: the latter is removed. */
    void book(final int topic, final UpdateKind kind, final String... levels) {
        final UpdateSlice slice = new UpdateSlice().set(new byte[0], 0, 0, 0, 0);
        slice.kind = kind;
        slice.levels = new LevelBuffer();
        for (final String level : levels) {
            final byte[] price = level.substring(1, level.indexOf('=')).getBytes(StandardCharsets.UTF_8);
            final byte[] size = level.substring(level.indexOf('=') + 1).getBytes(StandardCharsets.UTF_8);
            slice.levels.add(level.charAt(0) == 'b' ? LevelBuffer.BID : LevelBuffer.ASK, price, 0, price.length, size,
                0, size.length);
        }
        publisher.publish(topic, TickPublisher.NO_TIME, thread.nowNs(), slice);
    }

    void turn() {
        publisher.flush();
        thread.run();
    }

    /** The numbers and the state of all topics with values, by channel and symbol. */
    Map<String, String> numbers() {
        turn();
        // with sessions it may wait for its next turn
        shard.newestTopics();
        final Map<String, String> numbers = new TreeMap<>();
        for (final Channel channel : topics.channels()) {
            for (final Topic topic : channel.topics()) {
                if (topic.hasValue()) {
                    numbers.put(channel.name() + ' ' + topic.symbol(),
                        "q" + topic.q() + " p" + topic.p() + ' ' + topics.state(topic));
                }
            }
        }
        return numbers;
    }

    /** All images, by channel and symbol. */
    Map<String, String> images() {
        turn();
        shard.newestTopics();
        final Map<String, String> images = new TreeMap<>();
        for (final Channel channel : topics.channels()) {
            for (final Topic topic : channel.topics()) {
                if (topic.hasValue()) {
                    final MessageBuffer value = new MessageBuffer(64);
                    topic.appendValue(value, View.FULL);
                    images.put(channel.name() + ' ' + topic.symbol(), value + " " + topics.state(topic)
                        + (topic.payload() == null ? ""
                        : ' ' + new String(topic.payload(), 0, topic.payloadBytes(), StandardCharsets.UTF_8)));
                }
            }
        }
        assertThat(publisher.isBehind()).isFalse();
        return images;
    }
}
