package penstock.upstream;

import penstock.telemetry.Counter;
import penstock.telemetry.Counters;

/**
 * How an upstream connection, or the attempt to make one, ended.
 *
 * @param reason       the cause as subscribers read it
 * @param detail       the cause as the operator reads it, without secrets
 * @param wasOpen      the upgrade had succeeded
 * @param status       HTTP status of a refused upgrade, or the code of a Close frame received, else 0
 * @param retryAfterMs the server's wish, -1 without one
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

    /** We were too fast for the server: 429, or a Close frame 1008 as venues use it. */
    public boolean isRateLimited() {
        return status == 429 || status == 1008;
    }

    /** The server does not like who we are: asking again at once would not change that. */
    boolean isUnauthorized() {
        return status == 401 || status == 403 || status == 4401 || status == 4403;
    }
}
