package penstock.venue.symbol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.StringReader;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import penstock.config.VenueSettings;
import penstock.venue.Venue;
import penstock.venue.VenueReader;

/** A venue file says what symbols look like, and how the venue spells them. */
class SymbolSpecTest {
    private static final VenueSettings VENUE_SPELLING = new VenueSettings(Map.of(), VenueSettings.Values.NORMALISED,
        Map.of(), VenueSettings.Spelling.VENUE);

    @ParameterizedTest
    @CsvSource({
        "alpaca, AAPL BRK.B BTC/USD, aapl 'A B'",
        "binance, BTCUSDT 1000SATSUSDT BTCUSD_PERP ETHUSDT_260327, btcusdt BTC-USDT x",
        "bitfinex, tBTCUSD tBTCF0:USTF0 fUSD, BTCUSD TBTCUSD",
        "bitmex, XBTUSD XBTH26 XBT_USDT, xbtusd",
        "bitstamp, BTCUSD BTCUSD-PERP, btcusd BTC/USD",
        "bybit-v5, BTCUSDT BTC-26SEP25 BTC-30DEC25-18000-C, btcusdt",
        "coinbase-exchange, BTC-USD 00-USD, BTCUSD btc-usd",
        "deribit, BTC-PERPETUAL ETH-30JUL21-2800-C XRP_USDC-30JUN24-0d625-C, BTC/USD",
        "finnhub, AAPL OANDA:EUR_USD BINANCE:BTCUSDT, aapl",
        "huobi, BTCUSDT BTC-USD, btcusdt",
        "bitget, BTCUSDT BTCUSD BTCPERP, btcusdt BTC-USDT",
        "binance-usdm, BTCUSDT ETHUSDT_260327, btcusdt BTC-USDT",
        "coinbase-advanced, BTC-USD BIT-28NOV25-CDE BTC-PERP-INTX, BTCUSD btc-usd",
        "crypto-com, BTC_USDT BTCUSD-PERP, BTC btc_usdt",
        "gate, BTC_USDT 100X_USDT, BTCUSDT btc_usdt",
        "mexc, BTC_USDT BTC_USD, BTCUSDT BTC-USDT",
        "hyperliquid, BTC kPEPE PURR/USDC @107 xyz:TSLA, BTC! BTC(1)",
        "kraken-v1, XBT/USD XDG/USD, XBTUSD",
        "kraken-v2, BTC/USD 1INCH/USD AAPLx/USD, BTCUSD",
        "okx, BTC-USDT BTC-USDT-SWAP BTC-USD-260327-50000-C, BTCUSDT btc-usdt",
        "bitflyer, BTC_JPY FX_BTC_JPY, BTC-JPY btc_jpy",
        "dydx-v4, BTC-USD, BTCUSD BTC/USD",
        "gemini, BTCUSD BTCGUSDPERP, btcusd BTC-USD",
        "kucoin, BTC-USDT 1INCH-USDT, BTCUSDT btc-usdt",
        "phemex, BTCUSDT u1000SHIBUSDT, BTCUSD BTC-USDT",
        "polygon, AAPL EUR/USD BTC-USD O:SPY261219C00650000, EUR_USD",
        "tradermade-v1, EURUSD UK100, eurusd EUR/USD",
        "tradermade-v2, EURUSD XAUUSD, eurusd",
        "twelvedata, AAPL EUR/USD BTC/USD AAPL:NASDAQ, aapl",
        "upbit, KRW-BTC USDT-1INCH, BTC/KRW KRW"})
    void shouldKnowTheSymbolsOfShippedVenues(final String venue, final String good, final String bad) {
        final SymbolSpec symbols = Venue.load(venue, VENUE_SPELLING, name -> "x").symbols();
        assertThat(good.split(" ")).allMatch(symbol -> symbols.problem(symbol) == null);
        assertThat(bad.split(" ")).noneMatch(symbol -> symbols.problem(symbol) == null);
    }

