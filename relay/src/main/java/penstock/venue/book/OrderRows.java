package penstock.venue.book;

import penstock.ring.LevelBuffer;
import penstock.venue.rule.ByteSlice;

/**
 * Rows of single orders on their way to the book that adds them up, in a buffer of levels: each row is an entry with
 * what happens and the id of the order, then one with its side, price and size, as far as the row has them. Owned by
 * the feed thread.
 */
final class OrderRows {
    /** The order is new or differs. */
    static final int SET = 2;
    /** The size is taken away from the order. */
    static final int REDUCE = 3;
    /** The order is gone. */
    static final int CANCEL = 4;
    /** In place of a side: as before. */
    static final int SAME_SIDE = 5;
    private static final byte[] NONE = {};
    private static final ByteSlice NOTHING = new ByteSlice();

    static {
        NOTHING.take(NONE);
    }

    private final LevelBuffer reader = new LevelBuffer();
    private final ByteSlice id = new ByteSlice();
    private final ByteSlice price = new ByteSlice();
    private final ByteSlice size = new ByteSlice();
    private int action;
    private int side;

    /** Appends a row; null or a side below 0: the row does not say. */
    static void add(final LevelBuffer target, final int action, final ByteSlice id, final int side,
            final ByteSlice price, final ByteSlice size) {
        target.add(action, id.bytes(), id.offset(), id.length(), NONE, 0, 0);
        final ByteSlice at = price == null ? NOTHING : price;
        final ByteSlice count = size == null ? NOTHING : size;
        target.add(side < 0 ? SAME_SIDE : side, at.bytes(), at.offset(), at.length(), count.bytes(), count.offset(),
            count.length());
    }

    /** Reads the rows that were written into {@code rows}, until those change. */
    void open(final LevelBuffer rows) {
        reader.wrap(rows.buffer(), 0, rows.length());
    }

    /** Moves to the next row; false after the last. */
    boolean next() {
        if (!reader.next()) {
            return false;
        }
        action = reader.side();
        id.take(reader.buffer(), reader.priceOffset(), reader.priceLength());
        reader.next();
        side = reader.side() == SAME_SIDE ? -1 : reader.side();
        price.take(reader.buffer(), reader.priceOffset(), reader.priceLength());
        size.take(reader.buffer(), reader.sizeOffset(), reader.sizeLength());
        return true;
    }

    int action() {
        return action;
    }

    ByteSlice id() {
        return id;
    }

    /** -1 if the row does not say. */
    int side() {
        return side;
    }

    /** Null if the row has none. */
    ByteSlice price() {
        return price.length() == 0 ? null : price;
    }

    /** Null if the row has none. */
    ByteSlice size() {
        return size.length() == 0 ? null : size;
    }
}
