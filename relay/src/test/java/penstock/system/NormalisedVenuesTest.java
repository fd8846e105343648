package penstock.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import penstock.config.VenueName;
import penstock.replay.ReplayServer;
import penstock.replay.ReplaySpeed;
import penstock.replay.VenueFileScript;
import penstock.telemetry.Counter;
import penstock.venue.RecordedFeed;
import penstock.venue.Recordings;
import penstock.venue.Venue;
import penstock.venue.generated.GeneratedRecording;
import penstock.venue.spec.ChannelSpec;

/**
 * One program shows every venue. What it must show was read off the frames by hand, and by a script that shares nothing
 * with the relay: the newest quotes, the first trades, and the best levels at the end. Binance, Bitstamp and MEXC serve
 * their books over HTTP, which a recording does not: see {@link FetchedBooksTest}. HTX is asked for one book
 * after the other, and its recording has the answer to the first request. Real recordings are played where there are
 * some ({@link Recordings}); what they show is in {@code golden-recordings.txt}.
 */
@Tag("slow")
class NormalisedVenuesTest {
    /** The rounds of the files in the test resources. */
    private static final int ROUNDS = 40;
    private static final String NAMES = "feed.spelling=normalised";
    private static final Map<String, String> GOLDEN = golden();
    private static final Map<String, List<String>> REAL = real();

    @TempDir
    private Path folder;

    /** The venues, for recordings of ours, and the real recordings that there are. */
    static List<RecordedFeed> feeds() {
        return Stream.concat(GOLDEN.keySet().stream().map(venue -> new RecordedFeed(venue, venue, null)),
            Recordings.real().stream()).toList();
    }

    @Test
    void shouldCoverEveryShippedVenue() {
        assertThat(GOLDEN).containsOnlyKeys(VenueName.BUILT_IN);
    }

    @Test
    void shouldCoverEveryRealRecording() {
        assertThat(Recordings.real()).as("none on some machines").allMatch(feed -> REAL.containsKey(feed.name()));
    }

