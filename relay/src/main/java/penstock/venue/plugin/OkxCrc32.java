package penstock.venue.plugin;

import java.util.zip.CRC32;
import penstock.book.Book;
import penstock.book.BookSide;

/**
 * OKX's checksum: CRC-32 as a signed number over {@code price:size}, without quotes, of the best bid, the best ask, the
 * second bid and so on for 25 levels, separated by colons; after the end of one side the other continues. Production
 * sends 0 instead since June 2026. Owned by the feed thread.
 */
public final class OkxCrc32 implements VenuePlugin {
    private static final int DEPTH = 25;

    private final CRC32 crc = new CRC32();
    private boolean isFirst;

    @Override
    public String name() {
        return "okx-crc32";
    }

    @Override
    public long checksum(final Book book) {
        crc.reset();
        isFirst = true;
        int bid = next(book.bids(), 0);
        int ask = next(book.asks(), 0);
        for (int depth = 0; depth < DEPTH && (bid >= 0 || ask >= 0); depth++) {
            bid = add(book.bids(), bid, depth);
            ask = add(book.asks(), ask, depth);
        }
        return (int) crc.getValue();
    }

    /** Adds the level at a position; returns the next position, -1 after the last. */
    private int add(final BookSide side, final int place, final int depth) {
        if (place < 0) {
            return -1;
        }
        final int level = side.slot(place);
        add(side.text(), side.priceOffset(level), side.priceLength(level));
        add(side.text(), side.sizeOffset(level), side.sizeLength(level));
        return depth + 1 < side.live() ? next(side, place + 1) : -1;
    }

    private static int next(final BookSide side, final int from) {
        int place = side.live() == 0 ? -1 : from;
        while (place >= 0 && !side.isLive(side.slot(place))) {
            place++;
        }
        return place;
    }

    private void add(final byte[] text, final int offset, final int length) {
        if (!isFirst) {
            crc.update(':');
        }
        isFirst = false;
        final int quote = text[offset] == '"' ? 1 : 0;
        crc.update(text, offset + quote, length - 2 * quote);
    }
}
