package penstock.feed.tick;

import java.util.function.Consumer;
import penstock.feed.request.LineListener;
import penstock.feed.request.LoginScript;
import penstock.feed.request.SubscriptionReconciler;
import penstock.ring.TickPublisher;
import penstock.time.FeedClock;
import penstock.time.Watchdog;
import penstock.venue.spec.ConnectionSpec;

/**
 * What an update says about its line, even if the update itself is dropped later: data arrives, requests were accepted,
 * the connection is live. Owned by the feed thread.
 */
public final class LineLiveness {
    private final FeedClock clock;
    private final Watchdog watchdog;
    private final long maxAgeMs;
    private final boolean isQuiet;
    private final LoginScript login;
    private final SubscriptionReconciler subscriptions;
    private final ConnectionState state;
    private final LineListener listener;
    private long readNs;
    private long epochUs;

    /** {@code onSilent}: no update has arrived for too long; with the words for the operator. */
    public LineLiveness(final FeedClock clock, final ConnectionSpec.Idle idle, final LoginScript login,
            final SubscriptionReconciler subscriptions, final ConnectionState state, final LineListener listener,
            final Consumer<String> onSilent) {
        this.clock = clock;
        this.login = login;
        this.subscriptions = subscriptions;
        this.state = state;
        this.listener = listener;
        maxAgeMs = idle.maxAgeMs();
        isQuiet = idle.isQuiet();
        final String fresh = maxAgeMs == 0 ? "no update" : "no update younger than " + maxAgeMs + " ms";
        watchdog = new Watchdog(clock, idle.dataMs(), idle.open(),
            () -> onSilent.accept(fresh + " for " + idle.dataMs() + " ms"));
    }

    /** Updates are expected from now on. */
    public void start() {
        if (!watchdog.isRunning()) {
            watchdog.start();
        }
    }

    /** No update is expected. */
    public void stop() {
        watchdog.stop();
    }

    /** Bytes arrived: where the market may be silent, a heartbeat or a pong shows as much as an update. */
    public void onFrame(final long nowNs) {
        if (isQuiet) {
            watchdog.onLife(nowNs);
        }
    }

    void onUpdate(final boolean isCandidate, final long receivedNs, final long timeUs) {
        if (isFresh(timeUs)) {
            watchdog.onLife(receivedNs);
        }
        subscriptions.onData();
        if (!isCandidate) {
            state.onData(receivedNs);
            if (!state.isLive()) {
                listener.onFirstUpdate(receivedNs);
            }
        }
    }

    /** The wall clock's time of a moment just now; it is read once for all that was received at that moment. */
    long epochUs(final long receivedNs) {
        if (receivedNs != readNs || epochUs == 0) {
            readNs = receivedNs;
            epochUs = clock.epochUs();
        }
        return epochUs;
    }

    /** Whether the login is done, and all items are accepted or rejected. */
    boolean isComplete() {
        return login.isDone() && subscriptions.isSettled();
    }

    /** Updates older than {@code idle.max-age} do not reset the data watchdog. */
    private boolean isFresh(final long timeUs) {
        return maxAgeMs == 0 || timeUs == TickPublisher.NO_TIME || clock.epochUs() - timeUs <= maxAgeMs * 1_000;
    }
}
