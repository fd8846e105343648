package penstock.feed;

import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import penstock.feed.report.ConnectionReport;
import penstock.feed.tick.ConnectionState;
import penstock.feed.tick.LineArbiter;
import penstock.feed.tick.SessionState;
import penstock.telemetry.Counter;
import penstock.time.FeedTimers;
import penstock.upstream.LossReason;
import penstock.upstream.ReconnectPolicy;
import penstock.upstream.UpstreamLoss;
import penstock.venue.Venue;
import penstock.venue.spec.SubscribeSpec;
import penstock.venue.spec.UpstreamUrl;
import penstock.websocket.CloseCode;

/**
 * Keeps one connection of the feed alive: connects, notices a loss, and connects again, with one {@link
 * UpstreamSession} after the other. Replaces a session before the venue closes it, and returns to the preferred
 * address, both without an interruption.
 *
 * <p>It is live with the first update of a session, not before: a venue that accepts everything and sends nothing has
 * proved nothing. A group without items has nothing to prove; if the venue closes it, the next item opens another.
 *
 * <p>Owned by the feed thread.
 */
final class FeedConnection {
    /** A session that ages before its first update, or before it takes over, is replaced once it has. */
    private static final long AGED_CHECK_MS = 100;
    private static final Logger LOG = LoggerFactory.getLogger(FeedConnection.class);
    /** If each change of the items needs a new connection, changes within this time share one. */
    private static final long SETTLE_MS = 250;

    private final FeedContext context;
    private final AssignedItems items;
    private final FeedConnectionListener listener;
    private final List<UpstreamUrl> urls;
    private final ReconnectPolicy reconnect;
    private final Contest contest;
    private final FeedTimers timers;
    private final ConnectionState state = new ConnectionState();
    private final LineArbiter lines;
    private final Rollover rollover;
    private final UpstreamSessionListener sessionListener = new SessionListener();
    private Venue rules;
    private UpstreamSession session;
    private boolean isStopping;

    /**
     * Not started.
     *
     * @param turn  the index of the preferred address
     * @param rules not used by another connection
     */
    FeedConnection(final FeedContext context, final AssignedItems items, final int turn, final Venue rules,
            final FeedConnectionListener listener) {
        this.context = context;
        this.items = items;
        this.rules = rules;
        this.listener = listener;
        urls = context.plan().addresses().from(items.address(), turn);
        reconnect = new ReconnectPolicy(urls, context.newBackOff(), context.connection().reconnect().resetAfterMs());
        contest = context.newContest();
        timers = new FeedTimers(context.clock());
        lines = new LineArbiter(context.stages(), items.group(), state);
        rollover = new Rollover(context, urls, lines,
            url -> new UpstreamSession(context, items, lines, url, context.plan().venue().newInstance(),
                sessionListener, true), this::onOverdue,
            topic -> forSessions(each -> each.withBooks(books -> books.onOrphaned(topic))));
    }

    int group() {
        return items.group();
    }

    /** Where it is, and its last event, in words for the operator; without secrets. */
    ConnectionState state() {
        return state;
    }

    boolean isLive() {
        return state.isLive();
    }

    /** What the operator sees of it. */
    ConnectionReport report() {
        return rollover.report(items, state, session, reconnect.url());
    }

    /** Whether its session misses nothing of a topic: it has sent the image, and all changes since. */
    boolean isComplete(final int topic) {
        return session != null && session.isComplete(topic);
    }

    LineArbiter lines() {
        return lines;
    }

    /** Connects, the first time or after it was idle. */
    void connect() {
        if (isStopping || state.state() == SessionState.CLOSED || session != null) {
            return;
        }
        final long waitMs = context.dialer().takeOrWaitMs(context.clock().nowNs());
        if (waitMs > 0) {
            enter(SessionState.BACKING_OFF, context.dialer().words(waitMs));
            timers.retry(this::connect, waitMs);
            return;
        }
        // the same rules for each session: some numbers of the venue go on while there is no connection
        session = new UpstreamSession(context, items, lines, reconnect.url(), rules, sessionListener, false);
        enter(SessionState.CONNECTING, "connecting to " + reconnect.url());
        session.connect();
    }

