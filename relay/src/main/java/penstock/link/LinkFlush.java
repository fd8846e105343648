package penstock.link;

import penstock.time.FeedClock;
import penstock.time.SingleTimer;

/** Ends batches: if the ring is full the rest follows soon. Owned by the feed thread. */
public final class LinkFlush {
    private static final long AGAIN_MS = 1;

    private final LinkTarget target;
    private final SingleTimer again;

    /** Of what is published to {@code target}. */
    public LinkFlush(final LinkTarget target, final FeedClock clock) {
        this.target = target;
        again = new SingleTimer(clock);
    }

    /** The end of a batch. */
    public void flush() {
        target.flush();
        if (target.isBehind() && !again.isSet()) {
            again.set(this::flush, AGAIN_MS);
        }
    }

    /** Nothing more follows. */
    public void stop() {
        again.cancel();
    }
}
