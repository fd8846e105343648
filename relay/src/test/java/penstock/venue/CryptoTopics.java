package penstock.venue;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What recorded messages of further crypto exchanges mean, as in {@link RecordedTopics}. Stateless. */
final class CryptoTopics {
    private CryptoTopics() {
    }

    static List<String> binanceUsdm(final JsonTree tree) {
        if (!tree.has("stream")) {
            return List.of("ACK");
        }
        final String symbol = tree.text("data", "s");
        final Map<String, String> channels = Map.of("bookTicker", "quote", "aggTrade", "trade", "depthUpdate", "book",
            "24hrTicker", "ticker", "markPriceUpdate", "mark");
        final String type = tree.text("data", "e");
        return List.of((type.equals("kline") ? RecordedTopics.candle(tree.text("data", "k", "i")) : channels.get(type))
            + " " + symbol);
    }

    static List<String> bitget(final JsonTree tree) {
        if (tree.has("event")) {
            return List.of("ACK");
        }
        final String symbol = tree.text("arg", "symbol");
        return switch (tree.text("arg", "topic")) {
            case "books" -> List.of("book " + symbol);
            case "books1" -> List.of("quote " + symbol);
            case "kline" -> List.of(RecordedTopics.candle(tree.text("arg", "interval")) + " " + symbol);
            case "ticker" -> List.of("ticker " + symbol, "mark " + symbol);
            default -> tree.text("action").equals("snapshot") ? List.of("IGNORED")
                : tree.list("data").stream().map(row -> "trade " + symbol).toList();
        };
    }

    static List<String> coinbaseAdvanced(final JsonTree tree) {
        final boolean isHistory = tree.text("events", 0, "type").equals("snapshot");
        final JsonTree event = tree.at("events", 0);
        return switch (tree.text("channel")) {
            case "subscriptions" -> List.of("ACK");
            case "heartbeats" -> List.of("HEARTBEAT");
            case "l2_data" -> List.of("book " + event.text("product_id"));
            case "ticker" -> event.list("tickers").stream().map(row -> row.text("product_id"))
                .flatMap(symbol -> Stream.of("ticker " + symbol, "quote " + symbol)).toList();
            case "candles" -> event.list("candles").stream().map(row -> "candle-5m " + row.text("product_id")).toList();
            default -> isHistory ? List.of("IGNORED")
                : event.list("trades").stream().map(row -> "trade " + row.text("product_id")).toList();
        };
    }

    static List<String> cryptoCom(final JsonTree tree) {
        if (!tree.has("result")) {
            return List.of(tree.text("method").equals("public/heartbeat") ? "HEARTBEAT" : "ACK");
        }
        final String symbol = tree.text("result", "instrument_name");
        final String name = tree.text("result", "channel");
        final String channel = name.equals("candlestick") ? RecordedTopics.candle(tree.text("result", "interval"))
            : name.replace(".update", "");
        return tree.list("result", "data").stream().flatMap(row -> channel.equals("ticker")
            ? Stream.of("ticker " + symbol, "quote " + symbol) : Stream.of(channel + " " + symbol)).toList();
    }

    static List<String> gate(final JsonTree tree) {
        if (!tree.text("event").equals("update")) {
            return List.of(tree.text("channel").equals("spot.pong") ? "HEARTBEAT" : "ACK");
        }
        final JsonTree result = tree.at("result");
        return List.of(switch (tree.text("channel")) {
            case "spot.book_ticker" -> "quote " + result.text("s");
            case "spot.obu" -> "book " + result.text("s").split("\\.")[1];
            case "spot.candlesticks" -> RecordedTopics.candle(result.text("n").split("_")[0])
                + result.text("n").replaceFirst("^[^_]*_", " ");
            case "spot.trades" -> "trade " + result.text("currency_pair");
            default -> "ticker " + result.text("currency_pair");
        });
    }

    static List<String> mexc(final JsonTree tree) {
        final String symbol = tree.text("symbol");
        return switch (tree.text("channel")) {
            case "pong" -> List.of("HEARTBEAT");
            case "push.deal" -> tree.list("data").stream().map(row -> "trade " + symbol).toList();
            case "push.depth" -> List.of("book " + symbol);
            case "push.depth.full" -> List.of("book-20 " + symbol, "quote " + symbol);
            case "push.kline" -> List.of(Map.of("Min1", "candle", "Min5", "candle-5m", "Min15", "candle-15m",
                "Min60", "candle-1h", "Hour4", "candle-4h", "Day1", "candle-1d")
                .get(tree.text("data", "interval")) + " " + symbol);
            case "push.ticker" -> List.of("ticker " + symbol, "mark " + symbol);
            default -> List.of("ACK");
        };
    }

    static List<String> hyperliquid(final JsonTree tree) {
        return switch (tree.text("channel")) {
            case "subscriptionResponse" -> List.of("ACK");
            case "pong" -> List.of("HEARTBEAT");
            case "trades" -> tree.list("data").stream().map(row -> "trade " + row.text("coin")).toList();
            case "candle" -> List.of(RecordedTopics.candle(tree.text("data", "i")) + " " + tree.text("data", "s"));
            default -> List.of(Map.of("bbo", "quote", "l2Book", "book", "activeAssetCtx", "mark")
                .get(tree.text("channel")) + " " + tree.text("data", "coin"));
        };
    }
}
