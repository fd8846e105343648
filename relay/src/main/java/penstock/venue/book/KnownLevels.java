package penstock.venue.book;

import penstock.ring.UpdateKind;
import penstock.venue.rule.ByteSlice;
import penstock.venue.rule.ByteTable;

/**
 * What a connection has said of the levels of a channel's books, by symbol: changes refer to their prices by their ids.
 * Owned by the feed thread.
 */
public final class KnownLevels {
    private final ByteTable<ByteTable<byte[]>> prices = new ByteTable<>();

    /** Nothing is known. */
    public KnownLevels() {
    }

    void clear() {
        prices.clear();
    }

    /** The prices of a book by the ids of its levels; null if a change comes before the snapshot. */
    ByteTable<byte[]> prices(final ByteSlice symbol, final UpdateKind kind) {
        ByteTable<byte[]> known = prices.get(symbol);
        if (kind != UpdateKind.DELTA) {
            if (known == null) {
                known = new ByteTable<>();
                prices.put(symbol, known);
            }
            known.clear();
        }
        return known;
    }
}
