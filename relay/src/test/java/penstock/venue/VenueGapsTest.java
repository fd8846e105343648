package penstock.venue;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import penstock.testkit.Seeds;
import penstock.testkit.VenueSpelling;

/** One frame of a hundred is lost: every gap that the venue's numbers reveal is found, and no other. */
@Tag("slow")
class VenueGapsTest {
    @RegisterExtension
    private final Seeds seeds = new Seeds();
    /**
     * One number of a message: {@code first} must be {@code due} after the last; {@code isStart}: anything may come.
     */
    private record Number(String of, boolean isStart, long due, long first, long last) {
        static Number increment(final String of, final boolean isStart, final long number) {
            return new Number(of, isStart, 1, number, number);
        }
    }

    static List<RecordedFeed> numbered() {
        return Stream.of("binance", "bitfinex", "bybit-v5", "coinbase-exchange", "deribit", "kraken-v2", "okx")
            .map(Recordings::of).flatMap(List::stream).toList();
    }

    @ParameterizedTest
    @MethodSource("numbered")
    void shouldFindEveryGapAndNoFalseOnes(final RecordedFeed feed) {
        final String venueName = feed.venue();
        final List<byte[]> frames = feed.frames();
        for (final long seed : seeds.rounds(5)) {
            final Random random = Seeds.random(seed);
            final Venue venue = VenueSpelling.load(venueName, name -> "test");
            final VenueLog log = new VenueLog(venue);
            venue.onConnected();
            // a count of the connection begins with 1
            final Map<String, Long> last = new HashMap<>(Map.of("connection", 0L));
            final List<String> expected = new ArrayList<>();
            for (final byte[] frame : frames) {
                if (Recordings.text(frame).equals("pong")) {
                    continue;
                }
                final JsonTree tree = JsonTree.of(frame);
                // messages with channel ids cannot be lost without losing the connection
                if (random.nextInt(100) == 0 && !tree.has("event")) {
                    continue;
                }
                venue.onText(frame, 0, frame.length, 0, log);
                for (final Number number : numbers(venueName, tree)) {
                    final Long before = last.put(number.of(), number.last());
                    if (before != null && !number.isStart() && before + number.due() != number.first()) {
                        expected.add("gap " + number.of() + " " + (before + number.due()) + " " + number.first());
                    }
                }
            }
            assertThat(log.lines.stream().filter(line -> line.startsWith("gap")).map(line ->
                line.replaceAll(" [A-Z]+ (?=\\d+ \\d+$)", " ")))
                .containsExactlyElementsOf(expected);
            assertThat(log.counts).doesNotContainKeys("duplicate", "unmatched", "not json");
        }
    }

    @ParameterizedTest
    @CsvSource({
        "alpaca, quote trade candle status book",
        "bitmex, quote book-10 instrument trade book",
        "bitstamp, book-100 trade order book",
        "coinbase-exchange, ticker book",
        "finnhub, ticker trade",
        "huobi, quote book-full ticker candle trade",
        "polygon, quote candle second trade",
        "tradermade-v1, quote",
        "tradermade-v2, quote",
        "twelvedata, ticker"})
    void shouldReportNoGapsWithoutNumbers(final String venueName, final String channels) {
        for (final RecordedFeed feed : Recordings.of(venueName)) {
            final Venue venue = VenueSpelling.load(venueName, name -> "test");
            final List<String> unnumbered = List.of(channels.split(" "));
            assertThat(unnumbered).as(venueName)
                .noneMatch(channel -> venue.detectsGaps(venue.channel(channel)));
            final Random random = seeds.random();
            final VenueLog log = new VenueLog(venue);
            for (final byte[] frame : feed.frames()) {
                if (random.nextInt(100) != 0) {
                    venue.onRecorded(frame, 0, frame.length, log);
                }
            }
            assertThat(log.lines).as("%s", feed)
                .noneMatch(line -> line.startsWith("gap") && unnumbered.contains(line.split(" ")[1]));
            assertThat(log.counts).as("%s", feed).doesNotContainKeys("duplicate", "unmatched", "not json");
        }
    }

    private static List<Number> numbers(final String venue, final JsonTree tree) {
        return switch (venue) {
            case "binance" -> tree.text("stream").contains("@depth20") ? List.of() : binance(tree.at("data"));
            case "bitfinex" -> tree.isList() ? List.of(Number.increment("connection", false, tree.number(-1)))
                : List.of();
            case "coinbase-exchange" -> tree.has("trade_id") && !tree.text("type").equals("ticker")
                ? List.of(Number.increment("trade " + tree.text("product_id"), tree.text("type").equals("last_match"),
                    tree.number("trade_id")))
                : List.of();
            case "bybit-v5" -> tree.text("topic").startsWith("orderbook.50.")
                ? List.of(Number.increment("book " + tree.text("data", "s"), tree.text("type").equals("snapshot"),
                    tree.number("data", "u")))
                : List.of();
            case "kraken-v2" -> tree.text("channel").equals("trade") ? tree.list("data").stream().map(trade ->
                Number.increment("trade " + trade.text("symbol"), tree.text("type").equals("snapshot"),
                trade.number("trade_id"))).toList() : List.of();
            case "okx" -> tree.list("data").stream().filter(row -> row.has("prevSeqId")).map(row ->
                new Number("book " + tree.text("arg", "instId"), row.number("prevSeqId") < 0, 0,
                row.number("prevSeqId"), row.number("seqId"))).toList();
            default -> deribit(tree.at("params"));
        };
    }

    private static List<Number> binance(final JsonTree data) {
        return switch (data.text("e")) {
            case "trade" -> List.of(Number.increment("trade " + data.text("s"), false, data.number("t")));
            case "aggTrade" -> List.of(Number.increment("agg-trade " + data.text("s"), false, data.number("a")));
            case "depthUpdate" -> List.of(data.has("pu")
                ? new Number("book " + data.text("s"), false, 0, data.number("pu"), data.number("u"))
                : new Number("book " + data.text("s"), false, 1, data.number("U"), data.number("u")));
            default -> List.of();
        };
    }

    private static List<Number> deribit(final JsonTree params) {
        final JsonTree data = params.at("data");
        if (params.text("channel").startsWith("trades.")) {
            return data.list().stream().map(trade ->
                Number.increment("trade " + trade.text("instrument_name"), false, trade.number("trade_seq"))).toList();
        }
        if (!params.text("channel").matches("book\\.[^.]+\\.[^.]+")) {
            return List.of();
        }
        final boolean isStart = data.text("type").equals("snapshot");
        return List.of(
            new Number("book " + data.text("instrument_name"), isStart, 0, isStart ? 0 : data.number("prev_change_id"),
            data.number("change_id")));
    }
}
