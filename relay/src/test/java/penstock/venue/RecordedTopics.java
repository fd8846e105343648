package penstock.venue;

import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/**
 * The meaning of recorded messages, written by hand for each venue and read with another parser: one topic per
 * update, or a control message. Verifies the venue files.
 */
final class RecordedTopics {
    private final Map<String, String[]> learned = new HashMap<>();

    private RecordedTopics() {
    }

    static Function<JsonTree, List<String>> of(final String venue) {
        final RecordedTopics topics = new RecordedTopics();
        return switch (venue) {
            case "alpaca" -> tree -> each(tree.list(), "T", "S", Map.of("t", "trade", "q", "quote"));
            case "polygon" -> tree -> each(tree.list(), "ev", "sym", Map.of("T", "trade", "Q", "quote"));
            case "binance" -> RecordedTopics::binance;
            case "bitfinex" -> topics::bitfinex;
            case "bitmex" -> RecordedTopics::bitmex;
            case "bitstamp" -> RecordedTopics::bitstamp;
            case "coinbase-exchange" -> RecordedTopics::coinbase;
            case "deribit" -> RecordedTopics::deribit;
            case "huobi" -> RecordedTopics::huobi;
            case "kraken-v1" -> RecordedTopics::krakenV1;
            case "kraken-v2" -> RecordedTopics::krakenV2;
            case "okx" -> RecordedTopics::okx;
            case "tradermade-v1" -> tree -> List.of("quote " + tree.text("symbol"));
            default -> throw new IllegalArgumentException(venue);
        };
    }

    private static List<String> each(
            final List<JsonTree> elements, final String type, final String symbol, final Map<String, String> channels) {
        return elements.stream().map(element -> channels.get(element.text(type)) + " " + element.text(symbol)).toList();
    }

    private static List<String> times(final int count, final String topic) {
        return Collections.nCopies(count, topic);
    }

    private static List<String> binance(final JsonTree tree) {
        final String stream = tree.text("stream");
        final Map<String, String> channels =
            Map.of("bookTicker", "quote", "kline_1m", "kline", "depth", "depth", "trade", "trade",
            "aggTrade", "agg-trade");
        return List.of(channels.get(stream.split("@")[1]) + " " + stream.split("@")[0].toUpperCase(Locale.ROOT));
    }

    private List<String> bitfinex(final JsonTree tree) {
        if (!tree.isList()) {
            if (tree.text("event").equals("subscribed")) {
                learned.put(tree.text("chanId"), new String[] {tree.text("channel"), tree.text("symbol")});
            }
            return List.of(tree.text("event").equals("subscribed") ? "ACK" : "IGNORED");
        }
        final String[] row = learned.get(tree.text(0));
        if (tree.text(1).equals("hb")) {
            return List.of("HEARTBEAT");
        }
        return switch (row[0]) {
            case "trades" -> tree.has(1, 0) ? times(tree.list(1).size(), "trade " + row[1])
                : List.of(tree.text(1).equals("te") ? "trade " + row[1] : "IGNORED");
            default -> List.of(row[0] + " " + row[1]);
        };
    }

    private static List<String> bitmex(final JsonTree tree) {
        if (!tree.has("table")) {
            return List.of(tree.has("success") ? "ACK" : "IGNORED");
        }
        if (tree.text("table").equals("orderBookL2")) {
            return List.of("book " + tree.text("data", 0, "symbol"));
        }
        return tree.list("data").stream().map(row -> tree.text("table") + " " + row.text("symbol")).toList();
    }

    private static List<String> bitstamp(final JsonTree tree) {
        final String symbol = tree.text("channel").replaceAll(".*_", "").toUpperCase(Locale.ROOT);
        return List.of(switch (tree.text("event")) {
            case "data" -> "book " + symbol;
            case "trade" -> "trade " + symbol;
            default -> "ACK";
        });
    }

    private static List<String> coinbase(final JsonTree tree) {
        return List.of(switch (tree.text("type")) {
            case "subscriptions" -> "ACK";
            case "snapshot", "l2update" -> "book " + tree.text("product_id");
            case "match", "last_match" -> "trade " + tree.text("product_id");
            default -> tree.text("type") + " " + tree.text("product_id");
        });
    }

    private static List<String> deribit(final JsonTree tree) {
        final String[] channel = tree.text("params", "channel").split("\\.");
        if (channel.length < 2) {
            return List.of("ACK");
        }
        return channel[0].equals("trades") ? times(tree.list("params", "data").size(), "trade " + channel[1])
            : List.of(channel[0] + " " + channel[1]);
    }

    private static List<String> huobi(final JsonTree tree) {
        if (!tree.has("ch")) {
            return List.of(tree.has("ping") ? "HEARTBEAT" : "ACK");
        }
        final String[] channel = tree.text("ch").split("\\.");
        final String symbol = channel[1].toUpperCase(Locale.ROOT);
        return channel[2].equals("trade") ? times(tree.list("tick", "data").size(), "trade " + symbol)
            : List.of("book-full " + symbol);
    }

    private static List<String> krakenV1(final JsonTree tree) {
        if (!tree.isList()) {
            return List.of(switch (tree.text("event")) {
                case "heartbeat" -> "HEARTBEAT";
                case "systemStatus" -> "IGNORED";
                default -> "ACK";
            });
        }
        final String name = tree.text(-2).replaceAll("-.*", "");
        return name.equals("trade") ? times(tree.list(1).size(), "trade " + tree.text(-1))
            : List.of(name + " " + tree.text(-1));
    }

    private static List<String> krakenV2(final JsonTree tree) {
        return switch (tree.text("channel")) {
            case "heartbeat" -> List.of("HEARTBEAT");
            case "status" -> List.of("IGNORED");
            case "" -> List.of("ACK");
            default -> tree.list("data").stream().map(row -> tree.text("channel") + " " + row.text("symbol")).toList();
        };
    }

    private static List<String> okx(final JsonTree tree) {
        if (tree.has("event")) {
            return List.of("ACK");
        }
        final String channel = Map.of("tickers", "ticker", "books", "book", "trades", "trade", "candle1m", "candle")
            .get(tree.text("arg", "channel"));
        return times(tree.list("data").size(), channel + " " + tree.text("arg", "instId"));
    }
}
