package penstock.fanout;

import penstock.wire.RequestException;

/**
 * Limits the requests of a session: a token bucket of two seconds' worth. A client that ignores refusals is flooding;
 * one that sends only bad requests is closed. Owned by the shard's io thread.
 */
final class RequestRateLimiter {
    /** Refusals in a row that count as flooding: a second of a busy loop, many seconds of a person. */
    private static final int MAX_REFUSED = 200;
    private static final int MAX_BAD = 50;

    private final int perSecond;
    private double tokens;
    private long filledNs;
    private int refused;
    private int bad;

    RequestRateLimiter(final int perSecond, final long nowNs) {
        this.perSecond = perSecond;
        tokens = 2.0 * perSecond;
        filledNs = nowNs;
    }

    /** Takes one request; returns 0 if it is allowed now, else how long the client is to wait. */
    long waitMs(final long nowNs) {
        tokens = Math.min(2.0 * perSecond, tokens + (nowNs - filledNs) * 1e-9 * perSecond);
        filledNs = nowNs;
        if (tokens >= 1) {
            tokens -= 1;
            refused = 0;
            return 0;
        }
        refused++;
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
        return RequestException.rateLimited("more than " + perSecond + " requests per second", requestId, waitMs);
    }
}
