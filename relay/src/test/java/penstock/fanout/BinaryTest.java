package penstock.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.agrona.concurrent.UnsafeBuffer;
import org.assertj.core.groups.Tuple;
import org.junit.jupiter.api.Test;
import penstock.docs.Pages;
import penstock.envelope.EnvelopeDecoder;
import penstock.envelope.EnvelopeDecoder.EntriesDecoder;
import penstock.envelope.Kind;
import penstock.envelope.MessageHeaderDecoder;
import penstock.envelope.Scope;
import penstock.envelope.State;
import penstock.fanout.format.BinaryFormat;
import penstock.fanout.format.FrameFormat;
import penstock.fanout.format.WebSocketFormat;
import penstock.ring.FeedState;
import penstock.ring.LevelBuffer;
import penstock.ring.TickPublisher;
import penstock.ring.TickRing;
import penstock.ring.TopicState;
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

/**
 * Binary snapshots and updates, read by the classes that are generated from their schema. That they say the same as
 * JSON is what the model tests show.
 */
class BinaryTest {
    private static final long START_US = 1_795_231_181_329_000L;
    private static final long NO_TIME = TickPublisher.NO_TIME;
    private static final String QUOTE = "{\"bid\":1.10384,\"id\":123456789012345678901234567}";

    private final ManualThread thread = new ManualThread(0, START_US);
    private final Counters counters = new Counters("shard");
    private final Telemetry telemetry = new Telemetry();
    private final TickRing ring = new TickRing(1024, 1 << 20);
    private final List<Channel> channels = List.of(new Channel(0, "quote", "last-value", true),
        new Channel(1, "ticker", "merge", false), new Channel(2, "trade", "event", false),
        new Channel(3, "book", "order-book", false));
    private final Shard shard = TestShards.shard(thread, ring.poller(counters), new TopicTable(channels, 7, 0),
        new SessionTimeouts(5_000_000_000L, 20_000_000_000L, 60_000_000_000L, 60_000_000_000L),
        new SessionLimits(50, 5000, 65536, 1_000, 0, 60_000), counters, telemetry.errors());
    private final ShardProxy proxy = new ShardProxy(thread, shard);
    private final TickPublisher publisher = ring.publisher(counters, List.of(proxy::wake),
        number -> channels.get(number).newConflator());
    private final WebSocketFormats formats = new WebSocketFormats(counters);

    /** An entry of a message, and what it shares with the others. */
    private record Entry(List<Long> numbers, long age, State state, boolean isChange, String value, String beside) {
        Entry(final int topic, final long q, final long p, final long t, final String value) {
            this(List.of((long) topic, q, p, t), 0, State.LIVE, false, value, "");
        }
    }

    BinaryTest() {
        proxy.start();
        topic(0, "EURUSD");
        topic(0, "GBPUSD");
        topic(1, "XAUUSD");
        topic(2, "BTCUSD");
        topic(3, "ETHUSD");
        publisher.feedState(0, FeedState.LIVE, null, 1, -1);
        turn();
    }

    @Test
    void shouldSendAnImageAndUpdatesWithTheNumbersOfTheRelay() {
        put(1, NO_TIME, QUOTE);
        publish(0, START_US - 700, QUOTE);
        final RecordingSocket socket = open(WebSocketFormat.PLAIN, "quote", terms(null), "EURUSD");
        thread.advanceMs(2);
        final List<RecordingSocket.Frame> first = binary(socket);
        final EnvelopeDecoder snapshot = decode(first.get(0));
        assertThat(snapshot.kind()).isEqualTo(Kind.SNAPSHOT);
        assertThat(snapshot.replaces()).isEqualTo(Scope.ALL);
        assertThat(snapshot.flags().last()).isTrue();
        assertThat(snapshot.flags().resumed()).isFalse();
        assertThat(List.of(snapshot.ts(), snapshot.epoch(), snapshot.p())).containsExactly(START_US, 7L, 2L);
        assertThat(entries(snapshot)).containsExactly(
            new Entry(0, 1, 2, START_US - 700, QUOTE));
        assertThat(snapshot.sub()).isEqualTo("\"0\"");
        assertThat(snapshot.request()).isEqualTo("\"r1\"");

        put(0, NO_TIME, "1");
        thread.advanceMs(3);
        publish(0, NO_TIME, " 2 ");

        final EnvelopeDecoder update = decode(binary(socket).get(0));
        assertThat(update.kind()).isEqualTo(Kind.UPDATE);
        assertThat(update.replaces()).isEqualTo(Scope.NOTHING);
        assertThat(List.of(update.ts(), update.p())).containsExactly(START_US + 5_000, 4L);
        assertThat(entries(update)).containsExactly(new Entry(0, 3, 4, NO_TIME, " 2 "));
        assertThat(update.sub()).isEqualTo("\"0\"");
        assertThat(update.request()).isEmpty();
    }

