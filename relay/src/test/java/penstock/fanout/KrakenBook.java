package penstock.fanout;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import penstock.ring.LevelBuffer;
import penstock.ring.UpdateKind;
import penstock.testkit.ParsedJson;

/** One book message of Kraken, of either version of its API, read the obvious way. */
record KrakenBook(String symbol, UpdateKind kind, LevelBuffer levels, long checksum) {
    /** Kraken sends no checksum with the snapshots of version 1. */
    static final long NO_CHECKSUM = -1;

    /** Hands out the book messages of a frame. */
    static void read(final String frame, final Consumer<KrakenBook> books) {
        final Object message = ParsedJson.parse(frame);
        if (message instanceof List<?> array && ((String) array.get(array.size() - 2)).startsWith("\"book")) {
            books.accept(version1(array));
        } else if (message instanceof Map<?, ?> object && "\"book\"".equals(object.get("channel"))) {
            ParsedJson.list(object.get("data"))
                .forEach(data -> books.accept(version2(ParsedJson.object(data), object.get("type"))));
        }
    }

    private static KrakenBook version1(final List<?> array) {
        final LevelBuffer levels = new LevelBuffer();
        UpdateKind kind = UpdateKind.DELTA;
        long checksum = NO_CHECKSUM;
        for (int i = 1; i < array.size() - 2; i++) {
            final Map<?, ?> sides = ParsedJson.object(array.get(i));
            kind = sides.containsKey("as") ? UpdateKind.SNAPSHOT : kind;
            checksum = sides.containsKey("c") ? Long.parseLong(ParsedJson.bare(sides.get("c"))) : checksum;
            for (final String side : List.of("as", "a", "bs", "b")) {
                for (final Object level : sides.containsKey(side) ? ParsedJson.list(sides.get(side)) : List.of()) {
                    add(levels, side.startsWith("b") ? LevelBuffer.BID : LevelBuffer.ASK, ParsedJson.list(level));
                }
            }
        }
        return new KrakenBook(ParsedJson.bare(array.get(array.size() - 1)), kind, levels, checksum);
    }

    private static KrakenBook version2(final Map<?, ?> data, final Object type) {
        final LevelBuffer levels = new LevelBuffer();
        for (final String side : List.of("bids", "asks")) {
            for (final Object level : ParsedJson.list(data.get(side))) {
                final Map<?, ?> fields = ParsedJson.object(level);
                add(levels, side.equals("bids") ? LevelBuffer.BID : LevelBuffer.ASK,
                    List.of(fields.get("price"), fields.get("qty")));
            }
        }
        final UpdateKind kind = type.equals("\"snapshot\"") ? UpdateKind.SNAPSHOT : UpdateKind.DELTA;
        return new KrakenBook(ParsedJson.bare(data.get("symbol")), kind, levels,
            Long.parseLong((String) data.get("checksum")));
    }

    static void add(final LevelBuffer levels, final int side, final List<?> priceAndSize) {
        final byte[] price = ((String) priceAndSize.get(0)).getBytes(StandardCharsets.US_ASCII);
        final byte[] size = ((String) priceAndSize.get(1)).getBytes(StandardCharsets.US_ASCII);
        levels.add(side, price, 0, price.length, size, 0, size.length);
    }

    /** The levels of an entry's value, as an image or as an update has them. */
    static LevelBuffer levels(final Map<?, ?> value) {
        final LevelBuffer levels = new LevelBuffer();
        ParsedJson.list(value.get("bids"))
            .forEach(level -> add(levels, LevelBuffer.BID, new ArrayList<>(ParsedJson.list(level))));
        ParsedJson.list(value.get("asks"))
            .forEach(level -> add(levels, LevelBuffer.ASK, new ArrayList<>(ParsedJson.list(level))));
        return levels;
    }
}