    @ParameterizedTest
    @CsvSource({
        "binance, BTCUSDT=BTC/USDT ETHBTC=ETH/BTC 1000SATSUSDT=1000SATS/USDT BTCFDUSD=BTC/FDUSD ADATUSD=ADA/TUSD",
        "binance, BTCUSD_PERP=BTC/USD:BTC ETHUSDT_260327=ETH/USDT:USDT-260327 BTCUSD_260327=BTC/USD:BTC-260327",
        "binance-usdm, BTCUSDT=BTC/USDT:USDT BTCUSDC=BTC/USDC:USDC ETHUSDT_260327=ETH/USDT:USDT-260327",
        "bitfinex, tBTCUSD=BTC/USD tBTCUST=BTC/USDT tDOGE:USD=DOGE/USD tDOGE:UST=DOGE/USDT fUSD=fUSD",
        "bitfinex, tBTCF0:USTF0=BTC/USDT:USDT tBTC:USD=tBTC:USD",
        "bitmex, XBTUSD=BTC/USD:BTC XBTUSDT=BTC/USDT:USDT XBT_USDT=BTC/USDT ETHUSD=ETH/USD:BTC XBTH26=XBTH26",
        "bitmex, .BXBT=.BXBT",
        "bitstamp, BTCUSD=BTC/USD ETHBTC=ETH/BTC USDCUSD=USDC/USD BTCUSD-PERP=BTC/USD-PERP",
        "bybit-v5, BTCUSDT=BTC/USDT:USDT BTCPERP=BTC/USDC:USDC BTCUSD=BTC/USD:BTC BTC-26SEP25=BTC-26SEP25",
        "coinbase-exchange, BTC-USD=BTC/USD USDT-EUR=USDT/EUR",
        "deribit, BTC-PERPETUAL=BTC/USD:BTC ETH_USDC-PERPETUAL=ETH/USDC:USDC BTC_USDC=BTC/USDC",
        "deribit, ETH-30JUL21-2800-C=ETH-30JUL21-2800-C btc_usd=btc_usd",
        "huobi, BTCUSDT=BTC/USDT ETHBTC=ETH/BTC HTUSDT=HT/USDT BTC-USD=BTC/USD:BTC BTC-USDT=BTC/USDT:USDT",
        "bitget, BTCUSDT=BTC/USDT ETHBTC=ETH/BTC BTCUSD=BTC/USD:BTC BTCPERP=BTC/USDC:USDC",
        "coinbase-advanced, BTC-USD=BTC/USD USDT-USDC=USDT/USDC BTC-PERP-INTX=BTC-PERP-INTX",
        "crypto-com, BTC_USDT=BTC/USDT BTCUSD-PERP=BTC/USD:USD",
        "gate, BTC_USDT=BTC/USDT ETH_BTC=ETH/BTC",
        "mexc, BTC_USDT=BTC/USDT:USDT BTC_USDC=BTC/USDC:USDC BTC_USD=BTC/USD:BTC",
        "hyperliquid, BTC=BTC/USDC:USDC kPEPE=kPEPE/USDC:USDC PURR/USDC=PURR/USDC @107=@107 xyz:TSLA=xyz:TSLA",
        "kraken-v1, XBT/USD=BTC/USD ETH/XBT=ETH/BTC XDG/XBT=DOGE/BTC AAPLx/USD=AAPLx/USD",
        "kraken-v2, BTC/USD=BTC/USD",
        "okx, BTC-USDT=BTC/USDT BTC-USDT-SWAP=BTC/USDT:USDT BTC-USD-SWAP=BTC/USD:BTC",
        "okx, BTC-USD-260327-50000-C=BTC/USD:BTC-260327-50000-C BTC-USDT-260327=BTC/USDT:USDT-260327",
        "bitflyer, BTC_JPY=BTC/JPY ETH_BTC=ETH/BTC FX_BTC_JPY=BTC/JPY:JPY",
        "dydx-v4, BTC-USD=BTC/USD:USDC",
        "gemini, BTCUSD=BTC/USD ETHBTC=ETH/BTC BTCGUSDPERP=BTC/GUSD:GUSD RNGUSD=RNG/USD",
        "kucoin, BTC-USDT=BTC/USDT",
        "phemex, BTCUSDT=BTC/USDT:USDT u1000SHIBUSDT=u1000SHIB/USDT:USDT",
        "upbit, KRW-BTC=BTC/KRW BTC-ETH=ETH/BTC"})
    void shouldPublishOneSpellingOverAllShippedVenues(final String venue, final String pairs) {
        final SymbolSpec symbols = Venue.load(venue, name -> "x").symbols();
        for (final String pair : pairs.split(" ")) {
            final String[] names = pair.split("=");
            assertThat(symbols.published(names[0])).isEqualTo(names[1]);
            assertThat(symbols.spelling(names[1])).isEqualTo(names[0]);
            assertThat(symbols.problem(names[1])).isNull();
        }
    }

