package penstock.time;

import penstock.thread.ThreadOwner;

/**
 * Fires if no sign of life comes for {@code limitMs}. A sign of life costs one store: the timer reads it when it fires
 * and sleeps for the rest. A limit of 0 never fires. If the thread itself has stood still, it may have signs of life to
 * read first: then the timer fires once more, a moment later. Owned by the feed thread.
 */
public final class Watchdog {
    /** Between two looks at the clock on the wall: hours have whole minutes, so that no pause is missed. */
    private static final long HOURS_CHECK_MS = 30_000;
    /** A timer that fires so much too late shows that the thread stood still. */
    private static final long STOOD_STILL_NS = 250_000_000;
    /** In which a thread that runs again reads what waits in its sockets. */
    private static final long READ_MS = 20;

    private final ThreadOwner owner = new ThreadOwner();
    private final FeedClock clock;
    private final long limitMs;
    private final Hours open;
    private final Runnable onSilent;
    private final SingleTimer timer;
    private long lastNs;
    /** When the timer fires. */
    private long dueNs;

    public Watchdog(final FeedClock clock, final long limitMs, final Runnable onSilent) {
        this(clock, limitMs, OpenHours.ALWAYS, onSilent);
    }

    /** {@code open}: silence outside these hours does not count. */
    public Watchdog(final FeedClock clock, final long limitMs, final Hours open, final Runnable onSilent) {
        this.clock = clock;
        this.limitMs = limitMs;
        this.open = open;
        this.onSilent = onSilent;
        timer = new SingleTimer(clock);
    }

    public void start() {
        assert owner.check();
        stop();
        lastNs = clock.nowNs();
        if (limitMs > 0) {
            look(limitMs);
        }
    }

    public void stop() {
        assert owner.check();
        timer.cancel();
    }

    public boolean isRunning() {
        return timer.isSet();
    }

    public void onLife(final long nowNs) {
        lastNs = nowNs;
    }

    long limitMs() {
        return limitMs;
    }

    private void look(final long restMs) {
        final long inMs = open.isAlways() ? restMs : Math.min(restMs, HOURS_CHECK_MS);
        dueNs = clock.nowNs() + inMs * 1_000_000;
        timer.set(this::check, inMs);
    }

    private void check() {
        assert owner.check();
        if (!open.isOpen(clock.epochUs())) {
            lastNs = clock.nowNs();
        }
        final long silentNs = clock.nowNs() - lastNs;
        final long restNs = limitMs * 1_000_000 - silentNs;
        if (restNs <= 0 && clock.nowNs() - dueNs >= STOOD_STILL_NS) {
            look(READ_MS);
        } else if (restNs <= 0) {
            onSilent.run();
        } else {
            // rounded up: a timer that fires early would have to be set again
            look((restNs + 999_999) / 1_000_000);
        }
    }
}
