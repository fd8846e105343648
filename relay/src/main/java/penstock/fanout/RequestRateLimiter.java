package penstock.fanout;

import penstock.wire.RequestException;

/**
 * How much a session may ask: a bucket of two seconds' worth of requests. Who goes on asking without waiting is
 * flooding; who sends nothing but mistakes is cut off. Owned by the shard.
 */
final class RequestRateLimiter {
    /**
     * Refusals in a row after which a client is not worth answering: a second of a busy loop, many seconds of a person.
     */
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

    /** 0 and one request less when one is allowed now; otherwise how long to wait. */
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

    /** True when that was one too many in a row. */
    boolean onBadRequest() {
        return ++bad > MAX_BAD;
    }

    RequestException refusal(final String requestId, final long waitMs) {
        return RequestException.rateLimited("more than " + perSecond + " requests per second", requestId, waitMs);
    }
}
