package penstock.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import penstock.replay.ReplayServer;
import penstock.replay.ReplaySpeed;
import penstock.replay.VenueFileScript;
import penstock.testkit.Patience;
import penstock.venue.RecordedFeed;
import penstock.venue.Recordings;

/** Recorded trades and quotes to one session: each at its own pace, complete, and in one order that positions tell. */
class TradesAndQuotesTest {
    private static final int INTERVAL_MS = 250;
    private static final ReplaySpeed HALF_A_MINUTE_IN_TWO_SECONDS = ReplaySpeed.parse("15");
    private static final Duration LIMIT = Patience.LIMIT;

    /** An update of the recording: its index and its value. */
    private record Recorded(int at, String value) {
    }

    /** An update message: its subscription, time, position and entries. */
    private record Message(String sub, long tsUs, long p, List<Entry> entries) {
    }

    private record Entry(String symbol, long q, long conflated, String value) {
    }

    @Test
    void shouldSendEveryTradeInOrderAndQuotesAtTheirIntervalInOneSession() throws Exception {
        final Map<String, List<Recorded>> trades = new HashMap<>();
        final Map<String, List<Recorded>> quotes = new HashMap<>();
        final RecordedFeed feed = Recordings.realFirst("binance").get(0);
        read(feed.frames(), trades, quotes);
        final int port = RelayRig.freePort();
        try (RelayRig rig = new RelayRig("binance", "ws://127.0.0.1:" + port + "/stream", "ring.bytes=16MiB",
                "feed.values=venue")) {
            final Subscriber session = rig.fleet.open("/v1/ws", 0);
            session.transcript = new ConcurrentLinkedQueue<>();
            await("session").until(() -> session.isOpen);
            session.send(
                "{\"op\":\"subscribe\",\"sub\":\"trades\",\"channel\":\"trade\",\"symbols\":[\"*\"],\"mode\":\"all\"}");
            session.send(
                "{\"op\":\"subscribe\",\"sub\":\"quotes\",\"channel\":\"quote\",\"symbols\":[\"*\"],\"interval\":"
                + INTERVAL_MS
                + "}");
            await("both")
                .until(() -> session.transcript.stream().filter(text -> text.contains("\"type\":\"snapshot\""))
                .count() == 2);
            try (ReplayServer replay = ReplayServer.start(ReplayServer.Options.of(feed.file())
                    .venue(VenueFileScript.load("binance")).port(port).speed(HALF_A_MINUTE_IN_TWO_SECONDS))) {
                await("the recording's end").atMost(LIMIT).until(replay::isFinished);
                await("the last of each").atMost(LIMIT).until(() -> isDone(session, trades) && isDone(session, quotes));
            }
            assertThat(session.transcript)
                .noneMatch(text -> text.contains("\"type\":\"gap\"") || text.contains("\"type\":\"error\""));
            final List<Message> messages = session.transcript.stream()
                .filter(text -> text.startsWith("{\"type\":\"update\""))
                .map(TradesAndQuotesTest::message).toList();
            checkLedger(of(messages, "trades"), trades);
            checkLedger(of(messages, "quotes"), quotes);
            checkOrder(of(messages, "trades"), trades);
            checkInterval(of(messages, "quotes"), quotes);
            checkPositions(messages, trades, quotes);
        }
    }

    /** Every update is the recording's at its sequence, those between are counted, and nothing is left at the end. */
    private static void checkLedger(final List<Message> messages, final Map<String, List<Recorded>> recorded) {
        final Map<String, Long> sent = new HashMap<>();
        for (final Message message : messages) {
            for (final Entry entry : message.entries) {
                assertThat(entry.q).as(entry.symbol)
                    .isEqualTo(sent.getOrDefault(entry.symbol, 0L) + entry.conflated + 1);
                assertThat(entry.value).isEqualTo(recorded.get(entry.symbol).get((int) entry.q - 1).value);
                sent.put(entry.symbol, entry.q);
            }
        }
        recorded.forEach((symbol, all) -> assertThat(sent.get(symbol)).as(symbol).isEqualTo(all.size()));
    }

