package penstock.venue.plugin;

import java.util.zip.CRC32;
import penstock.book.Book;
import penstock.book.BookSide;

/**
 * Kraken's checksum in both versions of its API: CRC-32 over the ten best asks, then the ten best bids. Each level
 * contributes the digits of price and size as sent, without the decimal point and without leading zeros.
 * Owned by the feed thread.
 */
public final class KrakenCrc32 implements VenuePlugin {
    private static final int DEPTH = 10;

    private final CRC32 crc = new CRC32();

    @Override
    public String name() {
        return "kraken-crc32";
    }

    @Override
    public long checksum(final Book book) {
        crc.reset();
        add(book.asks());
        add(book.bids());
        return crc.getValue();
    }

    private void add(final BookSide side) {
        int left = Math.min(DEPTH, side.live());
        for (int i = 0; left > 0; i++) {
            final int level = side.slot(i);
            if (side.isLive(level)) {
                left--;
                add(side.text(), side.priceOffset(level), side.priceLength(level));
                add(side.text(), side.sizeOffset(level), side.sizeLength(level));
            }
        }
    }

    private void add(final byte[] text, final int offset, final int length) {
        boolean leading = true;
        for (int i = offset; i < offset + length; i++) {
            leading &= text[i] == '0' || text[i] < '0' || text[i] > '9';
            if (!leading && text[i] >= '0' && text[i] <= '9') {
                crc.update(text[i]);
            }
        }
    }
}
