package penstock.ring;

/**
 * What is pending of one feed while the ring is full, in the order of the newest update. A linked list: an entry that
 * changes is removed and appended again, without allocation. Owned by the feed thread.
 */
final class ConflationQueue {
    private final PendingEntry sentinel = new PendingEntry(0) { };

    ConflationQueue() {
        sentinel.next = sentinel;
        sentinel.previous = sentinel;
    }

    boolean isEmpty() {
        return sentinel.next == sentinel;
    }

    /** The oldest entry; there must be one. */
    PendingEntry first() {
        return sentinel.next;
    }

    void append(final PendingEntry entry) {
        entry.previous = sentinel.previous;
        entry.next = sentinel;
        sentinel.previous.next = entry;
        sentinel.previous = entry;
    }

    void remove(final PendingEntry entry) {
        entry.previous.next = entry.next;
        entry.next.previous = entry.previous;
        entry.previous = null;
        entry.next = null;
    }

    /** Removes what is pending of a topic; returns how many updates that were. */
    long drop(final PublishedTopic topic) {
        if (topic.status != null) {
            remove(topic.status);
        }
        if (topic.pending == null || !topic.pending.isQueued()) {
            return 0;
        }
        remove(topic.pending);
        return topic.pending.count();
    }
}
