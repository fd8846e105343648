package penstock.feed;

import java.security.SecureRandom;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.XnioIoThread;
import penstock.ring.Slices;
import penstock.ring.TickPublisher;
import penstock.telemetry.Counter;
import penstock.telemetry.Counters;
import penstock.telemetry.Telemetry;
import penstock.websocket.CloseCode;

/**
 * Keeps one upstream connection alive: connects, feeds the ring, notices loss, and begins again; replaces it by another before the venue
 * closes it, and goes back to the preferred address, both without an interruption.
 *
 * <p>The feed is {@code live} with the first update of a connection, not before: a venue that accepts everything and sends nothing
 * has proved nothing. It is {@code stale} from the moment of the loss, once per outage, however many attempts follow.
 *
 * <p>Owned by the feed thread; {@link #start}, {@link #stop}, {@link #state}, {@link #detail} and {@link #refused} may be called
 * from any.
 */
public final class FeedSession {
    private static final Logger LOG = LoggerFactory.getLogger(FeedSession.class);

    private final FeedPlan plan;
    private final UpstreamFactory upstreams;
    private final FeedClock clock;
    private final Counters counters;
    private final Consumer<String> onFatal;
    private final ReconnectPolicy reconnect;
    private final FeedUpdates updates;
    private final FeedTimers timers;
    private final FeedNews news;
    /** Connections that were replaced and have not said good-bye yet. */
    private final Set<FeedLine> leaving = new HashSet<>();
    private final Refusals refusals = new Refusals();
    private final SlidingWindow connects;
    private final Rollover rollover;
    private final Lines lines = new Lines();
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();
    private volatile SessionState state = SessionState.CONNECTING;
    private volatile String detail = "not started";
    private Venue rules;
    private FeedLine line;
    private FeedLine speaking;
    private long liveSinceNs;
    private long lastDataNs;
    private boolean isLive;
    private boolean isStopping;

    FeedSession(final FeedPlan plan, final UpstreamFactory upstreams, final FeedClock clock, final RandomGenerator random,
            final TickPublisher publisher, final Telemetry telemetry, final Consumer<String> onFatal) {
        this.plan = plan;
        rules = plan.venue();
        this.upstreams = upstreams;
        this.clock = clock;
        counters = telemetry.counters("feed");
        this.onFatal = onFatal;
        final ConnectionSpec connection = plan.venue().connection();
        final BackOff backOff = new BackOff(connection.reconnect().minMs(), connection.reconnect().maxMs(), random);
        reconnect = new ReconnectPolicy(plan.urls(), backOff, connection.reconnect().resetAfterMs());
        updates = new FeedUpdates(plan.venue(), publisher, counters, telemetry.errors(), new Reading());
        timers = new FeedTimers(clock);
        news = new FeedNews(publisher, clock, timers);
        connects = SlidingWindow.of(connection.rates().connect());
        final BackOff again = new BackOff(connection.reconnect().minMs(), connection.reconnect().maxMs(), random);
        rollover = new Rollover(clock, plan.urls(), again, connects, upstreams,
            url -> new FeedLine(plan, url, plan.venue().another(), clock, counters, refusals, lines), this::onOverdue);
    }

    /**
     * A session over the network.
     *
     * @param thread  the only io thread of the feed's own worker, whose task pool (two threads will do) looks names up
     * @param tls     null = the trust store of the JVM
     * @param onFatal called on the feed thread when the venue refuses us for good, with the reason
     */
    public static FeedSession over(final XnioIoThread thread, final FeedPlan plan, final SSLContext tls, final TickPublisher publisher,
            final Telemetry telemetry, final Consumer<String> onFatal) {
        final FeedClock clock = new IoThreadClock(thread);
        final UpstreamSettings settings = UpstreamSettings.of(plan.venue().connection(), plan.headers(), tls);
        return new FeedSession(plan, new UpstreamConnector(thread, clock, settings), clock, new SecureRandom(), publisher, telemetry,
            onFatal);
    }

    /** Begins. */
    public void start() {
        clock.execute(this::connect);
    }

    /** Says good-bye and ends; done when the socket is closed. The state of the topics stays as it is. */
    public CompletableFuture<Void> stop() {
        try {
            clock.execute(this::onStop);
        } catch (RejectedExecutionException e) {
            // the feed thread has ended, and with it everything that was open on it
            state = SessionState.CLOSED;
            stopped.complete(null);
        }
        return stopped;
    }

    /** Where it stands. */
    public SessionState state() {
        return state;
    }

