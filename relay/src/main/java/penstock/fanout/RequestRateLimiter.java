package penstock.fanout;

import penstock.quota.Excess;
import penstock.quota.SessionQuota;
import penstock.wire.RequestException;
import penstock.wire.SessionLimits;

/**
 * Limits the requests of a session: a token bucket of two seconds' worth. A client that ignores refusals is flooding;
 * one that sends only bad requests is closed. Owned by the shard's io thread.
 */
final class RequestRateLimiter {
    /** Refusals in a row that count as flooding: a second of a busy loop, many seconds of a person. */
    private static final int MAX_REFUSED = 200;
    private static final int MAX_BAD = 50;

    private final int perSecond;
    private final SessionQuota quota;
    /** The quota of the client that refused the last request; null if none did. */
    private Excess excess;
    private double tokens;
    private long filledNs;
    private int refused;
    private int bad;

    /** {@code quota}: of the client, over all its sessions. */
    RequestRateLimiter(final SessionLimits limits, final SessionQuota quota, final long nowNs) {
        perSecond = limits.requestsPerSecond();
        this.quota = quota;
        tokens = 2.0 * perSecond;
        filledNs = nowNs;
    }

    /** Takes one request; returns 0 if it is allowed now, else how long the client is to wait. */
    long waitMs(final long nowNs) {
        tokens = Math.min(2.0 * perSecond, tokens + (nowNs - filledNs) * 1e-9 * perSecond);
        filledNs = nowNs;
        excess = tokens >= 1 ? quota.onRequest() : null;
        if (tokens >= 1 && excess == null) {
            tokens -= 1;
            refused = 0;
            return 0;
        }
        refused++;
        if (excess != null) {
            return excess.retryAfterMs();
        }
        return Math.max(1, (long) Math.ceil((1 - tokens) * 1000 / perSecond));
    }

    boolean isFlooding() {
        return refused > MAX_REFUSED;
    }

    void onGoodRequest() {
        bad = 0;
    }

    /** A bad request; true when there were too many in a row. */
    boolean onBadRequest() {
        return ++bad > MAX_BAD;
    }

    RequestException refusal(final String requestId, final long waitMs) {
        return RequestException.rateLimited(excess != null ? excess.message()
            : "more than " + perSecond + " requests per second", requestId, waitMs);
    }
}
