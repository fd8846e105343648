package penstock.venue;

import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.zip.CRC32;

/** A simple reference order book that keeps the received digits. */
public final class TrueBook {
    /** A price and what lies there; size zero: nothing any more. */
    public record Level(boolean isBid, String price, String size) {
        /** True if the level is removed. */
        public boolean isRemoval() {
            return new BigDecimal(size).signum() == 0;
        }
    }

    private final int depth;
    private final TreeMap<BigDecimal, Level> bids = new TreeMap<>(Comparator.reverseOrder());
    private final TreeMap<BigDecimal, Level> asks = new TreeMap<>();

    /** Keeps only the best {@code depth} levels of each side. */
    public TrueBook(final int depth) {
        this.depth = depth;
    }

    /** Removes all levels. */
    public void clear() {
        bids.clear();
        asks.clear();
    }

    /** Applies all levels. */
    public TrueBook apply(final List<Level> levels) {
        for (final Level level : levels) {
            final Map<BigDecimal, Level> side = level.isBid() ? bids : asks;
            if (level.isRemoval()) {
                side.remove(new BigDecimal(level.price()));
            } else {
                side.put(new BigDecimal(level.price()), level);
            }
        }
        for (final TreeMap<BigDecimal, Level> side : List.of(bids, asks)) {
            while (side.size() > depth) {
                side.pollLastEntry();
            }
        }
        return this;
    }

    /** Best first, bids before asks. */
    public List<Level> levels() {
        final List<Level> all = new ArrayList<>(bids.values());
        all.addAll(asks.values());
        return all;
    }

    /** The best of each side as one line. */
    public String state(final int best) {
        final StringBuilder text = new StringBuilder();
        for (final Map<BigDecimal, Level> side : List.of(bids, asks)) {
            side.values().stream().limit(best)
                .forEach(level -> text.append(level.isBid() ? "bid " : "ask ").append(level.price())
                .append(' ').append(level.size()).append(", "));
        }
        return text.toString();
    }

    /** The checksum of Kraken. */
    public long krakenChecksum() {
        final StringBuilder digits = new StringBuilder();
        for (final Map<BigDecimal, Level> side : List.of(asks, bids)) {
            side.values().stream().limit(10)
                .forEach(level -> digits.append(digits(level.price())).append(digits(level.size())));
        }
        return crc(digits.toString());
    }

    /** The checksum of OKX. */
    public long okxChecksum() {
        final List<Level> bid = List.copyOf(bids.values());
        final List<Level> ask = List.copyOf(asks.values());
        final List<String> parts = new ArrayList<>();
        for (int i = 0; i < 25; i++) {
            for (final List<Level> side : List.of(bid, ask)) {
                if (i < side.size()) {
                    parts.add(side.get(i).price() + ":" + side.get(i).size());
                }
            }
        }
        return (int) crc(String.join(":", parts));
    }

    private static String digits(final String number) {
        return number.replace(".", "").replaceFirst("^0+", "");
    }

    private static long crc(final String text) {
        final CRC32 crc = new CRC32();
        crc.update(text.getBytes(StandardCharsets.US_ASCII));
        return crc.getValue();
    }
}
