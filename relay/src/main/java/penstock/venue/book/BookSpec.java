package penstock.venue.book;

/**
 * Properties of a channel's order books.
 *
 * @param truncate   levels per side that the venue maintains; deeper levels are stale and are cut off; 0 = all
 * @param checksum   name of the plugin that checks the book after each update, null = none
 * @param isOfOrders the rows of messages are single orders, to be added up by price
 */
public record BookSpec(int truncate, String checksum, boolean isOfOrders) {
    /** No properties. */
    public static final BookSpec NONE = new BookSpec(0, null, false);
}