    /** Closes; {@link FeedConnectionListener#onStopped} follows. */
    void stop() {
        if (!isStopping) {
            isStopping = true;
            timers.stopAll();
            rollover.stop();
            if (session == null) {
                finish();
            } else {
                session.close(CloseCode.NORMAL, "relay stops");
            }
        }
    }

    /** Ends without a close handshake and without callbacks. */
    void abort(final String why) {
        cut();
        enter(SessionState.CLOSED, why);
    }

    /** Ends its sessions the same way, and connects again when the dialer lets it. */
    void suspend() {
        if (session != null) {
            cut();
            connect();
        }
        rollover.abortClosing();
    }

    private void cut() {
        rollover.abortClosing();
        if (session != null) {
            session.abort();
        }
        disconnect();
        rollover.stop();
        timers.stopAll();
    }

    /** The group has these items more. */
    void subscribe(final Collection<SubscribeSpec.Item> added) {
        if (state.state() == SessionState.IDLE) {
            connect();
        } else if (context.subscribe().replacesConnection()) {
            timers.whenInterestSettled(this::replaceSession, SETTLE_MS);
        } else {
            forSessions(each -> each.subscribe(added));
        }
    }

    /** The group has these items less. */
    void unsubscribe(final Collection<SubscribeSpec.Item> removed) {
        if (context.subscribe().replacesConnection()) {
            timers.whenInterestSettled(this::replaceSession, SETTLE_MS);
        } else {
            forSessions(each -> each.unsubscribe(removed));
            goLiveIfIdle();
        }
    }

    /** A symbol is subscribed to after a pause. */
    void restart(final int channel, final byte[] symbol, final int topic) {
        forSessions(each -> each.restartNumbers(channel, symbol));
        forSessions(each -> each.withBooks(books -> books.onWanted(channel, topic)));
    }

    /** A topic is no longer subscribed to, or was rejected. */
    void forgetTopic(final int topic) {
        lines.forget(topic);
        forSessions(each -> each.withBooks(books -> books.forget(topic)));
    }

    /** No other line sends the items any more. */
    void onAlone() {
        if (session != null && rollover.candidate() == null) {
            session.onAlone();
        }
    }

    private void onLost(final UpstreamLoss ended) {
        final long healthyNs = state.healthyNs();
        final UpstreamLoss loss = contest.judge(ended);
        disconnect();
        if (isStopping) {
            finish();
        } else if (rollover.candidate() != null) {
            promote(loss, healthyNs);
        } else if (items.isIdle() && (isLive() || !items.isIdleAllowed())) {
            rollover.stop();
            enter(SessionState.IDLE, "no active subscriptions; venue closed the connection: " + loss.detail());
            LOG.info("{}: {}; will reconnect on the next subscription", context.title(), state.detail());
            listener.onIdle(loss.reason());
        } else {
            rollover.stop();
            final long delayMs = contest.delayMs(reconnect.onLoss(loss, healthyNs, context.clock().nowNs()));
            enter(SessionState.BACKING_OFF, loss.detail());
            listener.onDown(this, loss.reason(), delayMs);
            LOG.warn("{}: {}: {}; next attempt in {} ms at {}", context.title(), loss.reason().word(),
                loss.detail(), delayMs, reconnect.url());
            timers.retry(this::connect, delayMs);
        }
    }

    /** The old session is lost before the new one was ready: a half-made session is better than none. */
    private void promote(final UpstreamLoss loss, final long healthyNs) {
        session = rollover.take();
        rules = session.rules();
        lines.promoteSecond(topic -> session.withBooks(books -> books.onBehind(topic)));
        reconnect.onMoved(session.url(), healthyNs);
        enter(session.isOpen() ? SessionState.LOGGING_IN : SessionState.CONNECTING, loss.detail());
        listener.onDown(this, loss.reason(), 0);
        LOG.warn("{}: {}: {}; going on with the second connection, to {}", context.title(), loss.reason().word(),
            loss.detail(), session.url());
        goLiveIfIdle();
    }

    private void takeOver() {
        final UpstreamSession old = session;
        reconnect.onMoved(rollover.candidate().url(), state.healthyNs());
        session = rollover.take();
        rules = session.rules();
        state.onTakenOver(context.clock().nowNs());
        context.counters().increment(Counter.FEED_ROLLOVERS);
        enter(SessionState.LIVE, "live from " + session.url());
        LOG.info("{}: new connection to {} has taken over", context.title(), session.url());
        rollover.retire(old);
        rollover.onLive(session.url(), timers);
    }

