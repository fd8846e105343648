package penstock.replay;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import penstock.testkit.ParsedJson;

class DemoScriptTest {
    private static final long START_US = 1_767_225_600_000_000L;
    private final OpenOutlet outlet = new OpenOutlet();
    private final ListeningClient client = new ListeningClient("/");

    @Test
    void shouldSendEverySymbolOnceToANewClient() throws IOException {
        final DemoScript script = new DemoScript(1, 2_000, START_US);
        script.onOpen(client, 0);
        assertThat(client.received).hasSize(50);
        final List<String> symbols = new ArrayList<>();
        for (final String frame : client.received) {
            symbols.add(read(frame).get("symbol"));
        }
        assertThat(symbols).doesNotHaveDuplicates().contains("EURUSD", "USDJPY", "BTCUSD");
        assertThat(client.received.get(0)).isEqualTo(
            "{\"symbol\":\"EURUSD\",\"time\":1767225600000000,\"quote\":{\"bid\":1.10342,\"ask\":1.10344}}");
        assertThat(script.sentCount()).isZero();
    }

    @Test
    void shouldPublishTwoThousandUpdatesPerSecond() {
        assertThat(play(new DemoScript(7, 2_000, START_US), 10)).isBetween(19_980L, 20_000L);
    }

    @Test
    void shouldRepeatPricesForTheSameSeed() {
        play(new DemoScript(7, 2_000, START_US), 1);
        final List<String> first = List.copyOf(client.received);
        client.received.clear();
        play(new DemoScript(7, 2_000, START_US), 1);
        assertThat(client.received).isEqualTo(first);
    }

    @Test
    void shouldKeepPricesPlausibleWithTheirDigits() throws IOException {
        final Map<String, BigDecimal> starts = new HashMap<>();
        DemoSymbols.all()
            .forEach(start -> starts.put(start.symbol(), BigDecimal.valueOf(start.price(), start.digits())));
        final Map<String, Integer> counts = new HashMap<>();
        play(new DemoScript(3, 2_000, START_US), 60);
        for (final String frame : client.received) {
            final Map<String, String> fields = read(frame);
            final BigDecimal start = starts.get(fields.get("symbol"));
            final BigDecimal bid = new BigDecimal(fields.get("bid"));
            final BigDecimal ask = new BigDecimal(fields.get("ask"));
            counts.merge(fields.get("symbol"), 1, Integer::sum);
            assertThat(bid.scale()).as(frame).isEqualTo(start.scale());
            assertThat(ask.scale()).as(frame).isEqualTo(start.scale());
            assertThat(bid).as(frame).isLessThan(ask)
                .isBetween(start.multiply(new BigDecimal("0.8")), start.multiply(new BigDecimal("1.2")));
        }
        assertThat(counts).hasSize(50);
        assertThat(counts.get("EURUSD")).as("Zipf: the first moves twice as often as the second")
            .isBetween(counts.get("USDJPY") * 17 / 10, counts.get("USDJPY") * 23 / 10);
    }

    @Test
    void shouldSendTradesAndBooksAroundTheQuoteToThoseWhoAskForTheMarket() {
        final DemoScript script = new DemoScript(7, 2_000, START_US);
        final ListeningClient market = new ListeningClient(DemoScript.MARKET);
        script.onOpen(market, 0);
        play(script, 2);
        assertThat(client.received).hasSize(50 + (int) script.sentCount())
            .allMatch(frame -> frame.contains("\"quote\""));
        final Map<String, List<BigDecimal>> best = new HashMap<>();
        int trades = 0;
        int books = 0;
        for (final String frame : market.received) {
            final Map<?, ?> message = (Map<?, ?>) ParsedJson.texts(frame.getBytes(StandardCharsets.UTF_8));
            final String symbol = (String) message.get("symbol");
            if (message.get("quote") instanceof Map<?, ?> quote) {
                best.put(symbol, List.of(price(quote.get("bid")), price(quote.get("ask"))));
            } else if (message.get("trade") instanceof Map<?, ?> trade) {
                trades++;
                assertThat(price(trade.get("price"))).isEqualTo(best.get(symbol).get(
                    "buy".equals(trade.get("side")) ? 1 : 0));
            } else if (message.get("book") instanceof Map<?, ?> book) {
                books++;
                checkSide((List<?>) book.get("bids"), best.get(symbol).get(0), -1);
                checkSide((List<?>) book.get("asks"), best.get(symbol).get(1), 1);
            }
        }
        assertThat(trades).isBetween(50 + 350, 50 + 400);
        assertThat(books).isBetween(50 + 450, 50 + 500);
    }