    /** The symbols that the venue refuses, with its words. */
    public Map<String, String> refused() {
        return refusals.snapshot();
    }

    /** The last thing that happened, in words for the operator; without secrets. */
    public String detail() {
        return detail;
    }

    private void connect() {
        if (isStopping || state == SessionState.CLOSED) {
            return;
        }
        final long waitMs = SlidingWindow.takeOrWaitMs(connects, clock.nowNs());
        if (waitMs > 0) {
            enter(SessionState.BACKING_OFF, "connection.connect-rate lets the next attempt wait for " + waitMs + " ms");
            timers.retry(this::connect, waitMs);
            return;
        }
        enter(SessionState.CONNECTING, "connecting to " + reconnect.url());
        // the same rules on each connection: some numbers of the venue go on counting while there is none
        line = new FeedLine(plan, reconnect.url(), rules, clock, counters, refusals, lines);
        line.connect(upstreams);
    }

    private void onLost(final UpstreamLoss loss) {
        final long healthyNs = healthyNs();
        disconnect();
        if (isStopping) {
            finish();
        } else if (rollover.candidate() != null) {
            promote(loss, healthyNs);
        } else {
            rollover.stop();
            final long delayMs = reconnect.onLoss(loss, healthyNs, clock.nowNs());
            enter(SessionState.BACKING_OFF, loss.detail());
            news.stale(loss.reason(), delayMs);
            LOG.warn("feed: {}: {}; next attempt in {} ms at {}", loss.reason().word(), loss.detail(), delayMs, reconnect.url());
            timers.retry(this::connect, delayMs);
        }
    }

    /** The old connection is gone before the new one had data: what is half made is more than nothing. */
    private void promote(final UpstreamLoss loss, final long healthyNs) {
        line = rollover.take();
        rules = line.rules();
        // what it repeats of the old one is what makes the topics fresh again
        rollover.stop();
        reconnect.onMoved(line.url(), healthyNs);
        enter(line.isOpen() ? SessionState.LOGGING_IN : SessionState.CONNECTING, loss.detail());
        news.stale(loss.reason(), 0);
        LOG.warn("feed: {}: {}; the connection to {} that was to take over is under way", loss.reason().word(), loss.detail(), line.url());
    }

    private void takeOver() {
        final FeedLine old = line;
        reconnect.onMoved(rollover.candidate().url(), healthyNs());
        line = rollover.take();
        rules = line.rules();
        liveSinceNs = clock.nowNs();
        counters.increment(Counter.FEED_ROLLOVERS);
        enter(SessionState.LIVE, "live from " + line.url());
        LOG.info("feed: the new connection to {} has taken over", line.url());
        leaving.add(old);
        old.close(CloseCode.NORMAL, "another connection has taken over");
        goBackWhenSettled();
    }

    private void onOverdue(final long sinceNs) {
        final FeedLine late = rollover.candidate();
        if (late.isComplete() && lastDataNs < sinceNs) {
            takeOver();
        } else {
            late.lose(LossReason.SILENT, "no update came in time", -1);
        }
    }

    /** Away from the preferred address, and well there: time to see whether it is back. */
    private void goBackWhenSettled() {
        timers.onDisconnected();
        final UpstreamUrl preferred = plan.urls().get(0);
        if (!line.url().equals(preferred)) {
            final long settledMs = plan.venue().connection().reconnect().resetAfterMs();
            timers.whenSettled(() -> rollover.beginTo("back to the preferred address", preferred, settledMs), settledMs);
        }
    }

    private void fatal(final LossReason reason, final String what) {
        disconnect();
        rollover.stop();
        timers.stopAll();
        enter(SessionState.CLOSED, what);
        news.closed(reason);
        LOG.error("feed: {}: {}; no further attempt", reason.word(), what);
        onFatal.accept(what);
    }

    private void goLive(final long nowNs) {
        isLive = true;
        liveSinceNs = nowNs;
        enter(SessionState.LIVE, "live from " + line.url());
        news.live();
        LOG.info("feed: live from {}", line.url());
        goBackWhenSettled();
    }

    private long healthyNs() {
        return isLive ? Math.max(0, lastDataNs - liveSinceNs) : 0;
    }

    private void disconnect() {
        line = null;
        isLive = false;
        timers.onDisconnected();
    }

    private void onStop() {
        if (state == SessionState.CLOSED) {
            finish();
        } else if (!isStopping) {
            isStopping = true;
            timers.stopAll();
            rollover.stop();
            if (line == null) {
                finish();
            } else {
                line.close(CloseCode.NORMAL, "relay stops");
            }
        }
    }

