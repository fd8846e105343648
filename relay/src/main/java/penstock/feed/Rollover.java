package penstock.feed;

import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import penstock.feed.report.ConnectionReport;
import penstock.feed.tick.ConnectionState;
import penstock.feed.tick.LineArbiter;
import penstock.time.BackOff;
import penstock.time.FeedClock;
import penstock.time.FeedTimers;
import penstock.time.SingleTimer;
import penstock.upstream.ReconnectPolicy;
import penstock.upstream.UpstreamLoss;
import penstock.venue.spec.UpstreamUrl;
import penstock.websocket.CloseCode;

/**
 * Replaces a healthy session by another one: makes the new one first, and tries again after a back-off as long as that
 * fails. The old session goes on meanwhile. Owned by the feed thread.
 */
final class Rollover {
    private static final Logger LOG = LoggerFactory.getLogger(Rollover.class);
    /** A candidate that has not taken over by then never will, unless the old session is as quiet as the candidate. */
    private static final long OVERDUE_MS = 60_000;
    /** The new session may be this far behind the old one, once it sends data. */
    private static final long CATCH_UP_MS = 5_000;
    private static final long NS_PER_MS = 1_000_000;

    private final FeedClock clock;
    private final String title;
    private final FeedDialer dialer;
    private final List<UpstreamUrl> urls;
    private final BackOff backOff;
    private final LineArbiter lines;
    private final Function<UpstreamUrl, UpstreamSession> sessions;
    private final LongConsumer onOverdue;
    private final IntConsumer onOrphaned;
    private final SingleTimer timer;
    private final long settledMs;
    private final boolean isSecondAllowed;
    /** Replaced sessions whose close handshake is not done. */
    private final Set<UpstreamSession> closing = new HashSet<>();
    private UpstreamSession candidate;
    private String why;
    private boolean isBound;
    private long minDelayMs;
    private int turn;

    /**
     * None is in progress.
     *
     * @param urls      the addresses to try, in turn
     * @param lines     compares the updates of the two sessions
     * @param sessions  creates candidates
     * @param onOverdue called with the time, in ns, since which the candidate should have taken over
     * @param onOrphaned called with each topic of which the candidate had sent more, when it ends too early
     */
    Rollover(final FeedContext context, final List<UpstreamUrl> urls, final LineArbiter lines,
            final Function<UpstreamUrl, UpstreamSession> sessions, final LongConsumer onOverdue,
            final IntConsumer onOrphaned) {
        clock = context.clock();
        timer = new SingleTimer(clock);
        title = context.title();
        dialer = context.dialer();
        this.urls = urls;
        backOff = context.newBackOff();
        isSecondAllowed = context.connection().limits().logins().isSecondAllowed();
        settledMs = context.connection().reconnect().resetAfterMs();
        this.lines = lines;
        this.sessions = sessions;
        this.onOverdue = onOverdue;
        this.onOrphaned = onOrphaned;
    }

    /**
     * To any address, that of {@code present} first. No effect while one is in progress that is not bound to one
     * address. Where no second login is allowed, the present session is closed instead: the next one follows its end.
     */
    void begin(final String reason, final UpstreamSession present) {
        if (!isSecondAllowed) {
            LOG.info("{}: {}: closing the connection before the next login", title, reason);
            present.close(CloseCode.NORMAL, reason);
            return;
        }
        if (why != null && isBound && candidate == null) {
            why = null;
        }
        isBound = false;
        minDelayMs = 0;
        begin(reason, present.url(), false, 0);
    }

    /**
     * The session at {@code present} sends the data from now on. It goes back to no update of the one before it; if
     * another address is preferred, tries after a while whether that is back.
     */
    void onLive(final UpstreamUrl present, final FeedTimers timers) {
        if (lines.isHandingOver()) {
            timer.set(lines::endHandover, CATCH_UP_MS);
        }
        timers.onDisconnected();
        final UpstreamUrl preferred = urls.get(0);
        if (isSecondAllowed && !present.equals(preferred)) {
            timers.whenSettled(() -> beginTo("back to the preferred address", preferred, settledMs), settledMs);
        }
    }

