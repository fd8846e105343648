package penstock.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import penstock.config.VenueName;
import penstock.replay.ReplayServer;
import penstock.replay.ReplaySpeed;
import penstock.replay.VenueFileScript;
import penstock.telemetry.Counter;
import penstock.venue.RecordedFeed;
import penstock.venue.Recordings;

/**
 * Every recording through the whole relay at full speed, the venue's login and subscribe exchange played against its
 * file: nothing unmatched, nothing broken, no gap that is none. Of venues without a real recording, the generated one.
 */
@Tag("slow")
class RecordedVenuesTest {
    private static final List<Counter> NOTHING_OF =
        List.of(Counter.FEED_UNMATCHED, Counter.FEED_NOT_JSON, Counter.FEED_UNDECODABLE,
        Counter.FEED_GAPS, Counter.FEED_CHECKSUMS_WRONG, Counter.FEED_DISCONNECTS, Counter.RING_TOO_LARGE,
        Counter.HANDLER_FAILURES);

    /** By venue a symbol that its file accepts. */
    private static final Map<String, String> SYMBOLS = Map.ofEntries(Map.entry("alpaca", "SPY"),
        Map.entry("binance", "BTCUSDT"), Map.entry("bitfinex", "tBTCUSD"), Map.entry("bitmex", "XBTUSD"),
        Map.entry("bitstamp", "BTCUSD"), Map.entry("bybit-v5", "BTCUSDT"), Map.entry("coinbase-exchange", "BTC-USD"),
        Map.entry("deribit", "BTC-PERPETUAL"), Map.entry("finnhub", "AAPL"), Map.entry("huobi", "BTCUSDT"),
        Map.entry("kraken-v1", "XBT/USD"), Map.entry("kraken-v2", "BTC/USD"), Map.entry("okx", "BTC-USDT"),
        Map.entry("polygon", "SPY"), Map.entry("tradermade-v1", "EURUSD"), Map.entry("tradermade-v2", "EURUSD"),
        Map.entry("twelvedata", "AAPL"),
        Map.entry("bitflyer", "BTC_JPY"),
        Map.entry("dydx-v4", "BTC-USD"),
        Map.entry("gemini", "BTCUSD"),
        Map.entry("kucoin", "BTC-USDT"),
        Map.entry("phemex", "BTCUSDT"),
        Map.entry("upbit", "KRW-BTC"),
        Map.entry("binance-usdm", "BTCUSDT"),
        Map.entry("bitget", "BTCUSDT"),
        Map.entry("coinbase-advanced", "BTC-USD"),
        Map.entry("crypto-com", "BTC_USDT"),
        Map.entry("gate", "BTC_USDT"),
        Map.entry("hyperliquid", "BTC"),
        Map.entry("mexc", "BTC_USDT"));

    static List<RecordedFeed> feeds() {
        return VenueName.BUILT_IN.stream().map(Recordings::realFirst).flatMap(List::stream).toList();
    }

    @ParameterizedTest
    @MethodSource("feeds")
    void shouldRelayARecording(final RecordedFeed feed) throws Exception {
        final String venue = feed.venue();
        final long frames = feed.frames().size();
        try (ReplayServer replay =
                ReplayServer.start(ReplayServer.Options.of(feed.file()).venue(VenueFileScript.load(venue))
                .speed(ReplaySpeed.MAX));
                RelayRig rig = new RelayRig(venue, replay.url("/"), settings(feed))) {
            final Subscriber subscriber = rig.fleet.open("/v1/ws?symbols=*&interval=50", 0);
            await("the end").until(replay::isFinished);
            await("all frames").until(() -> sum(rig, Counter.FEED_FRAMES) >= frames);
            await("a session").until(() -> !subscriber.controls.isEmpty());
            for (final Counter nothing : NOTHING_OF) {
                assertThat(sum(rig, nothing)).as(nothing.name()).isZero();
            }
            assertThat(sum(rig, Counter.FEED_UPDATES)).isPositive();
        }
    }

    private static String[] settings(final RecordedFeed feed) {
        return Stream.concat(Stream.of("feed.symbols=[\"" + SYMBOLS.getOrDefault(feed.venue(), "") + "\"]"), depth(feed))
            .filter(setting -> !setting.contains("[\"\"]")).toArray(String[]::new);
    }

    /** Kraken's real books were recorded at other depths than its venue files subscribe. */
    static Stream<String> depth(final RecordedFeed feed) {
        return switch (feed.name()) {
            case "kraken/v1-book1000-20210417" -> Stream.of("feed.options.depth=1000");
            case "kraken/v2-btcusd_l2" -> Stream.of("feed.options.depth=10");
            default -> Stream.empty();
        };
    }

    private static long sum(final RelayRig rig, final Counter counter) {
        return rig.relay.telemetry().sum(counter);
    }
}
