package penstock.fanout.schedule;

/**
 * The way of a turn through the due subscriptions of one feed, each once: from where the last one stopped round to
 * there. Owned by the shard's io thread.
 */
final class FeedLap {
    private final FlushScheduler scheduler;
    private final int feed;
    /** The first id of this lap, and the one to go on from. */
    private int start;
    private int at;
    private boolean isPastEnd;
    private boolean isEnded;

    FeedLap(final FlushScheduler scheduler, final int feed) {
        this.scheduler = scheduler;
        this.feed = feed;
    }

    /** A turn begins: behind what the last one flushed, or one further if it flushed all. */
    void begin() {
        final int from = isEnded ? start + 1 : at;
        start = scheduler.nextDue(feed, from) < 0 ? 0 : from;
        at = start;
        isPastEnd = start == 0;
        isEnded = false;
    }

    /** The id of the next due subscription; -1 at the end of the lap. */
    int next() {
        int id = isEnded ? -1 : scheduler.nextDue(feed, at);
        if (id < 0 && !isPastEnd) {
            isPastEnd = true;
            id = scheduler.nextDue(feed, 0);
        }
        isEnded = id < 0 || isPastEnd && start > 0 && id >= start;
        at = id + 1;
        return isEnded ? -1 : id;
    }
}
