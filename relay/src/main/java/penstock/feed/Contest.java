package penstock.feed;

import java.util.random.RandomGenerator;
import penstock.telemetry.Counter;
import penstock.telemetry.Counters;
import penstock.time.BackOff;
import penstock.time.FeedClock;
import penstock.upstream.LossReason;
import penstock.upstream.UpstreamLoss;
import penstock.venue.spec.LoginSpec;

/**
 * Ends a duel with another program that logs in with the same credentials, where each login ends the connection of the
 * other: if three logins in a row are ended within a minute, the next one waits for minutes. It ends when a login lives
 * longer. Where the venue refuses the later login there is no duel: attempts harm no one else. Owned by the feed
 * thread.
 */
final class Contest {
    private static final int MAX_EVICTIONS = 3;
    private static final long SHORT_NS = 60_000_000_000L;
    private static final long MIN_DELAY_MS = 120_000;
    private static final long MAX_DELAY_MS = 600_000;

    private final LoginSpec spec;
    private final FeedClock clock;
    private final Counters counters;
    private final BackOff backOff;
    private long loggedInNs;
    private int evictions;
    private long minDelayMs;
    private boolean isOurs;

    Contest(final LoginSpec spec, final FeedClock clock, final Counters counters, final RandomGenerator random) {
        this.spec = spec;
        this.clock = clock;
        this.counters = counters;
        backOff = new BackOff(MIN_DELAY_MS, MAX_DELAY_MS, random);
    }

    /** Our login is sent. */
    void onLogin() {
        loggedInNs = clock.nowNs();
    }

    /** The delay before the next login; none after our own close. */
    long delayMs(final long backOffMs) {
        return isOurs ? 0 : Math.max(backOffMs, minDelayMs);
    }

    /** The loss of our connection, with the reason that subscribers read. */
    UpstreamLoss judge(final UpstreamLoss loss) {
        minDelayMs = 0;
        isOurs = loss.reason() == LossReason.STOPPED;
        return isOurs ? with(loss, LossReason.DISCONNECTED, "") : judge(loss, clock.nowNs());
    }

    private UpstreamLoss judge(final UpstreamLoss loss, final long nowNs) {
        final boolean isShort = nowNs - loggedInNs <= SHORT_NS;
        if (!isShort && loss.wasOpen()) {
            evictions = 0;
            backOff.reset();
        }
        final boolean isEviction = loss.reason() == LossReason.EVICTED
            || loss.wasOpen() && spec.isEviction(loss.status(), loss.detail());
        if (!isEviction) {
            return loss;
        }
        counters.increment(Counter.FEED_EVICTIONS);
        if (spec.second() == LoginSpec.Second.REFUSES_NEWEST) {
            return with(loss, LossReason.CONTESTED, "another connection holds the login, and the venue refuses ours: ");
        }
        evictions += isShort ? 1 : 0;
        if (evictions < MAX_EVICTIONS) {
            return with(loss, LossReason.EVICTED, "another login with the same credentials has ended ours: ");
        }
        counters.increment(Counter.FEED_CONTESTED);
        minDelayMs = backOff.nextWholeMs();
        return with(loss, LossReason.CONTESTED, "another program logs in with the same credentials: it ended each of "
            + "our last " + evictions + " logins within 60 s; stop it, or give it credentials of its own: ");
    }

    private static UpstreamLoss with(final UpstreamLoss loss, final LossReason reason, final String why) {
        return new UpstreamLoss(reason, why + loss.detail(), loss.wasOpen(), loss.status(), loss.retryAfterMs());
    }
}
