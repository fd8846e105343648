package penstock.feed;

import java.util.List;
import java.util.function.Function;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import penstock.ring.UpdateSlice;
import penstock.time.BackOff;
import penstock.time.FeedClock;
import penstock.time.SlidingWindow;
import penstock.upstream.ReconnectPolicy;
import penstock.upstream.UpstreamFactory;
import penstock.upstream.UpstreamLoss;
import penstock.venue.spec.UpstreamUrl;

/**
 * Replaces a healthy connection by another one: makes the new one first, and tries again after a back-off as long as
 * that fails; the old one knows nothing of it. Owned by the feed thread.
 */
final class Rollover {
    private static final Logger LOG = LoggerFactory.getLogger(Rollover.class);
    /** A new connection that tells all the same, only later each time, takes over after this long. */
    private static final long MAX_OVERLAP_NS = 5_000_000_000L;
    /**
     * A new connection that has not taken over by then will not do so any more, unless the old one is as quiet as it
     * is.
     */
    private static final long OVERDUE_MS = 60_000;
    /** And may be behind what the old one said for so long. */
    private static final long CATCH_UP_MS = 1_000;

    private final FeedClock clock;
    private final List<UpstreamUrl> urls;
    private final BackOff backOff;
    private final SlidingWindow connects;
    private final UpstreamFactory upstreams;
    private final Function<UpstreamUrl, UpstreamSession> lines;
    private final LongConsumer onOverdue;
    private FeedClock.Timer timer;
    private UpstreamSession candidate;
    private Handover handover;
    private String why;
    private boolean isBound;
    private long leastDelayMs;
    private int turn;
    private long completeNs;
    private boolean isComplete;

    /**
     * Nothing is under way.
     *
     * @param connects  the limit of attempts, null = none
     * @param lines     makes connections that are not connected yet
     * @param onOverdue hears since when, in ns, the candidate should have taken over
     */
    Rollover(final FeedClock clock, final List<UpstreamUrl> urls, final BackOff backOff, final SlidingWindow connects,
            final UpstreamFactory upstreams, final Function<UpstreamUrl, UpstreamSession> lines,
            final LongConsumer onOverdue) {
        this.clock = clock;
        this.urls = urls;
        this.backOff = backOff;
        this.connects = connects;
        this.upstreams = upstreams;
        this.lines = lines;
        this.onOverdue = onOverdue;
    }

    /**
     * To any address, {@code first} first. Without effect while one is under way, unless it was bound to one address.
     */
    void begin(final String reason, final UpstreamUrl first) {
        if (why != null && isBound && candidate == null) {
            why = null;
        }
        isBound = false;
        leastDelayMs = 0;
        begin(reason, first, false, 0);
    }

    /** To this address and no other, asking every {@code leastMs} at most. */
    void beginTo(final String reason, final UpstreamUrl only, final long leastMs) {
        begin(reason, only, true, leastMs);
    }

    /** The connection that is to take over, null while there is none. */
    UpstreamSession candidate() {
        return candidate;
    }

    /** Two connections tell the same, or did until just now. */
    boolean isOverlapping() {
        return handover != null;
    }

    /** Whether an update counts while two connections live; {@code line} has said it. */
    boolean takes(final UpstreamSession line, final int topic, final long timeUs, final UpdateSlice slices) {
        if (handover == null) {
            return true;
        }
        final boolean isNew = candidate == null || line == candidate;
        return isNew ? handover.takesNew(topic, timeUs, slices) : handover.takesOld(topic, timeUs, slices);
    }

    /**
     * Whether the candidate may take over; {@code isAhead}: it just said something that the old connection has not
     * said.
     */
    boolean isReady(final boolean isAhead, final long nowNs) {
        if (!isComplete && candidate.isComplete()) {
            isComplete = true;
            completeNs = nowNs;
        }
        return isComplete && (isAhead || nowNs - completeNs >= MAX_OVERLAP_NS);
    }

    /** The candidate has become the connection of the feed. What the old one said is not said again. */
    UpstreamSession take() {
        final UpstreamSession taken = candidate;
        final Handover last = handover;
        candidate = null;
        stop();
        handover = last;
        timer = clock.executeAfter(() -> handover = null, CATCH_UP_MS);
        return taken;
    }

    /** The candidate has failed. */
    void onLost(final UpstreamLoss loss) {
        candidate = null;
        handover = null;
        final long askedMs = Math.min(loss.retryAfterMs(), ReconnectPolicy.MAX_RETRY_AFTER_MS);
        final long drawnMs = Math.max(leastDelayMs, loss.isRateLimited() ? backOff.nextWholeMs() : backOff.nextMs());
        final long delayMs = askedMs > drawnMs ? backOff.spreadMs(askedMs) : drawnMs;
        if (!isBound) {
            turn = (turn + 1) % urls.size();
        }
        LOG.info("feed: {}: the new connection failed, the old one stays: {}: {}; next attempt in {} ms at {}", why,
            loss.reason().word(),
            loss.detail(), delayMs, urls.get(turn));
        later(delayMs);
    }

    /** Nothing more comes of it. */
    void stop() {
        if (candidate != null) {
            candidate.abort();
        }
        candidate = null;
        handover = null;
        why = null;
        cancelTimer();
    }

    private void begin(final String reason, final UpstreamUrl first, final boolean isOnly, final long leastMs) {
        if (why == null) {
            why = reason;
            isBound = isOnly;
            leastDelayMs = leastMs;
            turn = Math.max(0, urls.indexOf(first));
            backOff.reset();
            cancelTimer();
            attempt();
        }
    }

    private void attempt() {
        final long nowNs = clock.nowNs();
        final long waitMs = SlidingWindow.takeOrWaitMs(connects, nowNs);
        if (waitMs > 0) {
            handover = null;
            later(waitMs);
            return;
        }
        LOG.info("feed: {}: a second connection is made to {}", why, urls.get(turn));
        handover = new Handover();
        isComplete = false;
        candidate = lines.apply(urls.get(turn));
        cancelTimer();
        timer = clock.executeAfter(() -> onOverdue.accept(nowNs), OVERDUE_MS);
        candidate.connect(upstreams);
    }

    private void later(final long delayMs) {
        cancelTimer();
        timer = clock.executeAfter(this::attempt, delayMs);
    }

    private void cancelTimer() {
        if (timer != null) {
            timer.cancel();
            timer = null;
        }
    }
}
