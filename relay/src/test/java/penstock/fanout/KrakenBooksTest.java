package penstock.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import penstock.book.Book;
import penstock.book.UpstreamBook;
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
import penstock.testkit.ParsedJson;
import penstock.testkit.RecordingSocket;
import penstock.testkit.Seeds;
import penstock.testkit.TestShards;
import penstock.topic.Channel;
import penstock.topic.TopicTable;
import penstock.venue.RecordedFeed;
import penstock.venue.Recordings;
import penstock.venue.plugin.KrakenCrc32;
import penstock.wire.Mode;
import penstock.wire.SessionLimits;

/**
 * Kraken's own checksums over its recorded books: in front of the ring after every message, and behind it of what a
 * subscriber has put together from our net changes, at 0 and at 250 ms, with the ring now and then too small for the
 * traffic.
 */
class KrakenBooksTest {
    @RegisterExtension
    private final Seeds seeds = new Seeds();
    private final ManualThread thread = new ManualThread(1_000_000_000L);
    private final Counters counters = new Counters("fanout-0");
    private final Counters feedCounters = new Counters("feed");
    private final Telemetry telemetry = new Telemetry();
    private final Channel channel = new Channel(0, "book", "order-book", true);
    private final KrakenCrc32 crc = new KrakenCrc32();
    private final Map<String, UpstreamBook> upstream = new HashMap<>();
    private final Map<String, Integer> topics = new HashMap<>();
    /** Of each symbol the checksum after each update, from q = 1. */
    private final Map<String, List<Long>> checksums = new HashMap<>();
    private final UpdateSlice slices = new UpdateSlice();
    private int messages;

    /** Feeds, the depth of their books, and slots of the ring. */
    static Stream<Arguments> books() {
        final Map<String, Integer> depths = Map.of("kraken-v1, generated", 100, "kraken-v2, generated", 25,
            "kraken/v1-book1000-20210417", 1000, "kraken/v2-btcusd_l2", 10);
        return Recordings.all().stream().filter(feed -> depths.containsKey(feed.name())).flatMap(feed ->
            Stream.of(1024, 4).map(slots -> Arguments.of(feed, depths.get(feed.name()), slots)));
    }

    @ParameterizedTest
    @MethodSource("books")
    void shouldMatchEveryChecksum(final RecordedFeed feed, final int depth, final int slots) {
        final TickRing ring = new TickRing(slots, 1 << 20);
        final Shard shard = TestShards.shard(thread, ring.poller(counters), new TopicTable(List.of(channel), 7, 0),
            new SessionTimeouts(5_000_000_000L, 20_000_000_000L, Long.MAX_VALUE / 4, Long.MAX_VALUE / 4),
            new SessionLimits(3, 10, 65536, 20, 0, 60_000), counters, telemetry.errors());
        final TickPublisher publisher =
            ring.publisher(feedCounters, List.of(new ShardProxy(thread, shard)::wake),
            number -> channel.newConflator());
        new ShardProxy(thread, shard).start();
        final List<Client> clients = List.of(new Client(shard, 0), new Client(shard, 250));
        final Random random = seeds.random();
        for (final byte[] frame : feed.frames()) {
            KrakenBook.read(new String(frame, StandardCharsets.UTF_8), book -> publish(publisher, book, depth));
            publisher.flush();
            if (random.nextInt(8) == 0) {
                thread.advanceMs(random.nextInt(120));
                clients.forEach(Client::read);
            }
        }
        do {
            publisher.flush();
            thread.advanceMs(300);
        } while (publisher.isBehind());
        clients.forEach(Client::read);
        assertThat(messages).isGreaterThan(200);
        assertThat(feedCounters.get(Counter.RING_CONFLATED) > 0).isEqualTo(slots == 4);
        assertThat(counters.get(Counter.HANDLER_FAILURES)).isZero();
        for (final Client client : clients) {
            assertThat(client.checked).isPositive();
            checksums.forEach((symbol, all) -> assertThat(client.q).containsEntry(symbol, all.size()));
        }
    }

    private void publish(final TickPublisher publisher, final KrakenBook book, final int depth) {
        final UpstreamBook ours = upstream.computeIfAbsent(book.symbol(), symbol -> new UpstreamBook(depth));
        ours.apply(book.kind(), book.levels());
        final long checksum = crc.checksum(ours.book());
        if (book.checksum() != KrakenBook.NO_CHECKSUM) {
            assertThat(checksum).as(book.symbol() + " message " + messages).isEqualTo(book.checksum());
            messages++;
        }
        checksums.computeIfAbsent(book.symbol(), symbol -> new ArrayList<>()).add(checksum);
        final byte[] symbol = book.symbol().getBytes(StandardCharsets.UTF_8);
        final int topic = topics.computeIfAbsent(book.symbol(), s -> publisher.addTopic(0, symbol, 0, symbol.length));
        slices.set(symbol, 0, 0, 0, 0);
        slices.kind = book.kind();
        slices.levels = book.levels();
        publisher.publish(topic, TickPublisher.NO_TIME, thread.nowNs(), slices);
    }

    /** Applies net changes, nothing else. */
    private final class Client {
        private final RecordingSocket socket = new RecordingSocket(thread, new Random(1));
        private final Map<String, Book> books = new HashMap<>();
        private final Map<String, Integer> q = new HashMap<>();
        private final LevelBuffer reader = new LevelBuffer();
        private int checked;

        Client(final Shard shard, final int intervalMs) {
            shard.open(socket, WebSocketFormat.PLAIN, "test")
                .onRequest(ShardRig.request("0", Mode.CONFLATE, intervalMs, "*"));
            thread.run();
        }

        void read() {
            for (final RecordingSocket.Frame frame : socket.takeFrames()) {
                if (frame.opcode() == 1 && frame.text().contains("\"data\":[")) {
                    ParsedJson.entries(frame.text(), this::entry);
                }
            }
        }

        private void entry(final Map<?, ?> entry, final boolean snapshot) {
            final String symbol = ParsedJson.bare(entry.get("s"));
            final int newQ = Integer.parseInt((String) entry.get("q"));
            q.put(symbol, newQ);
            final LevelBuffer levels = KrakenBook.levels(ParsedJson.object(entry.get("v")));
            final Book book = books.computeIfAbsent(symbol, s -> new Book());
            book.apply(snapshot ? UpdateKind.SNAPSHOT : UpdateKind.DELTA,
                reader.wrap(levels.buffer(), 0, levels.length()), newQ);
            assertThat(crc.checksum(book)).as(symbol + " q" + newQ).isEqualTo(checksums.get(symbol).get(newQ - 1));
            final Book theirs = upstream.get(symbol).book();
            assertThat(newQ < checksums.get(symbol).size() || book.bids().live() == theirs.bids().live()
                && book.asks().live() == theirs.asks().live()).as("as many levels").isTrue();
            checked++;
        }
    }
}