    private void finish() {
        rollover.stop();
        leaving.forEach(FeedLine::abort);
        leaving.clear();
        news.flush();
        timers.stopAll();
        enter(SessionState.CLOSED, state == SessionState.CLOSED ? detail : "stopped");
        stopped.complete(null);
    }

    private void enter(final SessionState next, final String what) {
        detail = what;
        state = next;
    }

    /** What happens to the connections: the feed's own, the one that is to take over, and those that leave. */
    private final class Lines implements FeedLine.Owner {
        @Override
        public void onOpen(final FeedLine opened) {
            counters.increment(Counter.FEED_CONNECTS);
            if (opened == line) {
                enter(SessionState.LOGGING_IN, "connected to " + opened.url());
            }
        }

        @Override
        public void onAsked(final FeedLine asking) {
            if (asking == line) {
                detail = "subscribed to " + plan.symbols().size() + " symbols, waiting for the first update";
            }
        }

        @Override
        public void onFrame(final FeedLine from, final boolean isText, final byte[] buffer, final int offset, final int length,
                final long receivedNs) {
            speaking = from;
            updates.onFrame(receivedNs, length, from.snapshots(), from.books());
            try {
                if (!isText) {
                    from.rules().onBinary(buffer, offset, length, receivedNs, from, updates);
                } else if (!from.takesForLogin(buffer, offset, length)) {
                    from.rules().onText(buffer, offset, length, receivedNs, updates);
                }
            } catch (RuntimeException e) {
                updates.onFailure(e, buffer, offset, length);
            }
        }

        @Override
        public void onBatchEnd() {
            news.flush();
        }

        @Override
        public void onAged(final FeedLine old) {
            if (old == line && isLive) {
                rollover.begin("the connection has reached connection.lifetime", old.url());
            }
        }

        @Override
        public void onLost(final FeedLine lost, final UpstreamLoss loss) {
            if (leaving.remove(lost)) {
                return;
            }
            if (!isStopping) {
                loss.count(counters);
            }
            if (lost == rollover.candidate()) {
                rollover.onLost(loss);
            } else if (lost == line) {
                FeedSession.this.onLost(loss);
            }
        }

        @Override
        public void onFatal(final FeedLine refused, final LossReason reason, final String what) {
            if (refused == rollover.candidate()) {
                rollover.onLost(UpstreamLoss.of(reason, what, true));
            } else if (refused == line) {
                fatal(reason, what);
            }
        }
    }

    /** What the venue's rules find in a frame that the session must act on. */
    private final class Reading implements FeedUpdates.Owner {
        @Override
        public boolean onData(final long receivedNs) {
            if (speaking.isEnded()) {
                return false;
            }
            speaking.onData(receivedNs);
            if (speaking == line) {
                lastDataNs = receivedNs;
                if (!isLive) {
                    goLive(receivedNs);
                }
            }
            return true;
        }

        @Override
        public boolean takes(final int topic, final long timeUs, final Slices slices) {
            final boolean takes = rollover.takes(speaking, topic, timeUs, slices);
            if (speaking != line && rollover.isReady(takes, clock.nowNs())) {
                takeOver();
            }
            return takes;
        }

        @Override
        public void onControl(final ControlKind kind, final byte[] frame, final int offset, final int length) {
            if (speaking.isEnded()) {
                return;
            }
            switch (kind) {
                case ERROR -> speaking.lose(LossReason.VENUE_ERROR, "the venue reports: " + FrameText.shown(frame, offset, length),
                    speaking.rules().retryAfterMs());
                case FATAL -> refuse("the venue refuses us for good: " + FrameText.shown(frame, offset, length));
                case ROLLOVER -> move("the venue wants us to move: " + FrameText.shown(frame, offset, length));
                default -> speaking.onMessage(kind, frame, offset, length);
            }
        }

        @Override
        public void onUnused(final byte[] frame, final int offset, final int length) {
            if (!speaking.isEnded()) {
                speaking.onMessage(null, frame, offset, length);
            }
        }

        @Override
        public void onGap(final String what) {
            speaking.lose(LossReason.GAP, what, -1);
        }

        private void refuse(final String what) {
            speaking.abort();
            lines.onFatal(speaking, LossReason.VENUE_ERROR, what);
        }

        private void move(final String what) {
            if (speaking == line && isLive) {
                rollover.begin(what, line.url());
            } else {
                speaking.lose(LossReason.DISCONNECTED, what, -1);
            }
        }
    }
}