    @Test
    void shouldSayHowOldAnUpdateIsAndThatItIsStale() {
        publish(0, NO_TIME, QUOTE);
        publisher.feedState(0, FeedState.STALE, "upstream_disconnected", 1, -1);
        thread.advanceMs(1_500);
        publish(1, NO_TIME, QUOTE);
        publisher.topicState(1, TopicState.CLOSED, "gone", 1);
        turn();

        assertThat(entries(decode(binary(open(WebSocketFormat.PLAIN, "quote", terms(null), "*")).get(0))))
            .extracting(Entry::age, Entry::state).containsExactlyInAnyOrder(
                Tuple.tuple(1_500_000L, State.STALE),
                Tuple.tuple(0L, State.CLOSED));

        thread.advanceMs(3_600_000);
        assertThat(entries(decode(binary(open(WebSocketFormat.PLAIN, "quote", terms(null), "EURUSD")).get(0))))
            .singleElement().extracting(Entry::age).isEqualTo(EntriesDecoder.ageNullValue());
    }

    @Test
    void shouldAnnounceATopicOnceForImagesAndUpdates() {
        publish(0, NO_TIME, QUOTE);
        publish(1, NO_TIME, QUOTE);
        final RecordingSocket socket = open(WebSocketFormat.PLAIN, "quote", terms(null), "*");
        publish(0, NO_TIME, QUOTE);
        publisher.addTopic(0, "USDJPY".getBytes(StandardCharsets.UTF_8), 0, 6);
        publish(5, NO_TIME, QUOTE);
        publish(5, NO_TIME, QUOTE);

        final List<String> announced = socket.takeFrames().stream().map(RecordingSocket.Frame::plain)
            .filter(text -> text.startsWith("{\"type\":\"topics\"")).toList();
        assertThat(announced).hasSize(2).last()
            .isEqualTo("{\"type\":\"topics\",\"sub\":\"0\",\"topics\":[[5,\"USDJPY\",0]]}");
        assertThat(Pages.text("relay/docs/link.md")).contains(announced.get(0));
    }

    @Test
    void shouldSendChangesOfBooksAndFieldsAsChanges() {
        merge(UpdateKind.FULL, "{\"last\":1,\"},\\\"removed\\\":[\":[{},\"x\"],\"low\":2}");
        book(UpdateKind.FULL, "1.5", "7");
        final RecordingSocket changes = open(WebSocketFormat.PLAIN, "ticker", terms(true), "XAUUSD");
        final RecordingSocket whole = open(WebSocketFormat.PLAIN, "ticker", terms(null), "XAUUSD");
        final RecordingSocket books = open(WebSocketFormat.PLAIN, "book", terms(null), "ETHUSD");
        binary(changes);
        binary(whole);
        assertThat(entries(decode(binary(books).get(0)))).singleElement()
            .extracting(Entry::isChange, Entry::value).containsExactly(false, "{\"bids\":[[1.5,7]],\"asks\":[]}");

        merge(UpdateKind.DELTA, "{\"low\":null,\"last\":{\"a\":{},\"removed\":[1]}}");
        book(UpdateKind.DELTA, "1.4", "9");

        assertThat(entries(decode(binary(changes).get(0)))).singleElement().extracting(Entry::isChange, Entry::value,
            Entry::beside).containsExactly(true, "{\"last\":{\"a\":{},\"removed\":[1]},\"low\":null}", "[\"low\"]");
        assertThat(entries(decode(binary(whole).get(0)))).singleElement().extracting(Entry::isChange, Entry::beside)
            .containsExactly(false, "");
        assertThat(entries(decode(binary(books).get(0)))).singleElement()
            .extracting(Entry::isChange, Entry::value).containsExactly(true, "{\"bids\":[[1.4,9]],\"asks\":[]}");
    }

    @Test
    void shouldSendEveryEventWithItsOwnPosition() {
        final RecordingSocket socket =
            open(WebSocketFormat.PLAIN, "trade", SubscriptionOptions.UNSPECIFIED, "BTCUSD");
        binary(socket);
        put(3, NO_TIME, "{\"id\":1}");
        put(0, NO_TIME, QUOTE);
        publish(3, START_US, "{\"id\":2}");

        final EnvelopeDecoder update = decode(binary(socket).get(0));
        assertThat(update.p()).isEqualTo(3);
        assertThat(entries(update)).containsExactly(
            new Entry(3, 1, 1, NO_TIME, "{\"id\":1}"),
            new Entry(3, 2, 3, START_US, "{\"id\":2}"));
    }