    /** The trades of all symbols come in the order in which the venue sent them. */
    private static void checkOrder(final List<Message> messages, final Map<String, List<Recorded>> trades) {
        assertThat(messages.stream().flatMap(message -> message.entries.stream()).mapToLong(Entry::conflated).sum())
            .isZero();
        assertThat(messages.stream().flatMap(message -> message.entries.stream()).map(entry -> at(trades, entry)))
            .isSorted();
    }

    private static void checkInterval(final List<Message> messages, final Map<String, List<Recorded>> quotes) {
        final long spanMs = (messages.get(messages.size() - 1).tsUs - messages.get(0).tsUs) / 1_000;
        assertThat(messages.stream().mapToInt(message -> message.entries.size()).sum())
            .isLessThanOrEqualTo((int) (spanMs / INTERVAL_MS + 2) * quotes.size());
    }

    /**
     * A client that merges both by {@code p} has the order of the venue: no quote of before a trade behind it, nor one
     * of after it before.
     */
    private static void checkPositions(final List<Message> messages, final Map<String, List<Recorded>> trades,
                                       final Map<String, List<Recorded>> quotes) {
        for (final Message quote : of(messages, "quotes")) {
            final int newest = quote.entries.stream().mapToInt(entry -> at(quotes, entry)).max().orElseThrow();
            for (final Message trade : of(messages, "trades")) {
                final int last = at(trades, trade.entries.get(trade.entries.size() - 1));
                if (trade.p > quote.p) {
                    assertThat(last).as("the trades up to p %d and the quotes up to p %d", trade.p, quote.p)
                        .isGreaterThan(newest);
                } else {
                    quotes.forEach((symbol, all) -> assertThat(sentBy(messages, quote, symbol))
                        .as("%s at p %d", symbol, quote.p)
                        .isGreaterThanOrEqualTo(all.stream().filter(each -> each.at < last).count()));
                }
            }
        }
    }

    private static long sentBy(final List<Message> messages, final Message until, final String symbol) {
        return of(messages.subList(0, messages.indexOf(until) + 1), "quotes").stream()
            .flatMap(message -> message.entries.stream())
            .filter(entry -> entry.symbol.equals(symbol)).mapToLong(Entry::q).max().orElse(0);
    }

    private static int at(final Map<String, List<Recorded>> recorded, final Entry entry) {
        return recorded.get(entry.symbol).get((int) entry.q - 1).at;
    }

    private static List<Message> of(final List<Message> messages, final String sub) {
        return messages.stream().filter(message -> message.sub.equals(sub)).toList();
    }

    private static boolean isDone(final Subscriber session, final Map<String, List<Recorded>> recorded) {
        return recorded.values().stream().map(all -> all.get(all.size() - 1).value)
            .allMatch(value -> session.transcript.stream().anyMatch(text -> text.contains(value)));
    }

    private static Message message(final String text) {
        final byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        final List<Entry> entries = new ArrayList<>();
        EntryReader.read(bytes, 0, bytes.length, (symbol, q, conflated, stale, value) ->
            entries.add(new Entry(symbol, q, conflated, new String(value, StandardCharsets.UTF_8))));
        return new Message(EntryReader.field(bytes, 0, bytes.length, "sub"),
            Long.parseLong(EntryReader.field(bytes, 0, bytes.length, "ts")),
            Long.parseLong(EntryReader.field(bytes, 0, bytes.length, "p")), entries);
    }

    /** Found without the relay's own scanner: the value is what stands in {@code data}. */
    private static void read(final List<byte[]> frames, final Map<String, List<Recorded>> trades,
                             final Map<String, List<Recorded>> quotes) {
        for (int i = 0; i < frames.size(); i++) {
            final String text = new String(frames.get(i), StandardCharsets.UTF_8);
            if (!text.startsWith("{\"stream\":")) {
                continue;
            }
            final String stream = text.substring(text.indexOf('@') + 1, text.indexOf("\",\"data\":"));
            final String value = text.substring(text.indexOf("\"data\":") + 7, text.length() - 1);
            final int s = value.indexOf("\"s\":\"") + 5;
            final String symbol = value.substring(s, value.indexOf('"', s));
            if (stream.equals("trade") || stream.equals("bookTicker")) {
                (stream.equals("trade") ? trades : quotes).computeIfAbsent(symbol, key -> new ArrayList<>())
                    .add(new Recorded(i, value));
            }
        }
    }
}
