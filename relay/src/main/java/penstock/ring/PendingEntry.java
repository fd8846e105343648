package penstock.ring;

/** A link of the {@link ConflationQueue}. Owned by the feed thread. */
abstract class PendingEntry {
    PendingEntry previous;
    PendingEntry next;
    /** Position of the newest update in the entry, or of the last one before a status. */
    long p;

    PendingEntry(final long p) {
        this.p = p;
    }

    boolean isQueued() {
        return next != null;
    }
}
