package penstock.venue.spec;

/**
 * What is to be known of a channel's order books beyond their levels.
 *
 * @param truncate levels of a side that the venue keeps up; what lies behind is stale and must be cut off; 0 = all
 * @param checksum name of the plugin that checks the book after each update, null = none
 */
public record BookSpec(int truncate, String checksum) {
    /** Nothing is known. */
    public static final BookSpec NONE = new BookSpec(0, null);
}
