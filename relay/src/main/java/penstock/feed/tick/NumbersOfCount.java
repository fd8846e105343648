package penstock.feed.tick;

/** The numbers of one count of events that need not be published any more. Owned by the feed thread. */
interface NumbersOfCount {
    /** The event was published, or reported as missing, before: it is not published. */
    long KNOWN = -1;

    /** The smallest known number. */
    long oldest();

    /** Whether the number lies among the known ones. */
    boolean covers(long number);

    /** The largest known number. */
    long newest();

    /** How many numbers are known. */
    long size();

    /** How many known numbers are larger than this one. */
    long countAbove(long number);

    /** Adds those of a count that ends below this one; returns how many between them are missing. */
    long include(NumbersOfCount lower);

    /** Adds a number; {@link #KNOWN}, or how many numbers before it are missing. */
    long add(long number);
}
