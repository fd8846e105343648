package penstock.venue;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.random.RandomGenerator;

/**
 * The book of a venue that streams changes and serves snapshots on request. Remembers every state.
 */
public final class PlayedBook {
    /** The venue's message formats. */
    public enum Shape { SPOT, FUTURES, BITSTAMP, HTX, OKX, MEXC }

    /** Every state, as {@link #state(Map)} writes it; the last is the newest. */
    public final List<String> states = new ArrayList<>();
    private final Shape shape;
    private final RandomGenerator random;
    private final Map<String, String> levels = new TreeMap<>();
    private long last = 1_700_000_000_000_000L;
    private long shown = last;

    /** A book with some levels. */
    public PlayedBook(final Shape shape, final RandomGenerator random) {
        this.shape = shape;
        this.random = random;
        for (int i = 0; i < 20; i++) {
            change();
        }
    }

    /** One line for a book: keys are {@code bid 1.10}. */
    public static String state(final Map<String, String> levels) {
        return new TreeMap<>(levels).toString();
    }

    /** The newest state. */
    public String newest() {
        return states.get(states.size() - 1);
    }

    /** A change, as the stream sends it. */
    public String change() {
        final long before = last;
        final long first = Math.max(before, shown) + 1 + (isConsecutive() ? 0 : random.nextInt(4));
        last = (isConsecutive() ? before + 1 : first) + random.nextInt(5);
        shown = Math.max(shown, last);
        final List<String> bids = new ArrayList<>();
        final List<String> asks = new ArrayList<>();
        for (int i = random.nextInt(3); i >= 0; i--) {
            final boolean isBid = random.nextBoolean();
            final String price = String.format(Locale.ROOT, "%d.%02d", isBid ? 99 : 101, random.nextInt(12));
            final String key = (isBid ? "bid " : "ask ") + price;
            final String size = random.nextInt(3) == 0 ? "0.00000000" : random.nextInt(1, 1_000) + ".50000000";
            if (size.startsWith("0")) {
                levels.remove(key);
            } else {
                levels.put(key, size);
            }
            (isBid ? bids : asks).add("[\"" + price + "\",\"" + size + "\"]");
        }
        states.add(state(levels));
        return switch (shape) {
            case SPOT ->
                "{\"stream\":\"btcusdt@depth@100ms\",\"data\":{\"e\":\"depthUpdate\",\"E\":1700000000123,"
                    + "\"s\":\"BTCUSDT\",\"U\":"
                + (before + 1) + ",\"u\":" + last + ",\"b\":" + bids + ",\"a\":" + asks + "}}";
            case FUTURES ->
                "{\"stream\":\"btcusdt@depth@100ms\",\"data\":{\"e\":\"depthUpdate\",\"E\":1700000000123,"
                    + "\"T\":1700000000120,"
                + "\"s\":\"BTCUSDT\",\"U\":" + first + ",\"u\":" + last + ",\"pu\":" + before + ",\"b\":" + bids
                + ",\"a\":" + asks + "}}";
            case HTX -> "{\"ch\":\"market.btcusdt.mbp.150\",\"ts\":1700000000123,\"tick\":{\"seqNum\":" + last
                + ",\"prevSeqNum\":" + before + ",\"bids\":" + bids + ",\"asks\":" + asks + "}}";
            case OKX -> "{\"arg\":{\"channel\":\"books\",\"instId\":\"BTC-USDT\"},\"action\":\"update\",\"data\":[{\"asks\":" + asks
                + ",\"bids\":" + bids + ",\"ts\":\"1700000000123\",\"checksum\":0,\"seqId\":" + last + ",\"prevSeqId\":" + before
                + "}]}";
            case MEXC -> "{\"symbol\":\"BTC_USDT\",\"data\":{\"asks\":" + asks + ",\"bids\":" + bids + ",\"begin\":" + (before + 1)
                + ",\"end\":" + last + ",\"version\":" + last + "},\"channel\":\"push.depth\",\"ts\":1700000000123}";
            case BITSTAMP -> "{\"data\":{\"timestamp\":\"" + last / 1_000_000 + "\",\"microtimestamp\":\"" + last
                + "\",\"bids\":" + bids
                + ",\"asks\":" + asks + "},\"channel\":\"diff_order_book_btcusd\",\"event\":\"data\"}";
        };
    }

    /** The snapshot, as the venue serves it. */
    public String snapshot() {
        if (shape == Shape.HTX) {
            return "{\"id\":\"7\",\"status\":\"ok\",\"rep\":\"market.btcusdt.mbp.150\",\"data\":{\"seqNum\":" + last + ",\"bids\":"
                + side("bid ") + ",\"asks\":" + side("ask ") + "}}";
        }
        if (shape == Shape.OKX) {
            return "{\"code\":\"0\",\"msg\":\"\",\"data\":[{\"asks\":" + side("ask ") + ",\"bids\":" + side("bid ")
                + ",\"ts\":\"1700000000125\",\"seqId\":" + last + "}]}";
        }
        if (shape == Shape.MEXC) {
            return "{\"success\":true,\"code\":0,\"data\":{\"asks\":" + side("ask ") + ",\"bids\":" + side("bid ") + ",\"version\":" + last
                + ",\"timestamp\":1700000000125}}";
        }
        if (shape == Shape.FUTURES) {
            // ids of other symbols lie in between
            shown = Math.max(shown, last + random.nextInt(3));
        }
        final String number = shape == Shape.BITSTAMP ? "\"timestamp\":\"" + last / 1_000_000
            + "\",\"microtimestamp\":\"" + last + "\""
            : shape == Shape.SPOT ? "\"lastUpdateId\":" + last
            : "\"lastUpdateId\":" + shown + ",\"E\":1700000000125,\"T\":1700000000121";
        return "{" + number + ",\"bids\":" + side("bid ") + ",\"asks\":" + side("ask ") + "}";
    }

    /** Each change begins with the number after the one before. */
    private boolean isConsecutive() {
        return shape == Shape.SPOT || shape == Shape.MEXC;
    }

    private List<String> side(final String prefix) {
        return levels.entrySet().stream().filter(level -> level.getKey().startsWith(prefix))
            .map(level -> "[\"" + level.getKey().substring(prefix.length()) + "\",\"" + level.getValue() + "\"]")
            .toList();
    }
}
