package penstock.feed.tick;

import penstock.feed.request.LineListener;
import penstock.feed.request.SubscriptionReconciler;
import penstock.ring.TickPublisher;
import penstock.time.FeedClock;
import penstock.time.Watchdog;

/**
 * What an update says about its line, even if the update itself is dropped later: data arrives, requests were accepted,
 * the connection is live. Owned by the feed thread.
 */
public final class LineLiveness {
    private final FeedClock clock;
    private final Watchdog dataWatchdog;
    private final long maxAgeMs;
    private final SubscriptionReconciler subscriptions;
    private final ConnectionState state;
    private final LineListener listener;

    /** {@code maxAgeMs}: an older update is no sign of life, 0 = every update is. */
    public LineLiveness(final FeedClock clock, final Watchdog dataWatchdog, final long maxAgeMs,
            final SubscriptionReconciler subscriptions, final ConnectionState state, final LineListener listener) {
        this.clock = clock;
        this.dataWatchdog = dataWatchdog;
        this.maxAgeMs = maxAgeMs;
        this.subscriptions = subscriptions;
        this.state = state;
        this.listener = listener;
    }

    void onUpdate(final boolean isCandidate, final long receivedNs, final long timeUs) {
        if (isFresh(timeUs)) {
            dataWatchdog.onLife(receivedNs);
        }
        subscriptions.onData();
        if (!isCandidate) {
            state.onData(receivedNs);
            if (!state.isLive()) {
                listener.onFirstUpdate(receivedNs);
            }
        }
    }

    /** Whether all that was requested is confirmed or rejected. */
    boolean isComplete() {
        return subscriptions.isSettled();
    }

    /** Updates older than {@code idle.max-age} do not reset the data watchdog. */
    private boolean isFresh(final long timeUs) {
        return maxAgeMs == 0 || timeUs == TickPublisher.NO_TIME || clock.epochUs() - timeUs <= maxAgeMs * 1_000;
    }
}
