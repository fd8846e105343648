package penstock.fanout.schedule;

/**
 * One deadline as a link in an {@link IntervalQueue}: a queue is a ring of links, so that a link can leave it without
 * knowing the queue, and neither entering nor leaving allocates. Owned by the shard's io thread.
 */
class Deadline {
    private Deadline previous = this;
    private Deadline next = this;
    private long atNs;

    final long atNs() {
        return atNs;
    }

    final Deadline next() {
        return next;
    }

    final boolean isQueued() {
        return next != this;
    }

    /** Enters the ring of {@code head} as its last link. */
    final void enqueue(final Deadline head, final long deadlineNs) {
        assert !isQueued() : "a deadline is in one queue at a time";
        atNs = deadlineNs;
        previous = head.previous;
        next = head;
        previous.next = this;
        head.previous = this;
    }

    /** Leaves its ring. */
    final void dequeue() {
        previous.next = next;
        next.previous = previous;
        previous = this;
        next = this;
    }
}
