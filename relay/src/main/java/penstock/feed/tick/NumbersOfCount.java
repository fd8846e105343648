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

    /** How many known numbers are larger than {@code lower}, and not above {@code upper}. */
    long countBetween(long lower, long upper);

    /** Adds the published numbers of a snapshot, or of a count that was none. */
    void include(NumbersOfCount others);

    /** Adds a number; {@link #KNOWN}, or how many numbers before it are missing. */
    long add(long number);

    /** Whether larger numbers are neither published nor reported yet, because a line which is behind may send them. */
    boolean isOpenAbove(long number);

    /** No line will send those; returns how many they are: they are reported. */
    long closeOpen();
}
