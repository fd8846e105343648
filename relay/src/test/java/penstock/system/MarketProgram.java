package penstock.system;

import java.math.BigDecimal;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.WebSocket;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.stream.Collectors;
import penstock.testkit.ParsedJson;

/**
 * A subscriber that shows the quotes, the tickers, the trades, the best levels of the books, the candles of a
 * minute and the marks of any feed. It knows the protocol and the fields of the channels, and no venue. Driven by the
 * threads of its HTTP client, one message after the other; what it shows may be read from any.
 */
final class MarketProgram implements WebSocket.Listener, AutoCloseable {
    static final List<String> CHANNELS = List.of("quote", "trade", "book", "ticker", "candle", "mark");
    /** What is shown of a ticker, of a candle and of a mark. */
    private static final Map<String, List<String>> FIELDS = Map.of(
        "ticker", List.of("last", "high", "low", "volume"),
        "candle", List.of("open", "high", "low", "close", "volume", "start"),
        "mark", List.of("mark", "index", "funding", "openInterest"));

    private final StringBuilder message = new StringBuilder();
    /** The newest line of each channel and symbol. */
    private final Map<String, String> newest = new ConcurrentHashMap<>();
    private final Set<String> trades = new ConcurrentSkipListSet<>();
    private final Map<String, Map<String, TreeMap<BigDecimal, String>>> levels = new ConcurrentHashMap<>();
    private final Set<String> answered = new ConcurrentSkipListSet<>();
    private volatile List<String> offered;
    private final WebSocket socket;

    MarketProgram(final int port) {
        socket = HttpClient.newHttpClient().newWebSocketBuilder()
            .buildAsync(URI.create("ws://127.0.0.1:" + port + "/v1/ws"), this).join();
    }

    /** True once the relay has answered every subscription. */
    boolean isReady() {
        return offered != null && answered.containsAll(offered);
    }

    /**
     * All trades, {@code trade SYMBOL PRICE SIZE SIDE ID}, and of each other channel the newest of each symbol:
     * {@code quote SYMBOL BID (SIZE) ASK (SIZE)}, {@code ticker SYMBOL LAST HIGH LOW VOLUME}, {@code book SYMBOL
     * [BID, SIZE] [ASK, SIZE]}, {@code candle SYMBOL OPEN HIGH LOW CLOSE VOLUME START}, {@code mark SYMBOL MARK INDEX
     * FUNDING INTEREST}.
     */
    Set<String> shown() {
        final Set<String> shown = new TreeSet<>(trades);
        shown.addAll(newest.values());
        return shown;
    }

    @Override
    public CompletionStage<?> onText(final WebSocket from, final CharSequence part, final boolean isLast) {
        message.append(part);
        if (isLast) {
            onMessage(from, ParsedJson.object(ParsedJson.parse(message.toString())));
            message.setLength(0);
        }
        from.request(1);
        return null;
    }

    private void onMessage(final WebSocket from, final Map<?, ?> parsed) {
        switch (ParsedJson.bare(parsed.get("type"))) {
            case "welcome" -> subscribe(from, parsed);
            case "ack" -> answered.add(ParsedJson.bare(parsed.get("sub")));
            case "snapshot", "update" -> ParsedJson.list(parsed.get("data")).forEach(entry -> show(
                ParsedJson.bare(parsed.get("sub")), parsed.get("type").equals("\"snapshot\""),
                ParsedJson.object(entry)));
            default -> { }
        }
    }

    /** To those of the channels that the feed has, one request after the other. */
    private void subscribe(final WebSocket to, final Map<?, ?> welcome) {
        final List<?> has = ParsedJson.list(ParsedJson.object(welcome.get("feed")).get("channels")).stream()
            .map(channel -> ParsedJson.bare(ParsedJson.object(channel).get("name"))).toList();
        offered = CHANNELS.stream().filter(has::contains).toList();
        CompletableFuture<WebSocket> sent = CompletableFuture.completedFuture(to);
        for (final String channel : offered) {
            sent = sent.thenCompose(socket -> socket.sendText("{\"op\":\"subscribe\",\"sub\":\"" + channel
                + "\",\"channel\":\"" + channel + "\",\"symbols\":[\"*\"]"
                + (channel.equals("trade") ? "}" : ",\"interval\":0}"), true));
        }
    }

    private void show(final String channel, final boolean isImage, final Map<?, ?> entry) {
        final String symbol = ParsedJson.bare(entry.get("s"));
        if (!(entry.get("v") instanceof Map<?, ?> value)) {
            return;
        }
        switch (channel) {
            case "quote" -> show(channel, symbol, value.get("bid") + " (" + value.get("bidSize") + ") "
                + value.get("ask") + " (" + value.get("askSize") + ")");
            case "ticker", "candle", "mark" -> show(channel, symbol, FIELDS.get(channel).stream()
                .map(field -> String.valueOf(value.get(field))).collect(Collectors.joining(" ")));
            case "trade" -> trades.add("trade " + symbol + " " + value.get("price") + " " + value.get("size") + " "
                + value.get("side") + " " + value.get("id"));
            default -> showBook(symbol, isImage, value);
        }
    }

    private void show(final String channel, final String symbol, final String text) {
        newest.put(channel + " " + symbol, channel + " " + symbol + " " + text);
    }

    private void showBook(final String symbol, final boolean isImage, final Map<?, ?> value) {
        if (isImage || !levels.containsKey(symbol)) {
            levels.put(symbol, Map.of("bids", new TreeMap<>(Comparator.reverseOrder()), "asks", new TreeMap<>()));
        }
        levels.get(symbol).forEach((side, held) -> {
            for (final Object level : value.get(side) == null ? List.of() : ParsedJson.list(value.get(side))) {
                final String price = (String) ParsedJson.list(level).get(0);
                final String size = (String) ParsedJson.list(level).get(1);
                // a text instead of a number would fail here
                held.put(new BigDecimal(price), "[" + price + ", " + size + "]");
                if (new BigDecimal(size).signum() == 0) {
                    held.remove(new BigDecimal(price));
                }
            }
        });
        show("book", symbol, best(symbol, "bids") + " " + best(symbol, "asks"));
    }

    private String best(final String symbol, final String side) {
        final TreeMap<BigDecimal, String> held = levels.get(symbol).get(side);
        return held.isEmpty() ? "-" : held.firstEntry().getValue();
    }

    @Override
    public void close() {
        socket.abort();
    }
}
