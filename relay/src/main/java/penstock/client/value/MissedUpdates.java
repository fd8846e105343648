package penstock.client.value;

/**
 * What gaps have counted of one topic, behind the sequence that it was sent last. Two relays with the same sequences
 * may have lost different updates, so that each topic is counted by itself.
 *
 * <p>Owned by the client's thread.
 */
public final class MissedUpdates {
    /** The sequence up to which gaps have counted; 0 = none did. */
    private long countedQ;
    /** The position of the last of them. */
    private long gapP;
    /** The relay has resumed there: what was counted may come after all. */
    private boolean isOpen;
    /** Nothing came since a resume: the relay before may have lost updates that it knew nothing of. */
    private boolean isBack;

    /**
     * A gap names the topic, which was sent {@code sentQ} last: all up to {@code q} is missing, {@code count} as far as
     * the relay knows. Returns how many of that are new.
     */
    public long onGap(final long sentQ, final long q, final long count, final long p) {
        final long reached = Math.max(sentQ, countedQ);
        countedQ = Math.max(countedQ, q);
        gapP = p;
        return reached == 0 ? count : Math.max(0, q - reached);
    }

    /** The relay goes on at a position. */
    public void onResumed(final long p) {
        isOpen = gapP == p;
        isBack = true;
    }

    /** Whether an update can come behind what was sent last. */
    public boolean accepts(final long sentQ, final long q, final long c) {
        return q - sentQ - 1 - c >= 0 && (isOpen || more(sentQ, q, c) >= 0);
    }

    /** How many more are missing with an update than gaps have counted; negative: fewer. */
    public long more(final long sentQ, final long q, final long c) {
        return q - sentQ - 1 - c + Math.max(0, countedQ - q) - Math.max(0, countedQ - sentQ);
    }

    /** Whether nothing came since a resume. */
    public boolean isBack() {
        return isBack;
    }

    /** An update came. */
    public void onUpdate() {
        isBack = false;
    }

    /** Nothing is known of the topic. */
    public void clear() {
        countedQ = 0;
    }
}
