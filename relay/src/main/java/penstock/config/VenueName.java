package penstock.config;

import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

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

    /** Present names of venues → the names of their files. */
    private static final Map<String, String> RENAMED = Map.of("massive", "polygon", "htx", "huobi");
    private static final String SUFFIX = ".conf";

    private VenueName() {
    }

    /** True for a path, false for the name of a built-in venue. */
    public static boolean isPath(final String venue) {
        return venue.indexOf('/') >= 0 || venue.indexOf('\\') >= 0 || venue.endsWith(SUFFIX);
    }

    /** What to write instead of a name that is none: the built-in venues, or the file of a venue that was renamed. */
    public static String remedy(final String name) {
        final String file = RENAMED.get(name.toLowerCase(Locale.ROOT));
        return file == null ? "name one of " + String.join(", ", BUILT_IN) + ", or give the path of a venue file"
            : "the file of " + name + " has the venue's older name: " + file;
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
