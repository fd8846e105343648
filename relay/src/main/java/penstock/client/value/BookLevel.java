package penstock.client.value;

/**
 * A level of a side: its row as the relay sent it, with an exact price and size.
 *
 * <p>Owned by the client's thread.
 */
final class BookLevel {
    final TextSlot row = new TextSlot();
    final DecimalNumber price = new DecimalNumber();
    final DecimalNumber size = new DecimalNumber();
    /** Where price and size are in the row. */
    int priceFrom;
    int priceTo;
    int sizeFrom;
    int sizeTo;

    /** Reads {@code [price,size]}; more elements are kept in the row. */
    void read(final JsonCursor cursor, final char[] text, final int from, final int to) {
        cursor.enterArray(text, from, to);
        next(cursor);
        priceFrom = cursor.from() - from;
        priceTo = cursor.to() - from;
        price.read(text, cursor.from(), cursor.to());
        next(cursor);
        sizeFrom = cursor.from() - from;
        sizeTo = cursor.to() - from;
        size.read(text, cursor.from(), cursor.to());
        row.set(text, from, to);
    }

    private static void next(final JsonCursor cursor) {
        if (!cursor.nextElement()) {
            throw new IllegalArgumentException("a level of a book has a price and a size");
        }
    }
}