    @ParameterizedTest
    @Tag("gate")
    @MethodSource("feeds")
    void shouldShowQuotesTradesAndBooks(final RecordedFeed feed) throws Exception {
        final String name = feed.venue();
        final Path recording =
            feed.file() == null ? GeneratedRecording.healthy(name, ROUNDS).save(folder) : feed.file();
        final List<String> golden = feed.file() == null ? GOLDEN.get(name).lines().toList() : REAL.get(feed.name());
        final int port = RelayRig.freePort();
        try (RelayRig rig = new RelayRig(name, "ws://127.0.0.1:" + port + "/",
                settings(feed, golden.get(0).split(" ")[1]));
                MarketProgram program = new MarketProgram(rig.relay.port())) {
            await("the subscriptions").atMost(Duration.ofSeconds(10)).until(program::isReady);
            try (ReplayServer replay = ReplayServer.start(ReplayServer.Options.of(recording)
                .venue(VenueFileScript.load(name)).port(port).speed(ReplaySpeed.MAX))) {
                await("the end").atMost(Duration.ofSeconds(20)).until(replay::isFinished);
                await("what the frames say").atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
                    assertThat(program.quotes()).containsAll(lines(golden, "quote "));
                    assertThat(program.trades()).containsAll(lines(golden, "trade "));
                    assertThat(program.tickers()).containsAll(lines(golden, "ticker "));
                    assertThat(program.books()).containsAll(lines(golden, "book "));
                });
            }
            assertThat(rig.relay.telemetry().sum(Counter.FEED_UNMATCHED)).isZero();
        }
    }

    /** All channels that the program might want, and a symbol that the venue takes. */
    private static String[] settings(final RecordedFeed feed, final String symbol) {
        final Venue venue = Venue.load(feed.venue(), variable -> "secret");
        final List<String> channels = venue.channels().stream().map(ChannelSpec::name)
            .filter(List.of("quote", "trade", "book", "ticker")::contains).toList();
        final Stream<String> requests = venue.subscribe().isUnsupported() ? Stream.of("feed.symbols=[]")
            : Stream.of("feed.channels=[" + String.join(",", channels) + "]", "feed.symbols=[\"" + symbol + "\"]");
        return Stream.of(requests, Stream.of(NAMES), RecordedVenuesTest.depth(feed)).flatMap(each -> each)
            .toArray(String[]::new);
    }

    private static List<String> lines(final List<String> golden, final String start) {
        return golden.stream().filter(line -> line.startsWith(start)).toList();
    }

    /** By name of the recording. */
    private static Map<String, List<String>> real() {
        final Map<String, List<String>> real = new TreeMap<>();
        try (InputStream stream = NormalisedVenuesTest.class.getResourceAsStream("/golden-recordings.txt")) {
            List<String> lines = List.of();
            for (final String line : new String(stream.readAllBytes(), StandardCharsets.UTF_8).lines().toList()) {
                if (line.startsWith("= ")) {
                    lines = new ArrayList<>();
                    real.put(line.substring(2), lines);
                } else if (!line.isEmpty() && !line.startsWith("#")) {
                    lines.add(line);
                }
            }
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
        return real;
    }

    private static Map<String, String> golden() {
        final Map<String, String> golden = new TreeMap<>(more());
        golden.put("alpaca", """
            quote AAPL 181.91 (30) 182.06 (35)
            quote SPY 181.92 (36) 182.04 (44)
            trade SPY 182.10 89 null "1"
            trade AAPL 182.05 99 null "7"
            book BTC/USD [63999.99, 4.5108] [64000.01, 1.3461]""");
        golden.put("binance", """
            quote BTC/USDT 63999.98 (0.01214) 64000.01 (0.01982)
            quote ETH/USDT 3099.99 (0.01970) 3100.01 (0.01979)
            trade BTC/USDT 63999.99 0.00182 "buy" "3500000001"
            trade ETH/USDT 3099.99 0.00193 "sell" "1200000001"
            trade ETH/USDT 3099.99 0.00169 "buy" "1200000002\"""");
        golden.put("binance-usdm", """
            quote BTC/USDT:USDT 63999.9 (1.946) 64000.1 (1.657)
            quote ETH/USDT:USDT-260327 3099.99 (1.278) 3100.01 (1.350)
            trade BTC/USDT:USDT 63999.9 0.129 "buy" "2900000001"
            trade ETH/USDT:USDT-260327 3099.99 0.157 "buy" "7100001"
            trade ETH/USDT:USDT-260327 3099.99 0.100 "sell" "7100003\"""");
        golden.put("bitfinex", """
            quote BTC/USD 63999.9 (12.5) 64000.1 (9.75)
            quote ETH/USD 3099.9 (12.5) 3100.1 (9.75)
            trade BTC/USD 63999.9 0.4 "sell" "640000002"
            trade ETH/USD 3099.9 0.2 "sell" "640000009"
            book BTC/USD [63999.9, 8.1056] [64000.1, 2.5217]
            book ETH/USD [3099.9, 0.5446] [3100.1, 2.7040]""");
        golden.put("bitget", """
            quote BTC/USDT 63999.9 (0.5) 64000.1 (0.7)
            quote ETH/USDT 3099.99 (0.5) 3100.01 (0.7)
            trade BTC/USDT 64000.1 0.1011 "buy" "1435670816497233186"
            trade ETH/USDT 3100.01 0.1448 "buy" "1435670816499626869"
            book BTC/USDT [63999.9, 0.20950] [64000.1, 0.04496]
            book ETH/USDT [3099.99, 7.2894] [3100.01, 5.4697]""");
        golden.put("bitmex", """
            quote BTC/USD:BTC 63999.9 (2800) 64000.1 (3200)
            trade BTC/USD:BTC 63999.9 271 "sell" "00000000-006d-1000-0000-000000000001"
            book BTC/USD:BTC [63999.9, 42772] [64000.1, 52366]""");
        golden.put("bitstamp", """
            quote BTC/USD 63999 (0.00009975) 64001 (0.00025863)
            quote ETH/EUR 2849.9 (0.00005857) 2850.1 (0.00004328)
            trade ETH/EUR 2850.1 0.0125 "buy" "310000003"
            trade BTC/USD 64001 0.0125 "buy" "310000019\"""");
        golden.put("bybit-v5", """
            quote BTC/USDT:USDT 63999.9 (1.2) 64000.1 (0.9)
            quote ETH/USDT:USDT 3099.99 (1.2) 3100.01 (0.9)
            trade BTC/USDT:USDT 64000.1 0.06 "buy" "trade-584295"
            trade ETH/USDT:USDT 3100.01 0.05 "buy" "trade-815341"
            book BTC/USDT:USDT [63999.9, 52.133] [64000.1, 50.356]
            book ETH/USDT:USDT [3099.99, 343.34] [3100.01, 490.96]""");
        // at both of Coinbase the maker sold, so the taker bought
        golden.put("coinbase-advanced", """
            quote BTC/USD 63999.99 (0.5) 64000.01 (0.7)
            quote ETH/USD 3099.99 (0.5) 3100.01 (0.7)
            trade BTC/USD 64000.01 0.01363799 "buy" "921010002"
            trade ETH/USD 3100.01 0.01046478 "buy" "921010004"
            book BTC/USD [63999.99, 0.00077371] [64000.01, 0.00022975]
            book ETH/USD [3099.99, 0.00065354] [3100.01, 0.00074026]""");
        golden.put("coinbase-exchange", """
            quote BTC/USD 63999.99 (0.5) 64000.01 (0.7)
            quote ETH/USD 3099.99 (0.5) 3100.01 (0.7)
            trade BTC/USD 63999.99 0.01638643 "buy" "700000001"
            trade ETH/USD 3099.99 0.01436412 "buy" "500000006"
            book BTC/USD [63999.99, 0.00037634] [64000.01, 0.00053855]
            book ETH/USD [3099.99, 0.00010822] [3100.01, 0.00000290]""");
        golden.put("crypto-com", """
            quote BTC/USD:USD 64099.8 (0.5) 64100.1 (0.7)
            quote BTC/USDT 63999.9 (0.5) 64000.1 (0.7)
            trade BTC/USD:USD 64099.9 0.1723 "sell" "4611686018439397823"
            trade BTC/USDT 63999.9 0.1484 "sell" "4611686018439401890"
            book BTC/USDT [63999.9, 0.14137] [64000.1, 0.78384]
            book BTC/USD:USD [64099.8, 7.6333] [64100.1, 2.1152]""");
        golden.put("demo", """
            quote EURUSD 1.10331 (null) 1.10333 (null)
            quote GBPUSD 1.10366 (null) 1.10368 (null)
            quote USDJPY 1.10381 (null) 1.10383 (null)
            trade EURUSD 1.10377 1.02 "buy" "1"
            trade USDJPY 1.10372 0.86 "sell" "6"
            trade GBPUSD 1.10344 0.42 "buy" "11"
            book EURUSD [1.10344, 220.10] [1.10346, 250.88]
            book USDJPY [1.10344, 362.88] [1.10346, 336.86]""");
        golden.put("deribit", """
            quote BTC/USD:BTC 63999.9 (1.8) 64000.1 (10.0)
            quote ETH-30JUL21-2800-C 0.0124 (1.4) 0.0126 (10.0)
            trade ETH-30JUL21-2800-C 0.0124 10.0 "sell" "T-161"
            trade BTC/USD:BTC 63999.9 10.0 "sell" "T-230000002"
            book BTC/USD:BTC [63999.9, 7106.6] [64000.2, 1924.4]
            book ETH-30JUL21-2800-C [0.0124, 8761.9] [0.0126, 3006.6]""");
        golden.put("finnhub", """
            trade BINANCE:BTCUSDT 231.41 57 null null
            trade AAPL 315.23 26 null null""");
        golden.put("gate", """
            quote BTC/USDT 63999.9 (0.5) 64000.1 (10)
            quote ETH/USDT 3099.99 (0.5) 3100.03 (10)
            trade ETH/USDT 3099.99 0.1519 "sell" "5541729607"
            trade BTC/USDT 63999.9 0.1782 "sell" "5541729627"
            book BTC/USDT [63999.9, 0.00375] [64000.1, 0.76206]
            book ETH/USDT [3099.99, 3.6107] [3100.03, 3.5115]""");
        golden.put("huobi", """
            quote TRX/BTC 0.00000020999 (9.121E-7) 0.00000021001 (0.5)
            quote BTC/USDT 63999.99 (9.121E-7) 64000.03 (0.5)
            trade BTC/USDT 64000.01 0.01 "buy" "100001"
            trade TRX/BTC 0.00000021001 0.01 "buy" "100003"
            book BTC/USDT [63999.99, 0.069185] [64000.03, 0.020743]""");
        golden.put("hyperliquid", """
            quote BTC/USDC:USDC 63999.9 (0.14656) 64000.1 (0.16842)
            quote ETH/USDC:USDC 3099.99 (0.17845) 3100.01 (0.11544)
            trade BTC/USDC:USDC 63999.9 0.01751 "sell" "118906512406355"
            trade BTC/USDC:USDC 64000.1 0.01344 "buy" "118906512317277"
            book BTC/USDC:USDC [63999.8, 0.48902] [64000.1, 0.23287]
            book ETH/USDC:USDC [3099.99, 7.4588] [3100.01, 8.9694]""");
        golden.put("json", """
            quote EURUSD 1.10356 (null) 1.10358 (null)""");
        golden.put("kraken-v1", """
            quote BTC/USD 63999.8 (1.50000000) 64000.1 (0.25000000)
            quote SC/EUR 0.004299 (1.50000000) 0.004301 (0.25000000)
            trade SC/EUR 0.004299 0.15223804 "sell" null
            trade BTC/USD 63999.9 0.28245396 "sell" null
            book BTC/USD [63999.8, 0.00028314] [64000.3, 0.00057259]
            book SC/EUR [0.004299, 0.00035580] [0.004301, 0.00085603]""");
        golden.put("kraken-v2", """
            quote BTC/USD 63999.9 (1.25000000) 64000.1 (0.75000000)
            quote ETH/USD 3099.99 (1.25000000) 3100.01 (0.75000000)
            trade BTC/USD 63999.9 0.01783997 "sell" "82000001"
            trade ETH/USD 3099.99 0.01025463 "sell" "53000012"
            book BTC/USD [63999.9, 0.00036223] [64000.1, 0.00025219]
            book ETH/USD [3099.99, 0.00050929] [3100.01, 0.00024007]""");
        golden.put("mexc", """
            quote BTC/USDT:USDT 63999.9 (48044) 64000.1 (19401)
            quote ETH/USDT:USDT 3099.99 (9240) 3100.01 (78040)
            trade BTC/USDT:USDT 63999.9 399 "sell" "7300220001"
            trade ETH/USDT:USDT 3099.98 305 "sell" "7300220009\"""");
        golden.put("okx", """
            quote BTC/USDT 63999.9 (7) 64000.1 (5)
            trade ETH/USDT 3099.99 0.01 "sell" "530000001"
            book BTC/USDT [63999.9, 63765] [64000.1, 59963]
            book ETH/USDT [3099.99, 12649] [3100.01, 56601]""");
        golden.put("polygon", """
            quote AAPL 181.94 (8) 182.10 (12)
            quote EUR/USD 1.10342 (null) 1.10344 (null)
            quote BTC-USD 64000.1 (0.5) 64000.2 (0.2)
            trade SPY 181.97 439 null "520"
            trade BTC-USD 64000.1 0.02 null "4711\"""");
        golden.put("tradermade-v1", """
            quote EURUSD 1.10379 (null) 1.10382 (null)
            quote XAUUSD 1.10365 (null) 1.10368 (null)""");
        golden.put("tradermade-v2", """
            quote EURUSD 1.10317 (null) 1.10320 (null)
            quote XAUUSD 1.10312 (null) 1.10315 (null)""");
        golden.put("twelvedata", """
            quote AAPL 181.95 (null) 181.99 (null)
            quote EUR/USD 181.95 (null) 181.99 (null)""");
        return golden;
    }

    private static Map<String, String> more() {
        final Map<String, String> golden = new TreeMap<>();
        golden.put("bitflyer", """
            quote BTC/JPY 9799999.9 (0.00051485) 9800000.1 (0.00007318)
            quote BTC/JPY:JPY 9809999.9 (0.00070692) 9810000.2 (0.00049016)
            trade BTC/JPY 9800000.1 0.01380928 "buy" "2560000003"
            trade BTC/JPY 9800000.1 0.01992373 "sell" "2560000024"
            trade BTC/JPY:JPY 9810000.2 0.01983539 null "2560000056"
            book BTC/JPY [9799999.9, 0.00051485] [9800000.1, 0.00007318]
            book BTC/JPY:JPY [9809999.9, 0.00070692] [9810000.2, 0.00049016]""");
        golden.put("dydx-v4", """
            trade ETH/USD:USDC 3100.1 1.5270 "buy" "165e61750000000200000002"
            trade BTC/USD:USDC 63999 1.4600 "sell" "165e61770000000200000002"
            book BTC/USD:USDC [63999, 3.4969] [64002, 7.7325]
            book ETH/USD:USDC [3099.9, 23.710] [3100.1, 73.544]""");
        golden.put("gemini", """
            quote BTC/USD 63999.99 (0.00062135) 64000.01 (0.00023206)
            quote ETH/GUSD:GUSD 3099.98 (48.774) 3100.01 (75.034)
            trade ETH/GUSD:GUSD 3100.01 0.01753356 "buy" "2840140802"
            trade BTC/USD 64000.01 0.01140804 "buy" "2840140811"
            book BTC/USD [63999.99, 0.00062135] [64000.01, 0.00023206]
            book ETH/GUSD:GUSD [3099.98, 48.774] [3100.01, 75.034]""");
        golden.put("kucoin", """
            quote BTC/USDT 63999.9 (0.00014567) 64000.1 (0.00019502)
            quote ETH/BTC 0.03099998 (0.041329) 0.03100001 (0.079549)
            trade BTC/USDT 64000.1 0.01641357 "buy" "14691517898"
            trade ETH/BTC 0.03100001 0.01604858 "buy" "1636276329"
            book BTC/USDT [63999.9, 0.00014567] [64000.1, 0.00019502]
            book ETH/BTC [0.03099998, 0.041329] [0.03100001, 0.079549]""");
        golden.put("phemex", """
            trade BTC/USDT:USDT 64000.1 1.780 "buy" null
            trade ETH/USDT:USDT 3099.99 1.157 "sell" null
            book BTC/USDT:USDT [63999.9, 35.456] [64000.1, 17.490]
            book ETH/USDT:USDT [3099.99, 269.89] [3100.01, 807.99]""");
        golden.put("upbit", """
            quote BTC/KRW 90999000 (0.00008714) 91001000 (0.00022457)
            quote ETH/BTC 0.03099999 (0.00043587) 0.03100001 (0.00082124)
            trade ETH/BTC 0.03099999 0.01736071 "sell" "17950000000035872"
            trade BTC/KRW 90999000 0.01760093 "sell" "17950000000040432"
            book BTC/KRW [90999000, 0.00008714] [91001000, 0.00022457]
            book ETH/BTC [0.03099999, 0.00043587] [0.03100001, 0.00082124]""");
        return golden;
    }
}
