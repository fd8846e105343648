package penstock.ring;

/**
 * What of one topic waits in front of a full ring: however many updates, folded into one of bounded size. What folding
 * means is the business of the topic's conflation class, not of the ring. Owned by the feed thread.
 */
public interface Conflator {
    /** Takes an update; its bytes are valid during the call. */
    void add(UpdateSlice update);

    /**
     * Gives out all that was taken, as one update; nothing taken is a change that changes nothing. Good until the next
     * call.
     */
    void writeTo(UpdateSlice target);

    /** Whether that would be at most so many bytes. */
    boolean fits(int bytes);

    /** Forgets what was taken. */
    void clear();

    /** False when what is replaced is lost: each update counts, and there is room for one. */
    default boolean keepsAll() {
        return true;
    }

    /** The newest value replaces the older. */
    static Conflator lastValue() {
        return new LastValueConflator(true);
    }

    /** The newest event waits, the older are lost. */
    static Conflator lastEvent() {
        return new LastValueConflator(false);
    }
}