    @Test
    void shouldSendThePayloadBesideTheValueWhereItSaysMore() {
        payload(0, "{\"e\":7,\"v\":{\"bid\":1}}", "{\"bid\":1}");
        final RecordingSocket quotes = open(WebSocketFormat.PLAIN, "quote", payloads(-1), "*");
        final RecordingSocket trades = open(WebSocketFormat.PLAIN, "trade", payloads(-1), "*");
        final RecordingSocket bids = open(WebSocketFormat.PLAIN, "quote",
            new SubscriptionOptions(null, 0, null, -1, -1, new ContentOptions(List.of("bid"), null, -1)), "*");
        binary(trades);
        binary(bids);
        assertThat(entries(decode(binary(quotes).get(0)))).singleElement().extracting(Entry::value, Entry::beside)
            .containsExactly("{\"bid\":1}", "{\"e\":7,\"v\":{\"bid\":1}}");

        payload(0, "{\"e\":8,\"v\":{\"bid\":2}}", "{\"bid\":2}");
        publish(1, NO_TIME, QUOTE);
        payload(3, "[\"t\",{\"id\":1}]", "{\"id\":1}");
        publish(3, NO_TIME, "{\"id\":2}");

        assertThat(quotes.takeFrames()).filteredOn(RecordingSocket.Frame::isBinary)
            .flatExtracting(frame -> entries(decode(frame))).extracting(Entry::value, Entry::beside).containsExactly(
                Tuple.tuple("{\"bid\":2}", "{\"e\":8,\"v\":{\"bid\":2}}"), Tuple.tuple(QUOTE, ""));
        final List<RecordingSocket.Frame> events = binary(trades);
        assertThat(entries(decode(events.get(0)))).singleElement().extracting(Entry::value, Entry::beside)
            .containsExactly("{\"id\":1}", "[\"t\",{\"id\":1}]");
        assertThat(decode(events.get(1)).entries().next().flags().valueIsPayload()).isTrue();
        assertThat(binary(bids)).hasSize(2).flatExtracting(frame -> entries(decode(frame))).extracting(Entry::beside)
            .containsOnly("");
    }

    @Test
    void shouldRefuseAPayloadWhereThereIsNoPlaceForIt() {
        final RecordingSocket json = new RecordingSocket(thread, new Random(1));
        shard.open(json, WebSocketFormat.PLAIN, "test").onRequest(
            new Request.Subscribe(null, "0", "quote", ShardRig.patterns("*"), true, null, payloads(-1)));
        final RecordingSocket binary = new RecordingSocket(thread, new Random(1));
        final Session session = shard.open(binary, new BinaryFormat(WebSocketFormat.PLAIN), "test");
        session.onRequest(new Request.Subscribe(null, "0", "ticker", ShardRig.patterns("*"), true, null,
            new SubscriptionOptions(null, -1, null, -1, -1, new ContentOptions(null, true, -1, true))));
        session.onRequest(new Request.Subscribe(null, "1", "quote", ShardRig.patterns("*"), true, null, terms(null)));
        session.onRequest(new Request.Subscribe(null, "1", "quote", ShardRig.patterns("*"), true, null, payloads(-1)));
        thread.run();

        assertThat(json.takeFrames()).extracting(RecordingSocket.Frame::text)
            .anyMatch(text -> text.contains("\"path\":\"/payload\"") && text.contains("penstock.v1.bin"));
        assertThat(binary.takeFrames()).extracting(RecordingSocket.Frame::text)
            .filteredOn(text -> text.contains("\"path\":\"/payload\"")).hasSize(2)
            .anyMatch(text -> text.contains("delta")).anyMatch(text -> text.contains("running"));
    }

    @Test
    void shouldSendAValueThatIsLargerThanAllMessagesBefore() {
        merge(UpdateKind.FULL, "{\"last\":1,\"low\":2}");
        publish(0, NO_TIME, QUOTE);
        final RecordingSocket changes = open(WebSocketFormat.PLAIN, "ticker", terms(true), "XAUUSD");
        final RecordingSocket quotes = open(WebSocketFormat.PLAIN, "quote", terms(null), "EURUSD");
        binary(quotes);
        merge(UpdateKind.DELTA, "{\"low\":null}");
        assertThat(entries(decode(binary(changes).get(1)))).singleElement()
            .extracting(Entry::isChange, Entry::beside).containsExactly(true, "[\"low\"]");

        final String large = "{\"text\":\"" + "x".repeat(100_000) + "\"}";
        publish(0, NO_TIME, large);

        assertThat(entries(decode(binary(quotes).get(0)))).containsExactly(new Entry(0, 2, 4, NO_TIME, large));
    }

