package penstock.venue.generated;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.CRC32;

/**
 * An order book that changes at random around a fixed middle, with the checksums of Kraken and OKX. It knows
 * nothing of the relay's books, so that it can judge them. One thread at a time.
 */
public final class GeneratedBook {
    private static final int KRAKEN_DEPTH = 10;
    private static final int OKX_DEPTH = 25;
    private static final int MIN_LEVELS = 4;

    private final TreeMap<Long, Level> bids = new TreeMap<>(Comparator.reverseOrder());
    private final TreeMap<Long, Level> asks = new TreeMap<>();
    private final MessageWriter out;
    private final Scale scale;
    private final int range;
    private final int depth;

    /** The middle in ticks, the decimals of prices and sizes. */
    public record Scale(long middle, int priceDecimals, int sizeDecimals) {
    }

    /** A level; in a change, without a size it is removed, and {@code isNew} if it was not there before. */
    public record Level(boolean isBid, long ticks, String price, String size, boolean isRemoved, boolean isNew) {
    }

    /** {@code levels} of each side at first; later a few more or less. */
    public GeneratedBook(final MessageWriter out, final Scale scale, final int levels) {
        this(out, scale, levels, Integer.MAX_VALUE);
    }

    private GeneratedBook(final MessageWriter out, final Scale scale, final int levels, final int depth) {
        this.out = out;
        this.scale = scale;
        this.depth = depth;
        range = levels + 3;
        for (int i = 0; i < levels; i++) {
            put(true, i);
            put(false, i);
        }
    }

    /** Has at most {@code depth} levels on each side; what falls out of that is not reported as removed. */
    public static GeneratedBook cut(final MessageWriter out, final Scale scale, final int depth) {
        return new GeneratedBook(out, scale, depth, depth);
    }

    /** All levels, best first. */
    public List<Level> bids() {
        return List.copyOf(bids.values());
    }

    public List<Level> asks() {
        return List.copyOf(asks.values());
    }

    /** All levels, bids before asks and best first. */
    public List<Level> levels() {
        return Stream.concat(bids.values().stream(), asks.values().stream()).toList();
    }

    /** The levels as texts: {@code b 1.10 5} and {@code a 1.20 7}. */
    List<String> lines() {
        return levels().stream()
            .map(level -> (level.isBid ? "b " : "a ") + level.price + " " + level.size).toList();
    }

    /** Changes up to this many levels. */
    public List<Level> change(final int levels) {
        final List<Level> changes = new ArrayList<>();
        final Set<Long> changed = new HashSet<>();
        for (int i = 0; i < levels; i++) {
            final boolean isBid = out.random(2) == 0;
            final int distance = out.random(range);
            final TreeMap<Long, Level> side = isBid ? bids : asks;
            final long ticks = ticks(isBid, distance);
            final boolean isRemoved = side.containsKey(ticks) && side.size() > MIN_LEVELS && out.random(3) == 0;
            if (changed.add(ticks)) {
                changes.add(isRemoved ? removed(side.remove(ticks)) : put(isBid, distance));
            }
        }
        cut(bids);
        cut(asks);
        return changes;
    }

    /** Levels of one side in the venue's format: {@code %1$s} is the price, {@code %2$s} the size. */
    public static String rows(final List<Level> levels, final Predicate<Level> which, final String format) {
        return levels.stream().filter(which)
            .map(level -> MessageWriter.text(format, level.price, level.size))
            .collect(Collectors.joining(","));
    }

    public static String bids(final List<Level> levels, final String format) {
        return rows(levels, Level::isBid, format);
    }

    public static String asks(final List<Level> levels, final String format) {
        return rows(levels, level -> !level.isBid, format);
    }

    /** By channel and symbol, as {@link GeneratedVenue#books} names them. */
    public static Map<String, GeneratedBook> named(final List<String> symbols, final List<GeneratedBook> books) {
        return named("book", symbols, books);
    }

    /** Those of a channel with another name. */
    public static Map<String, GeneratedBook> named(final String channel, final List<String> symbols,
            final List<GeneratedBook> books) {
        return IntStream.range(0, symbols.size()).boxed()
            .collect(Collectors.toMap(i -> channel + " " + symbols.get(i), books::get));
    }

    /** CRC-32 of the digits of the ten best asks, then bids, without point and leading zeros. */
    long krakenChecksum() {
        final StringBuilder text = new StringBuilder();
        for (final TreeMap<Long, Level> side : List.of(asks, bids)) {
            side.values().stream().limit(KRAKEN_DEPTH)
                .forEach(level -> text.append(digits(level.price)).append(digits(level.size)));
        }
        return crc(text.toString());
    }

    /** CRC-32, signed, of {@code price:size} of the best bid, the best ask, the second bid and so on. */
    int okxChecksum() {
        final List<String> parts = new ArrayList<>();
        final Iterator<Level> bid = bids.values().iterator();
        final Iterator<Level> ask = asks.values().iterator();
        for (int i = 0; i < OKX_DEPTH; i++) {
            for (final Iterator<Level> side : List.of(bid, ask)) {
                if (side.hasNext()) {
                    final Level level = side.next();
                    parts.add(level.price + ":" + level.size);
                }
            }
        }
        return (int) crc(String.join(":", parts));
    }

    private static long crc(final String text) {
        final CRC32 crc = new CRC32();
        crc.update(text.getBytes(StandardCharsets.US_ASCII));
        return crc.getValue();
    }

    private static String digits(final String number) {
        return number.replace(".", "").replaceFirst("^0+", "");
    }

    private Level put(final boolean isBid, final int distance) {
        final long ticks = ticks(isBid, distance);
        final TreeMap<Long, Level> side = isBid ? bids : asks;
        final Level level = new Level(isBid, ticks, MessageWriter.number(ticks, scale.priceDecimals),
            MessageWriter.number(1 + out.random(90_000), scale.sizeDecimals), false, !side.containsKey(ticks));
        side.put(ticks, level);
        return level;
    }

    private Level removed(final Level level) {
        return new Level(level.isBid, level.ticks, level.price, MessageWriter.number(0, scale.sizeDecimals), true,
            false);
    }

    private long ticks(final boolean isBid, final int distance) {
        return isBid ? scale.middle - 1 - distance : scale.middle + 1 + distance;
    }

    private void cut(final TreeMap<Long, Level> side) {
        while (side.size() > depth) {
            side.pollLastEntry();
        }
    }
}
