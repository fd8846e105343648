package penstock.venue.emit;

import penstock.json.JsonNumber;
import penstock.ring.LevelBuffer;

/**
 * Price levels with numbers instead of texts: quotes are taken off, digits stay. What JSON takes for no number, like
 * {@code "+1.5"}, stays text. Owned by the feed thread.
 */
public final class PlainLevels {
    private final LevelBuffer reader = new LevelBuffer();
    private final LevelBuffer plain = new LevelBuffer();

    /** The same levels; valid until the next call. */
    public LevelBuffer of(final LevelBuffer levels) {
        plain.clear();
        reader.wrap(levels.buffer(), 0, levels.length());
        while (reader.next()) {
            final byte[] bytes = reader.buffer();
            final int price = quote(bytes, reader.priceOffset(), reader.priceLength());
            final int size = quote(bytes, reader.sizeOffset(), reader.sizeLength());
            plain.add(reader.side(), bytes, reader.priceOffset() + price, reader.priceLength() - 2 * price, bytes,
                reader.sizeOffset() + size, reader.sizeLength() - 2 * size);
        }
        return plain;
    }

    /** 1 if the text is a number in quotes. */
    private static int quote(final byte[] bytes, final int offset, final int length) {
        return length > 2 && bytes[offset] == '"' && JsonNumber.is(bytes, offset + 1, length - 2) ? 1 : 0;
    }
}
