package penstock.ring;

/**
 * Conflates the updates of one topic that are pending in front of a full ring into one update of bounded size. The
 * conflation class of the topic's channel decides how. Owned by the feed thread.
 */
public interface Conflator {
    /** Adds an update; its bytes are valid during the call. */
    void add(UpdateSlice update);

    /**
     * Sets {@code target} to the conflation of all added updates, to an empty change if there are none. Valid until the
     * next call.
     */
    void writeTo(UpdateSlice target);

    /** True if the conflated update takes at most {@code bytes}. */
    boolean fits(int bytes);

    /** Forgets the added updates. */
    void clear();

    /** True if an update that is replaced is lost, because each one counts and only the newest is kept. */
    default boolean dropsReplaced() {
        return false;
    }

    /** The newest value replaces the older one. */
    static Conflator lastValue() {
        return new LastValueConflator(false);
    }

    /** Keeps the newest event and drops the older one. */
    static Conflator lastEvent() {
        return new LastValueConflator(true);
    }
}
