package penstock.venue;

import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * The meaning of recorded messages, written by hand for each venue and read with another parser: one topic per
 * update, or a control message. Verifies the venue files.
 */
final class RecordedTopics {
    private final Map<String, String[]> learned = new HashMap<>();

    private RecordedTopics() {
    }

    /** Takes a message, returns a topic for each update or the kind of the message. */
    static Function<byte[], List<String>> of(final String venue) {
        final Map<String, String> texts = Map.of("pong", "HEARTBEAT", "Connected", "SESSION");
        final Function<JsonTree, List<String>> topics = ofJson(venue);
        return frame -> {
            final String kind = texts.get(Recordings.text(frame));
            return kind == null ? topics.apply(JsonTree.of(frame)) : List.of(kind);
        };
    }

    private static Function<JsonTree, List<String>> ofJson(final String venue) {
        final RecordedTopics topics = new RecordedTopics();
        return switch (venue) {
            case "bitflyer" -> MoreTopics::bitflyer;
            case "dydx-v4" -> MoreTopics::dydxV4;
            case "gemini" -> MoreTopics::gemini;
            case "kucoin" -> MoreTopics::kucoin;
            case "phemex" -> MoreTopics::phemex;
            case "upbit" -> MoreTopics::upbit;
            case "binance-usdm" -> CryptoTopics::binanceUsdm;
            case "bitget" -> CryptoTopics::bitget;
            case "coinbase-advanced" -> CryptoTopics::coinbaseAdvanced;
            case "crypto-com" -> CryptoTopics::cryptoCom;
            case "gate" -> CryptoTopics::gate;
            case "hyperliquid" -> CryptoTopics::hyperliquid;
            case "mexc" -> CryptoTopics::mexc;
            case "alpaca" -> tree -> tree.list().stream().map(RecordedTopics::alpaca).toList();
            case "polygon" -> tree -> tree.list().stream().map(RecordedTopics::polygon).toList();
            case "binance" -> RecordedTopics::binance;
            case "bitfinex" -> topics::bitfinex;
            case "bitmex" -> RecordedTopics::bitmex;
            case "bitstamp" -> RecordedTopics::bitstamp;
            case "bybit-v5" -> RecordedTopics::bybit;
            case "coinbase-exchange" -> RecordedTopics::coinbase;
            case "deribit" -> RecordedTopics::deribit;
            case "finnhub" -> RecordedTopics::finnhub;
            case "huobi" -> RecordedTopics::huobi;
            case "kraken-v1" -> RecordedTopics::krakenV1;
            case "kraken-v2" -> RecordedTopics::krakenV2;
            case "okx" -> RecordedTopics::okx;
            case "demo" -> tree -> Stream.of("quote", "trade", "book").filter(tree::has)
                .map(channel -> channel + " " + tree.text("symbol")).toList();
            case "tradermade-v1" -> tree -> List.of("quote " + tree.text("symbol"));
            case "json" -> tree -> List.of("quote " + tree.text("symbol") + tree.text("s") + tree.text("sym")
                + tree.text("instrument") + tree.text("pair"));
            case "tradermade-v2" -> tree -> List.of(switch (tree.text("type")) {
                case "login_ok" -> "SESSION";
                case "sub_ack" -> "ACK";
                default -> "quote " + tree.text("s");
            });
            case "twelvedata" -> tree -> switch (tree.text("event")) {
                case "heartbeat" -> List.of("HEARTBEAT");
                case "subscribe-status" -> List.of("ACK");
                default -> alsoQuote("ticker " + tree.text("symbol"));
            };
            default -> throw new IllegalArgumentException(venue);
        };
    }

    private static String alpaca(final JsonTree element) {
        final Map<String, String> channels =
            Map.of("t", "trade", "q", "quote", "b", "candle", "s", "status", "o", "book");
        return switch (element.text("T")) {
            case "success" -> "SESSION";
            case "subscription" -> "ACK";
            default -> channels.get(element.text("T")) + " " + element.text("S");
        };
    }

    private static String polygon(final JsonTree element) {
        final Map<String, String> channels = Map.of("T", "trade", "XT", "trade", "Q", "quote", "C", "quote",
            "XQ", "quote", "AM", "candle", "XA", "candle", "A", "second", "XAS", "second");
        final String event = element.text("ev");
        if (event.equals("status")) {
            return element.text("status").equals("connected") ? "SESSION" : "ACK";
        }
        final String symbol = element.text("sym") + element.text("pair");
        return channels.get(event) + " " + (event.equals("C") ? element.text("p") : symbol);
    }

    private static List<String> times(final int count, final String topic) {
        return Collections.nCopies(count, topic);
    }

