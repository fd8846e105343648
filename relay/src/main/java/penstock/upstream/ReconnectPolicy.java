package penstock.upstream;

import java.util.List;
import penstock.thread.ThreadOwner;
import penstock.time.BackOff;
import penstock.venue.spec.UpstreamUrl;

/**
 * Chooses the next address and the time of the next attempt. Addresses take turns. In the first round the policy moves
 * on from an unreachable address without delay; later it waits for the back-off before every attempt. Data that flowed
 * for {@code reset-after} resets the policy to the preferred address and the smallest delay. The policy honours {@code
 * Retry-After}, and waits for the largest delay after a server has rejected the credentials. Owned by the feed thread.
 */
public final class ReconnectPolicy {
    /** Maximum delay that a server can ask for. A longer delay would look like a feed that is down for no reason. */
    public static final long MAX_RETRY_AFTER_MS = 3_600_000;

    private final ThreadOwner owner = new ThreadOwner();
    private final List<UpstreamUrl> urls;
    private final BackOff backOff;
    private final long resetAfterMs;
    private final long[] notBeforeNs;
    private final boolean[] isPostponed;
    private int turn;
    private int attempts;

    public ReconnectPolicy(final List<UpstreamUrl> urls, final BackOff backOff, final long resetAfterMs) {
        if (urls.isEmpty()) {
            throw new IllegalArgumentException("feed.url: no address to connect to");
        }
        this.urls = List.copyOf(urls);
        this.backOff = backOff;
        this.resetAfterMs = resetAfterMs;
        notBeforeNs = new long[urls.size()];
        isPostponed = new boolean[urls.size()];
    }

    /** The address of the next attempt. */
    public UpstreamUrl url() {
        return urls.get(turn);
    }

    /**
     * Moves to the next address and returns the delay before its attempt. {@code healthyNs}: how long data had flowed.
     */
    public long onLoss(final UpstreamLoss loss, final long healthyNs, final long nowNs) {
        assert owner.check();
        postpone(loss, nowNs);
        if (isHealthy(healthyNs)) {
            if (!loss.isRateLimited()) {
                backOff.reset();
            }
            turn = 0;
            attempts = 0;
        } else {
            turn = (turn + 1) % urls.size();
            attempts++;
        }
        final boolean isFirstRound = attempts > 0 && attempts < urls.size();
        return Math.max(isFirstRound && !loss.wasOpen() ? 0 : delayMs(loss), remainingMs(nowNs));
    }

    /** True if data has flowed long enough to reset the policy. */
    boolean isHealthy(final long healthyNs) {
        return healthyNs >= resetAfterMs * 1_000_000;
    }

    /** A connection to this address has replaced one whose data had flowed for {@code healthyNs}. */
    public void onMoved(final UpstreamUrl url, final long healthyNs) {
        assert owner.check();
        turn = Math.max(0, urls.indexOf(url));
        if (isHealthy(healthyNs)) {
            backOff.reset();
            attempts = 0;
        }
    }

    private long delayMs(final UpstreamLoss loss) {
        return loss.isRateLimited() ? backOff.nextWholeMs() : backOff.nextMs();
    }

    private void postpone(final UpstreamLoss loss, final long nowNs) {
        long waitMs = -1;
        if (loss.retryAfterMs() >= 0) {
            waitMs = backOff.spreadMs(Math.min(loss.retryAfterMs(), MAX_RETRY_AFTER_MS));
        } else if (loss.isUnauthorized()) {
            waitMs = backOff.spreadMs(backOff.maxMs());
        }
        for (int i = 0; i < notBeforeNs.length; i++) {
            // the venue counts requests by account or by client address: a 429 applies to its other addresses too
            if (waitMs >= 0 && (i == turn || loss.status() == 429)) {
                isPostponed[i] = true;
                notBeforeNs[i] = nowNs + waitMs * 1_000_000;
            }
        }
    }

    private long remainingMs(final long nowNs) {
        if (!isPostponed[turn]) {
            return 0;
        }
        isPostponed[turn] = false;
        return Math.max(0, (notBeforeNs[turn] - nowNs + 999_999) / 1_000_000);
    }
}