    private void onOverdue(final long sinceNs) {
        if (rollover.candidate().isComplete() && !state.hasAcceptedSince(sinceNs)) {
            takeOver();
        } else {
            rollover.candidate().lose(LossReason.SILENT, "no update arrived in time", -1);
        }
    }

    /** The venue takes one subscribe request for a connection: other items need another connection. */
    private void replaceSession() {
        if (session == null || !session.isSubscribed()) {
            return; // it will request the present items
        }
        if (items.isIdle() || !isLive()) {
            suspend();
        } else if (rollover.candidate() == null || rollover.candidate().isSubscribed()) {
            rollover.stop();
            rollover.begin("subscriptions have changed", session);
        }
    }

    private void goLive(final long nowNs) {
        state.enter(SessionState.LIVE, "live from " + session.url(), nowNs);
        listener.onChange();
        listener.onLive();
        LOG.info("{}: live from {}", context.title(), session.url());
        rollover.onLive(session.url(), timers);
    }

    /** A group without items waits for no update. */
    private void goLiveIfIdle() {
        if (items.isIdle() && items.isIdleAllowed() && session != null && session.isSubscribed() && !isLive()) {
            goLive(context.clock().nowNs());
        }
    }

    private void disconnect() {
        session = null;
        items.onDisconnected();
        timers.onDisconnected();
    }

    private void finish() {
        rollover.stop();
        rollover.abortClosing();
        timers.stopAll();
        enter(SessionState.CLOSED, "stopped");
        listener.onStopped();
    }

    private void enter(final SessionState next, final String what) {
        state.enter(next, what, context.clock().nowNs());
        listener.onChange();
    }

    private void forSessions(final Consumer<UpstreamSession> action) {
        if (session != null) {
            action.accept(session);
        }
        if (rollover.candidate() != null) {
            action.accept(rollover.candidate());
        }
    }

    /** Events of the present session, of the candidate, and of the sessions that close. */
    private final class SessionListener implements UpstreamSessionListener {
        @Override
        public void onOpen(final UpstreamSession opened) {
            context.counters().increment(Counter.FEED_CONNECTS);
            if (opened == session) {
                contest.onLogin();
                enter(SessionState.LOGGING_IN, "connected to " + opened.url());
            }
        }

        @Override
        public void onSubscribed(final UpstreamSession subscribed) {
            timers.onInterestRequested();
            if (subscribed == session) {
                enter(state.state(), "subscribed to " + items.all().size() + " topics, waiting for the first update");
                goLiveIfIdle();
            }
        }

        @Override
        public void onFirstUpdate(final long receivedNs) {
            goLive(receivedNs);
        }

        @Override
        public void onReadyToTakeOver() {
            takeOver();
        }

        @Override
        public void onTopicStale(final UpstreamSession from, final int topic) {
            if (from == session) {
                listener.onTopicStale(FeedConnection.this, topic);
            }
        }

        @Override
        public void onMove(final UpstreamSession from, final String what) {
            if (from == session && isLive()) {
                rollover.begin(what, session);
            } else {
                from.lose(LossReason.DISCONNECTED, what, -1);
            }
        }

        @Override
        public void onBatchEnd() {
            listener.onBatchEnd();
        }

        @Override
        public void onAged(final UpstreamSession old) {
            if (old == session && isLive()) {
                rollover.begin("connection has reached connection.lifetime", old);
            } else if (old == session || old == rollover.candidate()) {
                old.reportAgeAfter(AGED_CHECK_MS);
            }
        }

        @Override
        public void onLost(final UpstreamSession lost, final UpstreamLoss loss) {
            if (rollover.hasEnded(lost)) {
                return;
            }
            if (!isStopping) {
                loss.count(context.counters());
            }
            lost.rules().login().onEnded(lost == session && isLive());
            if (lost == rollover.candidate()) {
                rollover.onLost(loss);
                onAlone();
            } else if (lost == session) {
                FeedConnection.this.onLost(loss);
            }
        }

        @Override
        public void onFatal(final UpstreamSession rejected, final LossReason reason, final String what) {
            if (rejected == rollover.candidate()) {
                rollover.onLost(UpstreamLoss.of(reason, what, true));
            } else if (rejected == session) {
                listener.onFatal(reason, what);
            }
        }
    }
}