    /** The session that is to take over, null without one. */
    UpstreamSession candidate() {
        return candidate;
    }

    /** The candidate becomes the session of the connection. Updates of the old session are not accepted twice. */
    UpstreamSession take() {
        final UpstreamSession taken = candidate;
        candidate = null;
        why = null;
        taken.onAlone();
        lines.onTakenOver();
        timer.cancel();
        return taken;
    }

    /** The candidate has failed. */
    void onLost(final UpstreamLoss loss) {
        candidate = null;
        lines.failHandover(onOrphaned);
        final long requestedMs = Math.min(loss.retryAfterMs(), ReconnectPolicy.MAX_RETRY_AFTER_MS);
        final long drawnMs = Math.max(minDelayMs, loss.isRateLimited() ? backOff.nextWholeMs() : backOff.nextMs());
        final long delayMs = requestedMs > drawnMs ? backOff.spreadMs(requestedMs) : drawnMs;
        if (!isBound) {
            turn = (turn + 1) % urls.size();
        }
        LOG.info("{}: {}: new connection failed, old connection stays: {}: {}; next attempt in {} ms at {}",
            title, why, loss.reason().word(), loss.detail(), delayMs, urls.get(turn));
        timer.set(this::attempt, delayMs);
    }

    /** Another session has taken over from this one, which closes now. */
    void retire(final UpstreamSession old) {
        closing.add(old);
        old.close(CloseCode.NORMAL, "another connection has taken over");
    }

    /** Whether the session that has ended was a replaced one. */
    boolean hasEnded(final UpstreamSession lost) {
        return closing.remove(lost);
    }

    /** Replaced sessions end without a close handshake. */
    void abortClosing() {
        closing.forEach(UpstreamSession::abort);
        closing.clear();
    }

    void stop() {
        if (candidate != null) {
            candidate.abort();
            candidate = null;
            lines.failHandover(onOrphaned);
        } else {
            lines.endHandover();
        }
        why = null;
        timer.cancel();
    }

    /** To this address only, with {@code minMs} between attempts at least. */
    private void beginTo(final String reason, final UpstreamUrl only, final long minMs) {
        begin(reason, only, true, minMs);
    }

    private void begin(final String reason, final UpstreamUrl first, final boolean isOnly, final long minMs) {
        if (why == null) {
            why = reason;
            isBound = isOnly;
            minDelayMs = minMs;
            turn = Math.max(0, urls.indexOf(first));
            backOff.reset();
            timer.cancel();
            attempt();
        }
    }

    private void attempt() {
        final long nowNs = clock.nowNs();
        final long waitMs = dialer.takeOrWaitMs(nowNs);
        if (waitMs > 0) {
            timer.set(this::attempt, waitMs);
            return;
        }
        LOG.info("{}: {}: making a second connection to {}", title, why, urls.get(turn));
        lines.beginHandover();
        candidate = sessions.apply(urls.get(turn));
        timer.set(() -> onOverdue.accept(nowNs), OVERDUE_MS);
        candidate.connect();
    }

    /**
     * What the operator sees of the connection.
     *
     * @param present the session that is not replaced yet; null if there is none
     * @param next    where another one would connect to
     */
    ConnectionReport report(final AssignedItems items, final ConnectionState state, final UpstreamSession present,
            final UpstreamUrl next) {
        final long nowNs = clock.nowNs();
        return new ConnectionReport(items.group(), (present == null ? next : present.url()).toString(),
            new ConnectionReport.State(state.state().name().toLowerCase(Locale.ROOT),
                (nowNs - state.enteredNs()) / NS_PER_MS, state.detail()),
            state.lastLoss() == null ? null
                : new ConnectionReport.Loss(state.lastLoss(), (nowNs - state.lastLossNs()) / NS_PER_MS),
            items.all().size(), present == null ? 0 : present.requests(), candidate != null);
    }
}
