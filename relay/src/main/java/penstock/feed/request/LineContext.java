package penstock.feed.request;

import penstock.time.FeedClock;
import penstock.upstream.SendQueue;

/** What all requests of one line share. Owned by the feed thread. */
public final class LineContext {
    private final String title;
    private final FeedClock clock;
    private final SendQueue queue;
    private long lastId;

    /**
     * No request has been made.
     *
     * @param title how the log calls the feed
     * @param queue sends everything that the line sends
     */
    public LineContext(final String title, final FeedClock clock, final SendQueue queue) {
        this.title = title;
        this.clock = clock;
        this.queue = queue;
    }

    String title() {
        return title;
    }

    FeedClock clock() {
        return clock;
    }

    SendQueue queue() {
        return queue;
    }

    /** The id of the next request of any kind: no two requests of a line share one. */
    long nextId() {
        return ++lastId;
    }
}
