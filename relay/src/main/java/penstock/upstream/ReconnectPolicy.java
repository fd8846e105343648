package penstock.upstream;

import java.util.List;
import penstock.time.BackOff;
import penstock.venue.spec.UpstreamUrl;

/**
 * Which address comes next, and when. Addresses take turns. In the first round an address that cannot be reached hands
 * over at once; later every attempt waits for the back-off. Data that flowed for {@code reset-after} forgives
 * everything: preferred address, smallest delay. What the server asks for ({@code Retry-After}) is honoured; one that
 * does not know us is not asked again before the largest delay. Owned by the feed thread.
 */
public final class ReconnectPolicy {
    /**
     * A server that asks for more is asked again after an hour all the same: nobody would remember why the feed is
     * down.
     */
    public static final long MAX_RETRY_AFTER_MS = 3_600_000;

    private final List<UpstreamUrl> urls;
    private final BackOff backOff;
    private final long resetAfterMs;
    private final long[] notBeforeNs;
    private final boolean[] isBarred;
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
        isBarred = new boolean[urls.size()];
    }

    /** The address whose turn it is. */
    public UpstreamUrl url() {
        return urls.get(turn);
    }

    /** Takes the next turn; returns how long to wait for it. {@code healthyNs}: how long data had flowed. */
    public long onLoss(final UpstreamLoss loss, final long healthyNs, final long nowNs) {
        bar(loss, nowNs);
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
        return Math.max(isFirstRound && !loss.wasOpen() ? 0 : delayMs(loss), restMs(nowNs));
    }

    /** Whether data has flowed for long enough. */
    boolean isHealthy(final long healthyNs) {
        return healthyNs >= resetAfterMs * 1_000_000;
    }

    /** A connection to this address has taken over from one that gave data for so long. */
    public void onMoved(final UpstreamUrl url, final long healthyNs) {
        turn = Math.max(0, urls.indexOf(url));
        if (isHealthy(healthyNs)) {
            backOff.reset();
            attempts = 0;
        }
    }

    private long delayMs(final UpstreamLoss loss) {
        return loss.isRateLimited() ? backOff.nextWholeMs() : backOff.nextMs();
    }

    private void bar(final UpstreamLoss loss, final long nowNs) {
        long waitMs = -1;
        if (loss.retryAfterMs() >= 0) {
            waitMs = backOff.spreadMs(Math.min(loss.retryAfterMs(), MAX_RETRY_AFTER_MS));
        } else if (loss.isUnauthorized()) {
            waitMs = backOff.spreadMs(backOff.maxMs());
        }
        for (int i = 0; i < notBeforeNs.length; i++) {
            // too many requests are counted by account or by our address: the venue's other doors would count them too
            if (waitMs >= 0 && (i == turn || loss.status() == 429)) {
                isBarred[i] = true;
                notBeforeNs[i] = nowNs + waitMs * 1_000_000;
            }
        }
    }

    private long restMs(final long nowNs) {
        if (!isBarred[turn]) {
            return 0;
        }
        isBarred[turn] = false;
        return Math.max(0, (notBeforeNs[turn] - nowNs + 999_999) / 1_000_000);
    }
}
