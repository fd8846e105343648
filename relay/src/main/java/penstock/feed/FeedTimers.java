package penstock.feed;

import java.util.function.Consumer;

/**
 * Everything the session waits for: two watchdogs, the venue's acknowledgement, the next attempt, the next flush. Owned by the
 * feed thread.
 */
final class FeedTimers {
    private final FeedClock clock;
    private final Consumer<String> onSilent;
    private final Watchdog anyFrame;
    private final Watchdog data;
    private FeedClock.Timer retry;
    private FeedClock.Timer flush;
    private FeedClock.Timer acknowledgement;
    private SubscribeSpec.Ack awaited;

    /** {@code onSilent} hears which silence lasted too long. */
    FeedTimers(final FeedClock clock, final ConnectionSpec.Idle idle, final Consumer<String> onSilent) {
        this.clock = clock;
        this.onSilent = onSilent;
        anyFrame = new Watchdog(clock, idle.anyFrameMs(), () -> onSilent.accept("nothing at all came for " + idle.anyFrameMs() + " ms"));
        data = new Watchdog(clock, idle.dataMs(), () -> onSilent.accept("no update came for " + idle.dataMs() + " ms"));
    }

    void onConnected() {
        anyFrame.start();
    }

    /** {@code ack}: what the venue must answer, null = nothing. */
    void onSubscribed(final SubscribeSpec.Ack ack) {
        data.start();
        if (ack != null) {
            awaited = ack;
            acknowledgement = clock.executeAfter(
                () -> onSilent.accept("the subscription was not acknowledged within " + ack.timeoutMs() + " ms"), ack.timeoutMs());
        }
    }

    void onAlive(final long nowNs) {
        anyFrame.onLife(nowNs);
    }

    void onMessage(final byte[] frame, final int offset, final int length) {
        if (awaited != null && awaited.match().matches(frame, offset, length)) {
            onAcknowledged();
        }
    }

    void onData(final long nowNs) {
        data.onLife(nowNs);
        if (awaited != null) {
            onAcknowledged();
        }
    }

    /** Accepted or refused: the venue has answered. */
    void onAcknowledged() {
        awaited = null;
        acknowledgement = cancel(acknowledgement);
    }

    void onDisconnected() {
        anyFrame.stop();
        data.stop();
        onAcknowledged();
    }

    void retry(final Runnable task, final long delayMs) {
        cancel(retry);
        retry = clock.executeAfter(task, delayMs);
    }

    /** Once, however often it is asked for. */
    void flushAgain(final Runnable task, final long delayMs) {
        if (flush == null) {
            flush = clock.executeAfter(() -> {
                flush = null;
                task.run();
            }, delayMs);
        }
    }

    void stopAll() {
        onDisconnected();
        retry = cancel(retry);
        flush = cancel(flush);
    }

    private static FeedClock.Timer cancel(final FeedClock.Timer timer) {
        if (timer != null) {
            timer.cancel();
        }
        return null;
    }
}
