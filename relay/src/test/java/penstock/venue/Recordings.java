package penstock.venue;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import penstock.venue.generated.GeneratedRecording;

/**
 * The recordings that tests read: of every venue one that is generated, half a minute long and without trouble, and
 * where the folder of system property {@code penstock.feeds} or {@code ../shared/feeds} has real ones, those too.
 */
public final class Recordings {
    private static final int ROUNDS = 1_000;
    /** Real recordings, by name the venue file. */
    private static final Map<String, String> REAL = new TreeMap<>(Map.ofEntries(
        Map.entry("alpaca/derived-lean-equities-20131007-0930", "alpaca"),
        Map.entry("binance/spot-btc-eth-20240809-first12k", "binance"),
        Map.entry("binance/usdm-combined-20210722", "binance"),
        Map.entry("bitfinex/v2-20210417", "bitfinex"),
        Map.entry("bitmex/realtime-20210722", "bitmex"),
        Map.entry("bitstamp/v2-20220105", "bitstamp"),
        Map.entry("coinbase/pro-10sym-20210417", "coinbase-exchange"),
        Map.entry("deribit/v2-options-20210722", "deribit"),
        Map.entry("huobi/spot-gzip-20210417", "huobi"),
        Map.entry("kraken/v1-book1000-20210417", "kraken-v1"),
        Map.entry("kraken/v1-ticker-20210417", "kraken-v1"),
        Map.entry("kraken/v1-trade-20210417", "kraken-v1"),
        Map.entry("kraken/v2-btcusd_l2", "kraken-v2"),
        Map.entry("okx/okcoin-v5-20230527", "okx"),
        Map.entry("polygon/derived-lean-equities-20131007-0930", "polygon"),
        Map.entry("tradermade/v1-derived-lean-oanda-fx-20140507", "tradermade-v1")));

    private static List<RecordedFeed> all;

    private Recordings() {
    }

    /** The generated ones, then the real ones. */
    public static synchronized List<RecordedFeed> all() {
        if (all == null) {
            all = Stream.concat(generated().stream(), real().stream()).toList();
        }
        return all;
    }

    /** All recordings of a venue, the generated one first. */
    public static List<RecordedFeed> of(final String venue) {
        return all().stream().filter(feed -> feed.venue().equals(venue)).toList();
    }

    /** The generated recording of a venue. */
    public static RecordedFeed generated(final String venue) {
        return of(venue).get(0);
    }

    /** For tests that take long: the real recordings of a venue, or the generated one if there are none. */
    public static List<RecordedFeed> realFirst(final String venue) {
        final List<RecordedFeed> feeds = of(venue);
        return feeds.size() == 1 ? feeds : feeds.subList(1, feeds.size());
    }

    /** The lines of a file, which may be compressed. */
    static List<byte[]> lines(final Path file) {
        final List<byte[]> lines = new ArrayList<>();
        try (InputStream raw = new BufferedInputStream(Files.newInputStream(file));
             InputStream in = file.toString().endsWith(".gz") ? new GZIPInputStream(raw) : raw) {
            final byte[] bytes = in.readAllBytes();
            int from = 0;
            for (int i = 0; i < bytes.length; i++) {
                if (bytes[i] == '\n') {
                    lines.add(Arrays.copyOfRange(bytes, from, i));
                    from = i + 1;
                }
            }
            return lines;
        } catch (final IOException e) {
            throw new UncheckedIOException(file.toString(), e);
        }
    }

    /** One frame as text. */
    public static String text(final byte[] frame) {
        return new String(frame, StandardCharsets.UTF_8);
    }

    private static List<RecordedFeed> generated() {
        try {
            final Path folder = Files.createTempDirectory("penstock-recordings");
            final List<RecordedFeed> feeds = new ArrayList<>();
            for (final String venue : GeneratedRecording.venues()) {
                final Path file = GeneratedRecording.healthy(venue, ROUNDS).save(folder);
                feeds.add(new RecordedFeed(venue, venue + ", generated", file));
            }
            try (Stream<Path> saved = Files.list(folder)) {
                folder.toFile().deleteOnExit();
                saved.forEach(file -> file.toFile().deleteOnExit());
            }
            return feeds;
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The real ones that there are. */
    public static List<RecordedFeed> real() {
        final Path folder = folder();
        return REAL.entrySet().stream().map(entry ->
            new RecordedFeed(entry.getValue(), entry.getKey(), folder.resolve(entry.getKey() + ".jsonl.gz")))
            .filter(feed -> Files.exists(feed.file())).toList();
    }

    private static Path folder() {
        final String given = System.getProperty("penstock.feeds");
        if (given != null) {
            return Path.of(given);
        }
        Path root = Path.of("").toAbsolutePath();
        while (root.getParent() != null && !Files.isRegularFile(root.resolve("relay/pom.xml"))) {
            root = root.getParent();
        }
        return root.resolve("../shared/feeds").normalize();
    }
}
