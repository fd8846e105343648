package penstock.venue.generated;

import java.util.Map;
import java.util.stream.Stream;

/**
 * What a venue answers when it is asked for its instruments, in the shape that it documents.
 *
 * @param venue   name of the venue file
 * @param answers by the path and the query of its address, and after a blank the body of the request, if it has one
 * @param listed  a symbol that is on the list, as it is published
 * @param free    a symbol that is not, and need not be; null if all symbols are listed
 */
public record GeneratedInstruments(String venue, Map<String, String> answers, String listed, String free) {
    private static final String OKX = "/api/v5/public/instruments?instType=";
    private static final String OKX_ANSWER =
        "{\"code\":\"0\",\"msg\":\"\",\"data\":[{\"instType\":\"%s\",\"instId\":\"%s\",\"state\":\"live\"}]}";

    /** Of every shipped venue file that has a list. */
    public static Stream<GeneratedInstruments> all() {
        return Stream.of(
            one("binance", "BTCUSDT", "/api/v3/exchangeInfo?showPermissionSets=false",
                "{\"timezone\":\"UTC\",\"symbols\":[{\"symbol\":\"ETHBTC\",\"status\":\"TRADING\"},"
                    + "{\"symbol\":\"BTCUSDT\",\"status\":\"TRADING\"}]}"),
            one("binance-usdm", "BTCUSDT", "/fapi/v1/exchangeInfo",
                "{\"timezone\":\"UTC\",\"symbols\":[{\"symbol\":\"BTCUSDT\",\"contractType\":\"PERPETUAL\"}]}"),
            one("bitfinex", "tBTCUSD", "/v2/tickers?symbols=ALL",
                "[[\"tBTCUSD\",64000,1.5,64001,2,-10,-0.01,64000,123,65000,63000],[\"fUSD\",0.0003,0.0002,30]]"),
            one("bitflyer", "BTC_JPY", "/v1/getmarkets",
                "[{\"product_code\":\"BTC_JPY\",\"market_type\":\"Spot\"},"
                    + "{\"product_code\":\"FX_BTC_JPY\",\"market_type\":\"FX\"}]"),
            one("bitget", "BTCUSDT", "/api/v3/market/instruments?category=SPOT",
                "{\"code\":\"00000\",\"data\":[{\"symbol\":\"BTCUSDT\",\"category\":\"SPOT\",\"status\":\"online\"}]}"),
            one("bitmex", "XBTUSD", "/api/v1/instrument/activeAndIndices",
                "[{\"symbol\":\"XBTUSD\",\"state\":\"Open\"},{\"symbol\":\".BXBT\",\"state\":\"Unlisted\"}]"),
            one("bitstamp", "BTCUSD", "/api/v2/trading-pairs-info/",
                "[{\"name\":\"BTC/USD\",\"url_symbol\":\"btcusd\",\"trading\":\"Enabled\"}]").free("BTCUSD-PERP"),
            one("bybit-v5", "BTCUSDT", "/v5/market/tickers?category=linear",
                "{\"retCode\":0,\"retMsg\":\"OK\",\"result\":{\"category\":\"linear\",\"list\":["
                    + "{\"symbol\":\"BTCUSDT\",\"lastPrice\":\"64000.5\"}]}}"),
            one("coinbase-exchange", "BTC-USD", "/products",
                "[{\"id\":\"BTC-USD\",\"base_currency\":\"BTC\",\"quote_currency\":\"USD\",\"status\":\"online\"}]"),
            one("crypto-com", "BTC_USDT", "/exchange/v1/public/get-instruments",
                "{\"id\":-1,\"code\":0,\"result\":{\"data\":[{\"symbol\":\"BTC_USDT\",\"inst_type\":\"CCY_PAIR\"}]}}"),
            one("deribit", "BTC-PERPETUAL", "/api/v2/public/get_instruments?currency=any&expired=false",
                "{\"jsonrpc\":\"2.0\",\"result\":[{\"kind\":\"future\",\"instrument_name\":\"BTC-PERPETUAL\"}]}")
                .free("BTC_USD"),
            one("dydx-v4", "BTC-USD", "/v4/perpetualMarkets",
                "{\"markets\":{\"BTC-USD\":{\"ticker\":\"BTC-USD\",\"status\":\"ACTIVE\"}}}"),
            one("gate", "BTC_USDT", "/api/v4/spot/currency_pairs",
                "[{\"id\":\"BTC_USDT\",\"base\":\"BTC\",\"quote\":\"USDT\",\"trade_status\":\"tradable\"}]"),
            one("gemini", "BTCUSD", "/v1/symbols", "[\"btcusd\",\"ethbtc\",\"btcgusdperp\"]"),
            one("huobi", "BTCUSDT", "/v1/common/symbols",
                "{\"status\":\"ok\",\"data\":[{\"base-currency\":\"btc\",\"symbol\":\"btcusdt\",\"state\":\"online\"}]}"),
            new GeneratedInstruments("hyperliquid", Map.of(
                "/info {\"type\":\"meta\"}",
                "{\"universe\":[{\"szDecimals\":5,\"name\":\"BTC\",\"maxLeverage\":40}],\"marginTables\":[]}",
                "/info {\"type\":\"spotMeta\"}",
                "{\"universe\":[{\"tokens\":[1,0],\"name\":\"PURR/USDC\",\"index\":0},"
                    + "{\"tokens\":[150,0],\"name\":\"@107\",\"index\":107}],\"tokens\":[]}"), "BTC", "xyz:TSLA"),
            one("kraken-v1", "XBT/USD", "/0/public/AssetPairs",
                "{\"error\":[],\"result\":{\"XXBTZUSD\":{\"altname\":\"XBTUSD\",\"wsname\":\"XBT/USD\"},"
                    + "\"XETHZUSD\":{\"altname\":\"ETHUSD\",\"wsname\":\"ETH/USD\"}}}").free("AAPLx/USD"),
            one("kraken-v2", "BTC/USD", "/0/public/AssetPairs",
                "{\"error\":[],\"result\":{\"XXBTZUSD\":{\"altname\":\"XBTUSD\",\"wsname\":\"XBT/USD\"},"
                    + "\"XDGUSD\":{\"altname\":\"XDGUSD\",\"wsname\":\"XDG/USD\"}}}").free("AAPLx/USD"),
            one("kucoin", "BTC-USDT", "/api/v2/symbols",
                "{\"code\":\"200000\",\"data\":[{\"symbol\":\"BTC-USDT\",\"baseCurrency\":\"BTC\",\"enableTrading\":true}]}"),
            one("mexc", "BTC_USDT", "/api/v1/contract/detail",
                "{\"success\":true,\"code\":0,\"data\":[{\"symbol\":\"BTC_USDT\",\"settleCoin\":\"USDT\"}]}"),
            new GeneratedInstruments("okx", Map.of(OKX + "SPOT", OKX_ANSWER.formatted("SPOT", "BTC-USDT"),
                OKX + "SWAP", OKX_ANSWER.formatted("SWAP", "BTC-USDT-SWAP"),
                OKX + "FUTURES", OKX_ANSWER.formatted("FUTURES", "BTC-USD-270326")), "BTC-USDT-SWAP",
                "BTC-USD-270326-60000-C"),
            one("phemex", "BTCUSDT", "/public/products",
                "{\"code\":0,\"data\":{\"products\":[{\"symbol\":\"BTCUSD\"}],\"perpProductsV2\":[{\"symbol\":\"BTCUSDT\"}]}}"),
            one("upbit", "KRW-BTC", "/v1/market/all",
                "[{\"market\":\"KRW-BTC\",\"english_name\":\"Bitcoin\"},{\"market\":\"BTC-ETH\"}]"));
    }

    private static GeneratedInstruments one(final String venue, final String listed, final String address,
            final String answer) {
        return new GeneratedInstruments(venue, Map.of(address, answer), listed, null);
    }

    private GeneratedInstruments free(final String symbol) {
        return new GeneratedInstruments(venue, answers, listed, symbol);
    }

    /** A symbol that looks like the venue's, is on no list, and differs by {@code number}. */
    public String unlisted(final int number) {
        final String letters = "Q" + (char) ('A' + number / 26) + (char) ('A' + number % 26);
        return listed.replaceFirst("BTC|XBT", letters);
    }

    @Override
    public String toString() {
        return venue;
    }
}
