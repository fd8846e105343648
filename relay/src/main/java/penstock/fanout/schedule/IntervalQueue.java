package penstock.fanout.schedule;

/**
 * The deadlines of one interval in the order in which they began, which is the order in which they end. Owned by the
 * shard's io thread.
 */
final class IntervalQueue implements Comparable<IntervalQueue> {
    /**
     * A queue with more members than this expires in batches, about this many per interval, so that a hold lasts up to
     * this part of the interval longer: 1,000 deadlines within 100 ms would be as many turns.
     */
    private static final int CHECKS_PER_INTERVAL = 32;
    private static final long MAX_DELAY_NS = 10_000_000;

    private final long intervalNs;
    private final Deadline head = new Deadline();
    private int members;
    /** The first deadline of the queue when it entered the heap, plus the delay. It may be early, never late. */
    private long checkNs;
    private boolean isInHeap;

    IntervalQueue(final long intervalNs) {
        this.intervalNs = intervalNs;
    }

    long intervalNs() {
        return intervalNs;
    }

    /** Counts one more subscription that uses this interval. */
    void join() {
        members++;
    }

    /** Counts one subscription less; true when none is left. */
    boolean leave() {
        return --members == 0;
    }

    /** Adds a deadline one interval from now; true when the queue must enter the heap. */
    boolean add(final Deadline deadline, final long nowNs) {
        deadline.enqueue(head, nowNs + intervalNs);
        return !isInHeap;
    }

    /** Removes and returns the first deadline if it has come, else null. */
    Deadline poll(final long nowNs) {
        final Deadline first = head.next();
        if (first == head || first.atNs() - nowNs > 0) {
            return null;
        }
        first.dequeue();
        return first;
    }

    /** Computes the next check before the queue enters the heap; false when it is empty and stays out. */
    boolean enterHeap() {
        final Deadline first = head.next();
        isInHeap = first != head;
        checkNs = isInHeap ? first.atNs() + delayNs() : 0;
        return isInHeap;
    }

    long checkNs() {
        return checkNs;
    }

    @Override
    public int compareTo(final IntervalQueue other) {
        return Long.signum(checkNs - other.checkNs);
    }

    private long delayNs() {
        return members > CHECKS_PER_INTERVAL ? Math.min(MAX_DELAY_NS, intervalNs / CHECKS_PER_INTERVAL) : 0;
    }
}
