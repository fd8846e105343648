package penstock.feed;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

/** What the rules make of recorded feeds; the counts were taken with another JSON parser. */
class VenueRecordingsTest {
    @Test
    void shouldTakeEveryFrameOfBinanceSpot() {
        final VenueLog log = play("binance", "binance/spot-btc-eth-20240809-first12k");
        assertThat(log.counts).isEqualTo(Map.of("quote BTCUSDT", 5518, "quote ETHUSDT", 3795, "IGNORED", 1187 + 803 + 349 + 348));
        assertThat(log.lines.get(2)).isEqualTo("update quote BTCUSDT - "
            + log.payloads.get(0).substring(log.payloads.get(0).indexOf("'data':") + 7, log.payloads.get(0).length() - 1));
    }

    @Test
    void shouldTakeEveryFrameOfBinanceUsdMargined() {
        final VenueLog log = play("binance", "binance/usdm-combined-20210722");
        assertThat(log.counts).isEqualTo(Map.of(
            "quote SUSHIUSDT", 305, "quote AKROUSDT", 88, "quote KEEPUSDT", 75, "quote CTKUSDT", 145,
            "kline SUSHIUSDT", 22, "kline AKROUSDT", 8, "kline KEEPUSDT", 5, "kline CTKUSDT", 32,
            "IGNORED", 8 + 38 + 5 + 40 + 189 + 185 + 135 + 255));
        assertThat(log.lines).noneMatch(line -> line.contains(" - "));
    }

    @Test
    void shouldTakeEveryFrameOfTraderMade() {
        final VenueLog log = play("tradermade-v1", "tradermade/v1-derived-lean-oanda-fx-20140507");
        assertThat(log.counts).isEqualTo(Map.of("quote EURUSD", 6595, "quote NZDUSD", 4750, "quote XAUUSD", 48655));
        assertThat(log.lines).noneMatch(line -> line.contains(" - "));
    }

    private static VenueLog play(final String venueName, final String recording) {
        final Venue venue = Venue.load(venueName, name -> "test");
        final VenueLog log = new VenueLog(venue);
        for (final byte[] frame : Recordings.frames(recording)) {
            venue.onText(frame, 0, frame.length, 0, log);
        }
        assertThat(venue.badTimes()).isZero();
        return log;
    }
}
