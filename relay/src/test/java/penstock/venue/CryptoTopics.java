package penstock.venue;

import java.util.List;
import java.util.Map;

/** What recorded messages of further crypto exchanges mean, as in {@link RecordedTopics}. Stateless. */
final class CryptoTopics {
    private CryptoTopics() {
    }

    static List<String> hyperliquid(final JsonTree tree) {
        return switch (tree.text("channel")) {
            case "subscriptionResponse" -> List.of("ACK");
            case "pong" -> List.of("HEARTBEAT");
            case "trades" -> tree.list("data").stream().map(row -> "trade " + row.text("coin")).toList();
            default -> List.of(Map.of("bbo", "quote", "l2Book", "book", "candle", "candle", "activeAssetCtx", "mark")
                .get(tree.text("channel")) + " " + tree.text("data", "coin") + tree.text("data", "s"));
        };
    }
}
