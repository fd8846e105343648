package penstock.upstream;

import penstock.telemetry.Counter;
import penstock.telemetry.Counters;

/**
 * How an upstream connection, or an attempt to connect, ended.
 *
 * @param reason       cause as subscribers read it
 * @param detail       cause as the operator reads it, without secrets
 * @param wasOpen      the upgrade had succeeded
 * @param status       HTTP status of a rejected upgrade or of a proxy's refusal, or the code of a received Close
 *                     frame, else 0
 * @param retryAfterMs delay that the server asks for, -1 = none
 */
public record UpstreamLoss(LossReason reason, String detail, boolean wasOpen, int status, long retryAfterMs) {
    public static UpstreamLoss of(final LossReason reason, final String detail, final boolean wasOpen) {
        return new UpstreamLoss(reason, detail, wasOpen, 0, -1);
    }

    public void count(final Counters counters) {
        counters.increment(wasOpen ? Counter.FEED_DISCONNECTS : Counter.FEED_CONNECT_FAILURES);
        if (reason == LossReason.PROTOCOL_ERROR) {
            counters.increment(Counter.FEED_PROTOCOL_ERRORS);
        }
    }

    /** True if the server says that we exceeded its rate limit: 429, or Close 1008 as venues use it. */
    public boolean isRateLimited() {
        return status == 429 || status == 1008;
    }

    /** True if the server or a proxy rejected our credentials: an immediate retry cannot succeed. */
    boolean isUnauthorized() {
        return status == 401 || status == 403 || status == 407 || status == 4401 || status == 4403;
    }
}