    /** The channel of an interval, in the venue's word. */
    static String candle(final String word) {
        final String interval = word.toLowerCase(Locale.ROOT).replaceAll("utc|n$", "");
        return interval.equals("1m") ? "candle" : "candle-" + interval;
    }

    /** The channel of an interval in minutes, or D. */
    private static String candleOf(final String minutes) {
        return Map.of("1", "candle", "5", "candle-5m", "15", "candle-15m", "60", "candle-1h", "240", "candle-4h", "D",
            "candle-1d", "1440", "candle-1d").getOrDefault(minutes, "IGNORED");
    }

    private static List<String> binance(final JsonTree tree) {
        if (!tree.has("stream")) {
            return List.of("ACK");
        }
        final String stream = tree.text("stream");
        final Map<String, String> channels =
            Map.of("bookTicker", "quote", "depth", "book", "trade", "trade",
            "aggTrade", "agg-trade", "depth20", "depth-20", "ticker", "ticker", "miniTicker", "mini-ticker",
            "markPrice", "mark");
        final String name = stream.split("@")[1];
        final String channel =
            name.startsWith("kline_") ? candle(name.substring("kline_".length())) : channels.get(name);
        return List.of(channel + " " + stream.split("@")[0].toUpperCase(Locale.ROOT));
    }

