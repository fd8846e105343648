package penstock.system;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import penstock.replay.ReplaySpeed;
import penstock.venue.Recordings;

/**
 * The main job on recorded feeds; runs when they lie beside the project. Half a minute of Binance passes in ten
 * seconds, two hours of FX too; {@code -Dpenstock.recorded.pace=1} plays them as they were.
 */
@Tag("slow")
class RecordedFeedsTest {
    private static final String BINANCE_PACE = System.getProperty("penstock.recorded.pace", "3");
    private static final String FX_PACE = System.getProperty("penstock.recorded.pace", "720");
    private static final Duration STALL = Duration.ofSeconds(5);

    @Test
    void shouldRelayBinanceSpotAtItsPace() throws Exception {
        run("binance", "binance/spot-btc-eth-20240809-first12k", ExpectedValues::binance,
            ReplaySpeed.parse(BINANCE_PACE));
    }

    @Test
    void shouldRelayBinanceSpotAtFullSpeed() throws Exception {
        run("binance", "binance/spot-btc-eth-20240809-first12k", ExpectedValues::binance, ReplaySpeed.MAX);
    }

    @Test
    void shouldRelayBinanceFuturesAtItsPace() throws Exception {
        run("binance", "binance/usdm-combined-20210722", ExpectedValues::binance, ReplaySpeed.parse(BINANCE_PACE));
    }

    @Test
    void shouldRelayBinanceFuturesAtFullSpeed() throws Exception {
        run("binance", "binance/usdm-combined-20210722", ExpectedValues::binance, ReplaySpeed.MAX);
    }

    @Test
    void shouldRelayTraderMadeAtItsPace() throws Exception {
        run("tradermade-v1", "tradermade/v1-derived-lean-oanda-fx-20140507", ExpectedValues::flat,
            ReplaySpeed.parse(FX_PACE));
    }

    @Test
    void shouldRelayTraderMadeAtFullSpeed() throws Exception {
        run("tradermade-v1", "tradermade/v1-derived-lean-oanda-fx-20140507", ExpectedValues::flat, ReplaySpeed.MAX);
    }

    private static void run(final String venue, final String name,
            final Function<List<byte[]>, ExpectedValues> expected,
            final ReplaySpeed speed)
            throws Exception {
        final List<byte[]> frames = Recordings.frames(name);
        final Path file = Recordings.file(name);
        final Duration limit = Duration.ofSeconds((long) (60 + 7200 / Double.parseDouble(FX_PACE)));
        new ReplayedFeed(venue, file, expected.apply(frames)).run(speed, STALL, limit);
    }
}
