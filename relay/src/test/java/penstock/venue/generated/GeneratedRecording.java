package penstock.venue.generated;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import penstock.venue.generated.crypto.CryptoVenues;
import penstock.venue.generated.more.MoreVenues;

/**
 * A recording of one venue, written by ourselves.
 *
 * @param venue    name of the venue file
 * @param messages each as received
 * @param timesNs  receive time of each
 * @param gaps     numbers that do not follow
 * @param books    by channel and symbol the levels at the end, {@code b 1.10 5} and {@code a 1.20 7}, best first;
 *                 without those whose snapshots are fetched
 */
public record GeneratedRecording(String venue, List<String> messages, List<Long> timesNs, int gaps,
        Map<String, List<String>> books) {
    private static final int SHORT_ROUNDS = 40;
    private static final Map<String, Function<MessageWriter, GeneratedVenue>> VENUES = all(Map.ofEntries(
        Map.entry("alpaca", AlpacaMessages::new), Map.entry("binance", BinanceMessages::new),
        Map.entry("bitfinex", BitfinexMessages::new), Map.entry("bitmex", BitmexMessages::new),
        Map.entry("bitstamp", BitstampMessages::new), Map.entry("bybit-v5", BybitMessages::new),
        Map.entry("coinbase-exchange", CoinbaseMessages::new), Map.entry("demo", DemoMessages::new),
        Map.entry("deribit", DeribitMessages::new), Map.entry("finnhub", FinnhubMessages::new),
        Map.entry("huobi", HuobiMessages::new), Map.entry("json", JsonMessages::new),
        Map.entry("kraken-v1", KrakenV1Messages::new), Map.entry("kraken-v2", KrakenV2Messages::new),
        Map.entry("okx", OkxMessages::new), Map.entry("polygon", PolygonMessages::new),
        Map.entry("tradermade-v1", TraderMadeV1Messages::new), Map.entry("tradermade-v2", TraderMadeV2Messages::new),
        Map.entry("twelvedata", TwelveDataMessages::new)), CryptoVenues.ALL,
        MoreVenues.ALL);

    /** The names of all venues, sorted. */
    public static List<String> venues() {
        return List.copyOf(VENUES.keySet());
    }

    /** All kinds of messages of the venue, in a few kilobytes. */
    public static GeneratedRecording complete(final String venue) {
        return write(venue, SHORT_ROUNDS, true);
    }

    /** A session in which all is well, as long as you like: without refusals, errors and gaps. */
    public static GeneratedRecording healthy(final String venue, final int rounds) {
        return write(venue, rounds, false);
    }

    @SafeVarargs
    private static Map<String, Function<MessageWriter, GeneratedVenue>> all(
            final Map<String, Function<MessageWriter, GeneratedVenue>>... parts) {
        final Map<String, Function<MessageWriter, GeneratedVenue>> venues = new TreeMap<>();
        for (final Map<String, Function<MessageWriter, GeneratedVenue>> part : parts) {
            venues.putAll(part);
        }
        return venues;
    }

    private static GeneratedRecording write(final String venue, final int rounds, final boolean withTrouble) {
        final MessageWriter out = new MessageWriter(venue);
        final GeneratedVenue messages = VENUES.get(venue).apply(out);
        messages.open();
        for (int i = 0; i < rounds; i++) {
            out.pass(20);
            messages.round(i);
        }
        if (withTrouble) {
            messages.trouble();
        }
        final Map<String, List<String>> books = new TreeMap<>();
        messages.books().forEach((topic, book) -> books.put(topic, book.lines()));
        return new GeneratedRecording(venue, List.copyOf(out.messages()), List.copyOf(out.timesNs()), out.gaps(),
            books);
    }

    /** The messages as bytes. */
    public List<byte[]> frames() {
        return messages.stream().map(message -> message.getBytes(StandardCharsets.UTF_8)).toList();
    }

    /** Content of {@code NAME.jsonl}. */
    public String lines() {
        return messages.stream().map(message -> message + "\n").collect(Collectors.joining());
    }

    /** Content of {@code NAME.rx}. */
    public String times() {
        return timesNs.stream().map(time -> time + "\n").collect(Collectors.joining());
    }

    /** Writes both files; returns the first. */
    public Path save(final Path folder) {
        try {
            Files.writeString(folder.resolve(venue + ".rx"), times());
            return Files.writeString(folder.resolve(venue + ".jsonl"), lines());
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
