package penstock.config;

import java.util.Iterator;
import java.util.List;

/** The value of {@code feed.venue}: the name of a built-in venue, or a path. Stateless. */
public final class VenueName {
    /** The venue files that come with the relay. */
    public static final List<String> BUILT_IN = List.of(
        "alpaca",
        "binance",
        "binance-usdm",
        "bitfinex",
        "bitflyer",
        "bitget",
        "bitmex",
        "bitstamp",
        "bybit-v5",
        "coinbase-advanced",
        "coinbase-exchange",
        "crypto-com",
        "demo",
        "deribit",
        "dydx-v4",
        "finnhub",
        "gate",
        "gemini",
        "huobi",
        "hyperliquid",
        "json",
        "kraken-v1",
        "kraken-v2",
        "kucoin",
        "mexc",
        "okx",
        "phemex",
        "polygon",
        "tradermade-v1",
        "tradermade-v2",
        "twelvedata",
        "upbit");

    private static final String SUFFIX = ".conf";

    private VenueName() {
    }

    /** True for a path, false for the name of a built-in venue. */
    public static boolean isPath(final String venue) {
        return venue.indexOf('/') >= 0 || venue.indexOf('\\') >= 0 || venue.endsWith(SUFFIX);
    }

    /** True for the name of a built-in venue file. */
    public static boolean isBuiltIn(final String name) {
        return BUILT_IN.contains(name);
    }

    /** The built-in names, in the form in which the help of a command lists them. Stateless. */
    public static final class Candidates implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return BUILT_IN.iterator();
        }
    }
}
