package penstock.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import penstock.replay.ReplayServer;
import penstock.replay.ReplaySpeed;
import penstock.replay.VenueFileScript;
import penstock.telemetry.Counter;
import penstock.venue.Recordings;

/**
 * Every recording through the whole relay at full speed, the venue's login and subscribe exchange played against its
 * file: nothing unmatched, nothing broken, no gap that is none. Runs when the recordings lie beside the project.
 */
@Tag("slow")
class RecordedVenuesTest {
    private static final List<Counter> NOTHING_OF =
        List.of(Counter.FEED_UNMATCHED, Counter.FEED_NOT_JSON, Counter.FEED_UNDECODABLE,
        Counter.FEED_GAPS, Counter.FEED_CHECKSUMS_WRONG, Counter.FEED_DISCONNECTS, Counter.RING_TOO_LARGE,
        Counter.HANDLER_FAILURES);

    @ParameterizedTest
    @CsvSource({
        "alpaca, alpaca/derived-lean-equities-20131007-0930, SPY",
        "binance, binance/spot-btc-eth-20240809-first12k, BTCUSDT",
        "binance, binance/usdm-combined-20210722, SUSHIUSDT",
        "bitfinex, bitfinex/v2-20210417, tBTCUSD",
        "bitmex, bitmex/realtime-20210722, XBTUSD",
        "bitstamp, bitstamp/v2-20220105, btcusd",
        "coinbase-exchange, coinbase/pro-10sym-20210417, YFI-BTC",
        "deribit, deribit/v2-options-20210722, ETH-30JUL21-2800-C",
        "huobi, huobi/spot-gzip-20210417, btcusdt",
        "kraken-v1, kraken/v1-book1000-20210417, XBT/CHF",
        "kraken-v1, kraken/v1-ticker-20210417, XBT/CHF",
        "kraken-v1, kraken/v1-trade-20210417, XBT/CHF",
        "kraken-v2, kraken/v2-btcusd_l2, BTC/USD",
        "okx, okx/okcoin-v5-20230527, BTC-USD",
        "polygon, polygon/derived-lean-equities-20131007-0930, SPY",
        "tradermade-v1, tradermade/v1-derived-lean-oanda-fx-20140507, EURUSD"})
    void shouldRelayARecording(final String venue, final String recording, final String symbol) throws Exception {
        final Path file = Recordings.file(recording);
        final long frames = Recordings.frames(recording).size();
        try (ReplayServer replay =
                ReplayServer.start(ReplayServer.Options.of(file).venue(VenueFileScript.load(venue))
                .speed(ReplaySpeed.MAX));
                RelayRig rig = new RelayRig(venue, replay.url("/"), settings(venue, symbol))) {
            final Subscriber subscriber = rig.fleet.open("/v1/ws?symbols=*&interval=50", 0);
            await("the end").atMost(Duration.ofSeconds(30)).until(replay::isFinished);
            await("all frames").atMost(Duration.ofSeconds(10)).until(() -> sum(rig, Counter.FEED_FRAMES) >= frames);
            await("a session").until(() -> !subscriber.controls.isEmpty());
            for (final Counter nothing : NOTHING_OF) {
                assertThat(sum(rig, nothing)).as(nothing.name()).isZero();
            }
            assertThat(sum(rig, Counter.FEED_UPDATES)).isPositive();
        }
    }

    /** Kraken's books were recorded at other depths than its venue files subscribe. */
    private static String[] settings(final String venue, final String symbol) {
        final String symbols = "feed.symbols=[\"" + symbol + "\"]";
        return switch (venue) {
            case "kraken-v1" -> new String[] {symbols, "feed.options.depth=1000"};
            case "kraken-v2" -> new String[] {symbols, "feed.options.depth=10"};
            default -> new String[] {symbols};
        };
    }

    private static long sum(final RelayRig rig, final Counter counter) {
        return rig.relay.telemetry().sum(counter);
    }
}
