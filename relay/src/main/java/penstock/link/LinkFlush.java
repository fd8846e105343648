package penstock.link;

import java.util.function.BooleanSupplier;
import penstock.time.FeedClock;
import penstock.time.SingleTimer;

/** Ends batches: what the ring has no room for follows soon. Owned by the feed thread. */
public final class LinkFlush {
    private static final long AGAIN_MS = 1;

    private final LinkTarget target;
    private final BooleanSupplier isWaiting;
    private final Runnable more;
    private final SingleTimer again;

    /**
     * Of what is published to {@code target}.
     *
     * @param isWaiting whether anything waits for room
     * @param more      publishes as much of it as there is room for
     */
    public LinkFlush(final LinkTarget target, final FeedClock clock, final BooleanSupplier isWaiting,
            final Runnable more) {
        this.target = target;
        this.isWaiting = isWaiting;
        this.more = more;
        again = new SingleTimer(clock);
    }

    /** The end of a batch. */
    public void flush() {
        target.flush();
        if ((target.isBehind() || isWaiting.getAsBoolean()) && !again.isSet()) {
            again.set(this::goOn, AGAIN_MS);
        }
    }

    private void goOn() {
        target.flush();
        more.run();
        flush();
    }

    /** Nothing more follows. */
    public void stop() {
        again.cancel();
    }
}
