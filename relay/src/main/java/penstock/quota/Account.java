package penstock.quota;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * What one client uses. Of each rate a second's worth may come at once. Any thread: a rate is one number, the time when
 * it would be used up to now.
 */
final class Account {
    private static final long BURST_NS = 1_000_000_000L;

    private volatile QuotaLimits limits;
    private final AtomicLong handshakes = new AtomicLong();
    private final AtomicLong requests = new AtomicLong();
    private final AtomicLong work = new AtomicLong();
    private final AtomicInteger sessions = new AtomicInteger();
    private final AtomicInteger subscriptions = new AtomicInteger();
    private final AtomicInteger symbols = new AtomicInteger();

    Account(final QuotaLimits limits) {
        this.limits = limits;
    }

    QuotaLimits limits() {
        return limits;
    }

    void limits(final QuotaLimits now) {
        limits = now;
    }

    AtomicInteger sessions() {
        return sessions;
    }

    AtomicInteger subscriptions() {
        return subscriptions;
    }

    AtomicInteger symbols() {
        return symbols;
    }

    /** Takes a handshake, or returns how many ms the client is to wait; times are since the start. */
    long handshakeWaitMs(final long nowNs) {
        return waitMs(handshakes, limits.handshakes(), 1, nowNs);
    }

    long requestWaitMs(final long nowNs) {
        return waitMs(requests, limits.requests(), 1, nowNs);
    }

    /** Work that costs more than a second's worth is done when none is used, and is waited for afterwards. */
    long workWaitMs(final double units, final long nowNs) {
        return waitMs(work, limits.work(), units, nowNs);
    }

    /** Whether to forget it changes nothing. */
    boolean isIdle(final long nowNs) {
        return sessions.get() == 0 && handshakes.get() <= nowNs && requests.get() <= nowNs && work.get() <= nowNs;
    }

    private static long waitMs(final AtomicLong used, final int perSecond, final double units, final long nowNs) {
        if (perSecond == 0) {
            return 0;
        }
        // rounded down: a second's worth must fit a second
        final long costNs = (long) (units * BURST_NS / perSecond);
        while (true) {
            final long untilNs = used.get();
            final long beginNs = Math.max(untilNs, nowNs);
            final long waitNs = beginNs - nowNs + Math.min(costNs, BURST_NS) - BURST_NS;
            if (waitNs > 0) {
                return (waitNs + 999_999) / 1_000_000;
            }
            if (used.compareAndSet(untilNs, beginNs + costNs)) {
                return 0;
            }
        }
    }
}
