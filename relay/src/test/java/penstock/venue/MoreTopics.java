package penstock.venue;

import java.util.List;
import java.util.Map;

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
            return List.of("candle " + tree.text("symbol"));
        }
        if (tree.has("data")) {
            return tree.list("data").stream().map(row -> "ticker " + row.text(0)).toList();
        }
        return List.of(tree.text("result").equals("pong") ? "HEARTBEAT" : "ACK");
    }

    static List<String> upbit(final JsonTree tree) {
        if (tree.has("status")) {
            return List.of("HEARTBEAT");
        }
        return List.of(Map.of("orderbook", "quote", "trade", "trade", "ticker", "ticker", "candle.1m", "candle")
            .get(tree.text("type")) + " " + tree.text("code"));
    }
}