    @Test
    void shouldCompressOnceWhatEqualSessionsAreSent() {
        publish(0, NO_TIME, QUOTE);
        final RecordingSocket early = open(formats.of(15), "quote", terms(null), "*");
        publish(1, NO_TIME, QUOTE);
        final RecordingSocket late = open(formats.of(15), "quote", terms(null), "*");
        binary(early);
        binary(late);

        thread.advanceMs(1);
        publish(0, NO_TIME, "{\"bid\":\"" + "x".repeat(400) + "\"}");

        assertThat(binary(late)).singleElement().extracting(RecordingSocket.Frame::plain)
            .isEqualTo(binary(early).get(0).plain());
        assertThat(counters.get(Counter.FRAMES_SHARED)).as("compressed once").isEqualTo(1);
    }

    private void topic(final int channel, final String symbol) {
        publisher.addTopic(channel, symbol.getBytes(StandardCharsets.UTF_8), 0, symbol.length());
    }

    private RecordingSocket open(final FrameFormat frames, final String channel, final SubscriptionOptions terms,
            final String symbols) {
        final RecordingSocket socket = new RecordingSocket(thread, new Random(1));
        shard.open(socket, new BinaryFormat(frames), "test").onRequest(
            new Request.Subscribe("\"r1\"", "0", channel, ShardRig.patterns(symbols), true, null, terms));
        thread.run();
        return socket;
    }

    private static SubscriptionOptions payloads(final int intervalMs) {
        return new SubscriptionOptions(null, intervalMs, null, -1, -1, new ContentOptions(null, null, -1, true));
    }

    private void payload(final int topic, final String payload, final String value) {
        final byte[] bytes = payload.getBytes(StandardCharsets.UTF_8);
        publisher.publish(topic, NO_TIME, thread.nowNs(),
            new UpdateSlice().set(bytes, 0, bytes.length, payload.indexOf(value), value.length()));
        thread.advanceMs(200);
        turn();
        thread.advanceMs(200);
    }

    private static SubscriptionOptions terms(final Boolean delta) {
        return new SubscriptionOptions(Mode.CONFLATE, 0, null, -1, -1, new ContentOptions(null, delta, -1));
    }

    private static List<RecordingSocket.Frame> binary(final RecordingSocket socket) {
        return socket.takeFrames().stream().filter(RecordingSocket.Frame::isBinary).toList();
    }

    private static EnvelopeDecoder decode(final RecordingSocket.Frame frame) {
        return new EnvelopeDecoder().wrapAndApplyHeader(
            new UnsafeBuffer(frame.plain().getBytes(StandardCharsets.ISO_8859_1)), 0, new MessageHeaderDecoder());
    }

    private static List<Entry> entries(final EnvelopeDecoder message) {
        final List<Entry> entries = new ArrayList<>();
        for (final EntriesDecoder entry : message.entries()) {
            final Entry read = new Entry(List.of(entry.topic(), entry.q(), entry.p(), entry.t()), entry.age(),
                entry.state(), entry.flags().change(), bytes(entry, true), bytes(entry, false));
            assertThat(entry.flags().removed() || entry.flags().payload()).isEqualTo(!read.beside.isEmpty());
            entries.add(read);
        }
        return entries;
    }

    private static String bytes(final EntriesDecoder entry, final boolean isValue) {
        final byte[] bytes = new byte[isValue ? entry.valueLength() : entry.besideLength()];
        if (isValue) {
            entry.getValue(bytes, 0, bytes.length);
        } else {
            entry.getBeside(bytes, 0, bytes.length);
        }
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private void merge(final UpdateKind kind, final String value) {
        final UpdateSlice slice = slice(value);
        slice.kind = kind;
        publisher.publish(2, NO_TIME, thread.nowNs(), slice);
        turn();
    }

    private void book(final UpdateKind kind, final String price, final String size) {
        final UpdateSlice slice = slice("");
        slice.kind = kind;
        slice.levels = new LevelBuffer();
        KrakenBook.add(slice.levels, 0, List.of(price, size));
        publisher.publish(4, NO_TIME, thread.nowNs(), slice);
        turn();
    }

    private void put(final int topic, final long timeUs, final String value) {
        publisher.publish(topic, timeUs, thread.nowNs(), slice(value));
    }

    private static UpdateSlice slice(final String value) {
        final byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        return new UpdateSlice().set(bytes, 0, bytes.length, 0, bytes.length);
    }

    private void publish(final int topic, final long timeUs, final String value) {
        put(topic, timeUs, value);
        turn();
    }

    private void turn() {
        publisher.flush();
        thread.run();
    }
}
