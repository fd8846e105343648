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

    /** Present names of venues, in lower case → the names of their files. */
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

    /** The built-in file of a venue that was renamed, by its present name; any other name as it is. */
    public static String file(final String name) {
        return RENAMED.getOrDefault(name.toLowerCase(Locale.ROOT), name);
    }

    /** The present name of the venue of a built-in file, null if the file has it. */
    public static String present(final String file) {
        return RENAMED.entrySet().stream().filter(renamed -> renamed.getValue().equals(file)).map(Map.Entry::getKey)
            .findFirst().orElse(null);
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
