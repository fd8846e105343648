package penstock.venue;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** What recorded messages of further venues mean, as in {@link RecordedTopics}. Stateless. */
final class MoreTopics {
    private MoreTopics() {
    }

    static List<String> phemex(final JsonTree tree) {
        if (tree.has("orderbook_p")) {
            return List.of("book " + tree.text("symbol"));
        }
        if (tree.has("trades_p")) {
            return tree.text("type").equals("snapshot") ? List.of("IGNORED")
                : tree.list("trades_p").stream().map(row -> "trade " + tree.text("symbol")).toList();
        }
        if (tree.has("kline_p")) {
            return List.of(Map.of("60", "candle", "300", "candle-5m", "900", "candle-15m", "3600", "candle-1h",
                "14400", "candle-4h", "86400", "candle-1d")
                .get(tree.text("kline_p", 0, 1)) + " " + tree.text("symbol"));
        }
        if (tree.has("data")) {
            return tree.list("data").stream()
                .flatMap(row -> Stream.of("ticker " + row.text(0), "mark " + row.text(0))).toList();
        }
        return List.of(tree.text("result").equals("pong") ? "HEARTBEAT" : "ACK");
    }

    static List<String> upbit(final JsonTree tree) {
        if (tree.has("status")) {
            return List.of("HEARTBEAT");
        }
        final String code = tree.text("code");
        if (tree.text("type").startsWith("candle.")) {
            return List.of(RecordedTopics.candle(tree.text("type").substring("candle.".length()).replace("240m", "4h")
                .replace("60m", "1h")) + " " + code);
        }
        return tree.text("type").equals("orderbook") ? List.of("book " + code, "quote " + code)
            : List.of(tree.text("type") + " " + code);
    }

    static List<String> bitflyer(final JsonTree tree) {
        final String channel = tree.text("params", "channel");
        if (channel.isEmpty()) {
            return List.of("ACK");
        }
        final String symbol = channel.replaceFirst("lightning_[a-z]+_", "");
        if (channel.startsWith("lightning_board_")) {
            return List.of("book " + channel.replaceFirst("lightning_board_(snapshot_)?", ""));
        }
        return channel.startsWith("lightning_ticker_") ? List.of("ticker " + symbol, "quote " + symbol)
            : tree.list("params", "message").stream().map(row -> "trade " + symbol).toList();
    }

    static List<String> dydxV4(final JsonTree tree) {
        final boolean isFirst = tree.text("type").equals("subscribed");
        final String[] id = tree.text("id").split("/");
        final String symbol = id[0];
        return switch (tree.text("channel")) {
            case "v4_orderbook" -> List.of("book " + symbol);
            case "v4_candles" -> List.of(Map.of("1MIN", "candle", "5MINS", "candle-5m", "15MINS", "candle-15m",
                "1HOUR", "candle-1h", "4HOURS", "candle-4h", "1DAY", "candle-1d").get(id[1]) + " " + symbol);
            case "v4_markets" -> Stream.of("markets", "trading", "oraclePrices")
                .flatMap(part -> tree.names("contents", part).stream()).map(name -> "mark " + name).toList();
            case "v4_trades" -> isFirst ? List.of("ACK")
                : tree.list("contents", "trades").stream().map(row -> "trade " + symbol).toList();
            default -> List.of("SESSION");
        };
    }

    static List<String> gemini(final JsonTree tree) {
        if (tree.has("status")) {
            return List.of("ACK");
        }
        return List.of((tree.has("e") ? "book " : tree.has("t") ? "trade " : "quote ")
            + tree.text("s").toUpperCase(Locale.ROOT));
    }

    static List<String> kucoin(final JsonTree tree) {
        if (!tree.has("topic")) {
            return List.of(Map.of("welcome", "SESSION", "ack", "ACK", "pong", "HEARTBEAT").get(tree.text("type")));
        }
        final String[] topic = tree.text("topic").split(":");
        final Map<String, String> channels = Map.of("/spotMarket/level1", "quote", "/spotMarket/level2Depth50", "book",
            "/market/match", "trade", "/market/snapshot", "ticker");
        if (topic[0].equals("/market/candles")) {
            final String[] name = topic[1].split("_");
            return List.of(RecordedTopics.candle(name[1].replaceFirst("(?<=[0-9][mhd]).*", "")) + " " + name[0]);
        }
        return List.of(channels.get(topic[0]) + " " + topic[1]);
    }
}