    /** Ten levels, the best one first and at {@code best}. */
    private static void checkSide(final List<?> levels, final BigDecimal best, final int sign) {
        assertThat(levels).hasSize(10);
        BigDecimal last = null;
        for (final Object level : levels) {
            final BigDecimal price = price(((List<?>) level).get(0));
            assertThat(last == null ? best.compareTo(price) : price.compareTo(last) * sign)
                .as(levels.toString()).isEqualTo(last == null ? 0 : 1);
            assertThat(price(((List<?>) level).get(1))).isPositive();
            last = price;
        }
    }

    private static BigDecimal price(final Object text) {
        return new BigDecimal((String) text);
    }

    @Test
    void shouldAllocateNothingPerUpdateOnceWarm() {
        final com.sun.management.ThreadMXBean threads =
            (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
        final DemoScript script = new DemoScript(7, 2_000, START_US);
        script.onOpen(new Deaf(), 0);
        long nowNs = 0;
        long allocatedBytes = Long.MAX_VALUE;
        for (int round = 0; round < 20 && allocatedBytes > 1_000; round++) {
            final long before = threads.getCurrentThreadAllocatedBytes();
            for (int turn = 0; turn < 2_000; turn++) {
                nowNs = script.onTurn(nowNs, outlet);
            }
            allocatedBytes = threads.getCurrentThreadAllocatedBytes() - before;
        }
        assertThat(allocatedBytes).as("bytes per 20,000 updates").isLessThanOrEqualTo(1_000);
    }

    @Test
    void shouldCatchUpAtMostATenthOfASecondAfterAStall() {
        final DemoScript script = new DemoScript(7, 2_000, START_US);
        play(script, 1);
        final long before = script.sentCount();
        script.onTurn(TimeUnit.SECONDS.toNanos(60), outlet);
        assertThat(script.sentCount() - before).isBetween(199L, 202L);
    }

    @Test
    void shouldWriteSmallAndLargeNumbersWithTheirDigits() {
        final DemoQuote quote = new DemoQuote(new DemoSymbols.Start("X", 5, 42, 100_000));
        quote.encode(5);
        assertThat(new String(quote.frame().bytes(), 0, quote.frame().length(), StandardCharsets.US_ASCII))
            .isEqualTo("{\"symbol\":\"X\",\"time\":5,\"quote\":{\"bid\":0.00042,\"ask\":1.00042}}");
    }

    private long play(final DemoScript script, final int seconds) {
        script.onOpen(client, 0);
        long nowNs = 0;
        final long endNs = TimeUnit.SECONDS.toNanos(seconds);
        int turns = 0;
        while (true) {
            final long nextNs = script.onTurn(nowNs, outlet);
            assertThat(nextNs).isGreaterThan(nowNs);
            if (nextNs > endNs) {
                assertThat(turns).as("about one batch per 5 ms").isLessThanOrEqualTo(seconds * 201);
                return script.sentCount();
            }
            nowNs = nextNs;
            turns++;
        }
    }

    /** Wants everything, and discards it. */
    private static final class Deaf implements FeedClient {
        @Override
        public String path() {
            return DemoScript.MARKET;
        }

        @Override
        public void send(final byte[] buffer, final int offset, final int length) {
            if (length == 0) {
                throw new AssertionError("empty frame");
            }
        }

        @Override
        public void send(final String text) {
            throw new AssertionError("frames only");
        }

        @Override
        public void sendBinary(final byte[] buffer, final int offset, final int length) {
            throw new AssertionError("text only");
        }

        @Override
        public void sendPing(final byte[] payload) {
            throw new AssertionError("no reason to ping");
        }

        @Override
        public void close(final int code, final String reason) {
            throw new AssertionError("no reason to close");
        }
    }

    private static Map<String, String> read(final String frame) throws IOException {
        final Map<String, String> fields = new HashMap<>();
        try (JsonParser parser = new JsonFactory().createParser(frame)) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token.isScalarValue()) {
                    fields.put(parser.currentName(), parser.getText());
                }
            }
        }
        return fields;
    }
}
