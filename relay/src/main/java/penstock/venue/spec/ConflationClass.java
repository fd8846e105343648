package penstock.venue.spec;

/** How a channel's topics may be conflated. */
public enum ConflationClass {
    /** The newest value replaces the older one. */
    LAST_VALUE,
    /** Only changed fields arrive; the newest of each counts. */
    MERGE,
    /** Only changed price levels arrive; the net change counts. */
    ORDER_BOOK,
    /** Each value counts: trades. */
    EVENT
}