    private List<String> bitfinex(final JsonTree tree) {
        if (!tree.isList()) {
            if (tree.text("event").equals("subscribed")) {
                learned.put(tree.text("chanId"), tree.has("key") ? bitfinexKey(tree.text("key"))
                    : new String[] {tree.text("channel"), tree.text("symbol")});
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
            case "ticker" -> alsoQuote("ticker " + row[1]);
            default -> List.of(row[0].startsWith("candle") && !tree.has(1, 0) ? "IGNORED" : row[0] + " " + row[1]);
        };
    }

    /** Channel and symbol of trade:1m:tBTCUSD and deriv:tBTCF0:USTF0. */
    private static String[] bitfinexKey(final String key) {
        final String[] parts = key.split(":", 3);
        return parts[0].equals("trade") ? new String[] {candle(parts[1]), parts[2]}
            : new String[] {"mark", parts[1] + ":" + parts[2]};
    }

    /** The ticker has the best prices. */
    private static List<String> alsoQuote(final String ticker) {
        return List.of(ticker, ticker.replace("ticker ", "quote "));
    }

    private static List<String> bitmex(final JsonTree tree) {
        if (!tree.has("table")) {
            return List.of(tree.has("success") ? "ACK" : "IGNORED");
        }
        if (tree.text("table").startsWith("orderBookL2")) {
            return List.of("book " + (tree.has("data", 0) ? tree.text("data", 0, "symbol")
                : tree.text("filter", "symbol")));
        }
        final String table = tree.text("table");
        final String channel = table.startsWith("tradeBin") ? candle(table.substring("tradeBin".length()))
            : table.replace("orderBook10", "book-10");
        final List<String> channels =
            channel.equals("instrument") ? List.of(channel, "ticker", "mark") : List.of(channel);
        return tree.list("data").stream()
            .flatMap(row -> channels.stream().map(each -> each + " " + row.text("symbol"))).toList();
    }

    private static List<String> bitstamp(final JsonTree tree) {
        final String symbol = tree.text("channel").replaceAll(".*_", "").toUpperCase(Locale.ROOT);
        return switch (tree.text("event")) {
            case "data" -> tree.text("channel").startsWith("diff") ? List.of("book " + symbol)
                : List.of("book-100 " + symbol, "quote " + symbol);
            case "trade" -> List.of("trade " + symbol);
            case "order_created", "order_changed", "order_deleted" -> List.of("order " + symbol);
            case "bts:heartbeat" -> List.of("HEARTBEAT");
            default -> List.of("ACK");
        };
    }

    private static List<String> bybit(final JsonTree tree) {
        if (!tree.has("topic")) {
            return List.of(tree.text("ret_msg").equals("pong") ? "HEARTBEAT" : "ACK");
        }
        final String topic = tree.text("topic");
        final String symbol = topic.replaceAll(".*\\.", "");
        final Map<String, String> channels = Map.of("orderbook.1", "quote", "orderbook.50", "book", "tickers", "ticker",
            "publicTrade", "trade", "allLiquidation", "liquidation");
        final String name = topic.substring(0, topic.length() - symbol.length() - 1);
        final String channel =
            name.startsWith("kline.") ? candleOf(name.substring("kline.".length())) : channels.get(name);
        return channel.equals("ticker") ? List.of("ticker " + symbol, "mark " + symbol)
            : times(Math.max(1, tree.list("data").size()), channel + " " + symbol);
    }

    private static List<String> coinbase(final JsonTree tree) {
        return switch (tree.text("type")) {
            case "subscriptions" -> List.of("ACK");
            case "snapshot", "l2update" -> List.of("book " + tree.text("product_id"));
            case "match", "last_match" -> List.of("trade " + tree.text("product_id"));
            case "heartbeat" -> List.of("HEARTBEAT");
            default -> alsoQuote(tree.text("type") + " " + tree.text("product_id"));
        };
    }

    private static List<String> deribit(final JsonTree tree) {
        final String[] channel = tree.text("params", "channel").split("\\.");
        if (channel.length < 2) {
            return List.of(tree.has("result") ? "ACK" : "HEARTBEAT");
        }
        return switch (channel[0]) {
            case "trades" -> times(tree.list("params", "data").size(), "trade " + channel[1]);
            case "book" -> List.of((channel.length > 3 ? "book-grouped " : "book ") + channel[1]);
            case "incremental_ticker" -> List.of("ticker-changes " + channel[1]);
            case "deribit_price_index" -> List.of("index " + channel[1]);
            case "chart" -> List.of(candleOf(channel[3].replace("1D", "D")) + " " + channel[2]);
            case "ticker" -> List.of("ticker " + channel[1], "mark " + channel[1]);
            default -> List.of(channel[0] + " " + channel[1]);
        };
    }

    private static List<String> finnhub(final JsonTree tree) {
        return tree.text("type").equals("ping") ? List.of("HEARTBEAT") : tree.list("data").stream()
            .map(row -> (row.text("s").startsWith("OANDA:") ? "ticker " : "trade ") + row.text("s")).toList();
    }

    private static List<String> huobi(final JsonTree tree) {
        if (!tree.has("ch")) {
            return List.of(tree.has("ping") ? "HEARTBEAT" : "ACK");
        }
        final String[] channel = tree.text("ch").split("\\.");
        final String symbol = channel[1].toUpperCase(Locale.ROOT);
        return switch (channel[2]) {
            case "trade" -> times(tree.list("tick", "data").size(), "trade " + symbol);
            case "depth" -> List.of("book-full " + symbol);
            case "mbp" -> List.of("book " + symbol);
            case "bbo" -> List.of("quote " + symbol);
            case "kline" -> List.of(candle(channel[3].equals("60min") ? "1h"
                : channel[3].replaceFirst("(?<=[0-9][mhd]).*", "")) + " " + symbol);
            default -> List.of(channel[2] + " " + symbol);
        };
    }

    private static List<String> krakenV1(final JsonTree tree) {
        if (!tree.isList()) {
            return List.of(switch (tree.text("event")) {
                case "heartbeat" -> "HEARTBEAT";
                case "systemStatus" -> "IGNORED";
                default -> "ACK";
            });
        }
        if (tree.text(-2).startsWith("ohlc-")) {
            return List.of(candleOf(tree.text(-2).substring("ohlc-".length())) + " " + tree.text(-1));
        }
        final String name = tree.text(-2).replaceAll("-.*", "").replace("spread", "quote");
        return name.equals("trade") ? times(tree.list(1).size(), "trade " + tree.text(-1))
            : List.of(name + " " + tree.text(-1));
    }

    private static List<String> krakenV2(final JsonTree tree) {
        return switch (tree.text("channel")) {
            case "heartbeat" -> List.of("HEARTBEAT");
            case "status" -> List.of("IGNORED");
            case "" -> List.of("ACK");
            case "ticker" -> tree.list("data").stream()
                .flatMap(row -> alsoQuote("ticker " + row.text("symbol")).stream()).toList();
            case "ohlc" -> tree.list("data").stream()
                .map(row -> candleOf(row.text("interval")) + " " + row.text("symbol")).toList();
            default -> tree.list("data").stream()
                .map(row -> tree.text("channel") + " " + row.text("symbol")).toList();
        };
    }

    private static List<String> okx(final JsonTree tree) {
        if (tree.has("event")) {
            return List.of("ACK");
        }
        final String name = tree.text("arg", "channel");
        final Map<String, String> channels = Map.of("tickers", "ticker", "books", "book", "trades", "trade", "bbo-tbt",
            "quote", "mark-price", "mark", "books5", "book-5");
        final String channel = name.startsWith("candle") ? candle(name.substring("candle".length()))
            : channels.getOrDefault(name, name);
        return times(tree.list("data").size(), channel + " " + tree.text("arg", "instId"));
    }
}
