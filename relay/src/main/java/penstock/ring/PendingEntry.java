package penstock.ring;

/** A link of the {@link ConflationQueue} of its feed. Owned by the feed thread. */
abstract class PendingEntry {
    final int feed;
    PendingEntry previous;
    PendingEntry next;

    PendingEntry(final int feed) {
        this.feed = feed;
    }

    boolean isQueued() {
        return next != null;
    }
}
