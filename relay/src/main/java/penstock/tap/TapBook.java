package penstock.tap;

import java.io.IOException;
import java.math.BigDecimal;
import java.util.Comparator;
import java.util.Map;
import java.util.TreeMap;

/**
 * A subscriber's order book: applies images and updates.
 *
 * <p>Owned by the thread that reads the messages.
 */
final class TapBook {
    /** Each level as received, {@code [price,size]}, by price. */
    private final TreeMap<BigDecimal, String> bids = new TreeMap<>(Comparator.reverseOrder());
    private final TreeMap<BigDecimal, String> asks = new TreeMap<>();

    /** Sets the levels of an image or an update; removes levels of size 0. */
    void apply(final String value) throws IOException {
        final Map<String, String> sides = TapMessages.members(value);
        if (sides == null) {
            throw new IOException("a book is an object of bids and asks");
        }
        apply(bids, sides.getOrDefault("bids", "[]"));
        apply(asks, sides.getOrDefault("asks", "[]"));
    }

    /** Number of levels of the deeper side. */
    int depth() {
        return Math.max(bids.size(), asks.size());
    }

    /** As an image of the protocol, best first. */
    @Override
    public String toString() {
        return "{\"bids\":[" + String.join(",", bids.values()) + "],\"asks\":[" + String.join(",", asks.values())
            + "]}";
    }

    private static void apply(final TreeMap<BigDecimal, String> side, final String levels) throws IOException {
        for (final String level : TapMessages.elements(levels)) {
            final var parts = TapMessages.elements(level);
            final BigDecimal price = number(parts.get(0));
            if (number(parts.get(1)).signum() == 0) {
                side.remove(price);
            } else {
                side.put(price, level);
            }
        }
    }

    private static BigDecimal number(final String text) {
        return new BigDecimal(text.startsWith("\"") ? text.substring(1, text.length() - 1) : text);
    }
}