    @Test
    void shouldSetPerpetualsApartFromSpotWhereTheVenueDoesNot() {
        final Venue futures = Venue.load("binance", VenueSettings.of(Map.of("settle", ":$2")), name -> "x");
        assertThat(futures.symbols().published("BTCUSDT")).isEqualTo("BTC/USDT:USDT");
        assertThat(futures.symbols().spelling("BTC/USDT:USDT")).isEqualTo("BTCUSDT");
        final Venue spot = Venue.load("bybit-v5", VenueSettings.of(Map.of("settle", "")), name -> "x");
        assertThat(spot.symbols().published("BTCUSDT")).isEqualTo("BTC/USDT");
        final Map<String, String> perpetuals = Map.of("type", "usdt-futures", "settle", ":$2");
        final Venue bitget = Venue.load("bitget", VenueSettings.of(perpetuals), name -> "x");
        assertThat(bitget.subscribe().items("mark", "BTC/USDT:USDT").get(0).topic())
            .isEqualTo("{\"instType\":\"usdt-futures\",\"topic\":\"ticker\",\"symbol\":\"BTCUSDT\"}");
    }

    @Test
    void shouldSuggestTheOtherCase() {
        final SymbolSpec symbols = Venue.load("binance", VENUE_SPELLING, name -> "x").symbols();
        assertThat(symbols.problem("btcusdt"))
            .isEqualTo("no symbol of the venue looks like that, case counts: try BTCUSDT");
        assertThat(symbols.problem("BTC USDT")).isEqualTo("no symbol of the venue looks like that");
    }

    @Test
    void shouldTakeAnySymbolWithoutAPattern() {
        assertThat(Venue.load("json", name -> "x").symbols().problem("any thing")).isNull();
    }

    @Test
    void shouldAskTheVenueInItsOwnSpelling() {
        final Venue venue = venue("aliases { XBT = BTC }", "");
        assertThat(venue.subscribe().items("quote", "BTC").get(0).topic()).isEqualTo("q.XBT");
        assertThat(venue.subscribe().items("quote", "ETH").get(0).topic()).isEqualTo("q.ETH");
        assertThatThrownBy(() -> venue("aliases { XBT = BTC, BTC1 = BTC }", ""))
            .hasMessageContaining("messages.aliases: has two spellings of BTC");
    }

    @Test
    void shouldRefuseAPatternThatIsNone() {
        assertThatThrownBy(() -> venue("", "symbols.pattern = \"[A-Z\""))
            .hasMessageContaining("symbols.pattern: is no regular expression");
    }

    private static Venue venue(final String messages, final String more) {
        return VenueReader.read(new StringReader("""
            name = x
            channels { quote { default = true } }
            subscribe { message = "{topics|json}", topic { quote = "q.{symbol}" } }
            messages { rules = [ { name = a, match { "$/s" = "*" }, key = "$/s" } ], %s }
            %s
            """.formatted(messages, more)), "v.conf", Map.<String, String>of()::get);
    }
}
