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

    /** Adds a number; {@link #KNOWN}, or how many others are given up for it: they are to be reported as missing. */
    long add(long number, long nowNs);

    /** Whether the number is neither published nor reported yet, because a line which is behind may send it. */
    boolean isMissing(long number);

    /** Whether there are such numbers. */
    boolean hasMissing();

    /** No line will send those up to {@code upTo}; returns how many, and for how many others it has been too long. */
    long giveUp(long upTo, long nowNs);

    /** No line will send any of them; returns how many they are. */
    long giveUpAll();
}
