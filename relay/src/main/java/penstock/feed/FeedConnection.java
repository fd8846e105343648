package penstock.feed;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import penstock.ring.UpdateSlice;
import penstock.telemetry.Counter;
import penstock.time.FeedTimers;
import penstock.time.SlidingWindow;
import penstock.upstream.LossReason;
import penstock.upstream.ReconnectPolicy;
import penstock.upstream.UpstreamLoss;
import penstock.venue.Venue;
import penstock.venue.spec.SubscribeSpec;
import penstock.venue.spec.UpstreamUrl;
import penstock.websocket.CloseCode;

/**
 * Keeps one connection of the feed alive: connects, hands its messages to the rules, notices loss, and begins again;
 * replaces it by another before the venue closes it, and goes back to the preferred address, both without an
 * interruption.
 *
 * <p>It is live with the first update of a connection, not before: a venue that accepts everything and sends nothing
 * has proved nothing. Only where nothing is wanted there is nothing to prove; when the venue closes such a connection,
 * the next wish opens another.
 *
 * <p>Owned by the feed thread.
 */
final class FeedConnection {
    private static final Logger LOG = LoggerFactory.getLogger(FeedConnection.class);
    /** Where each change of what is wanted costs a connection: what comes within this time goes into one. */
    private static final long SETTLE_MS = 250;

    private final FeedContext parts;
    private final ConnectionGroup share;
    private final FeedConnectionListener owner;
    private final List<UpstreamUrl> urls;
    private final ReconnectPolicy reconnect;
    private final FeedTimers timers;
    private final Rollover rollover;
    private final Lines lines = new Lines();
    private final ConnectionHealth health = new ConnectionHealth();
    /** Connections that were replaced and have not said good-bye yet. */
    private final Set<UpstreamSession> leaving = new HashSet<>();
    private SessionState state = SessionState.CONNECTING;
    private String detail = "not started";
    private Venue rules;
    private UpstreamSession line;
    private boolean isStopping;

    /**
     * Not started.
     *
     * @param turn  which of the addresses it prefers
     * @param rules no other leg may use them
     */
    FeedConnection(final FeedContext parts, final ConnectionGroup share, final int turn, final Venue rules,
            final FeedConnectionListener owner) {
        this.parts = parts;
        this.share = share;
        this.rules = rules;
        this.owner = owner;
        urls = parts.urlsFrom(turn);
        reconnect = new ReconnectPolicy(urls, parts.newBackOff(), parts.connection().reconnect().resetAfterMs());
        timers = new FeedTimers(parts.clock());
        rollover = new Rollover(parts.clock(), urls, parts.newBackOff(), parts.connects(), parts.upstreams(),
            url -> new UpstreamSession(parts, share, url, parts.plan().venue().another(), lines), this::onOverdue);
    }

    ConnectionGroup share() {
        return share;
    }

    SessionState state() {
        return state;
    }

    /** The last thing that happened, in words for the operator; without secrets. */
    String detail() {
        return detail;
    }

    boolean isLive() {
        return health.isLive();
    }

    ConnectionHealth health() {
        return health;
    }

    /** Begins, or goes on after it rested. */
    void connect() {
        if (isStopping || state == SessionState.CLOSED || line != null) {
            return;
        }
        final long waitMs = SlidingWindow.takeOrWaitMs(parts.connects(), parts.clock().nowNs());
        if (waitMs > 0) {
            enter(SessionState.BACKING_OFF, "connection.connect-rate lets the next attempt wait for " + waitMs + " ms");
            timers.retry(this::connect, waitMs);
            return;
        }
        // the same rules on each connection: some numbers of the venue go on counting while there is none
        line = new UpstreamSession(parts, share, reconnect.url(), rules, lines);
        enter(SessionState.CONNECTING, "connecting to " + reconnect.url());
        line.connect(parts.upstreams());
    }

    /** What it tells may have been told by its other connection before the two were compared. */
    boolean isMoving() {
        return rollover.isOverlapping();
    }

    /** Says good-bye and ends; {@link FeedConnectionListener#onStopped} follows. */
    void stop() {
        if (!isStopping) {
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

    /** Ends without a word. */
    void abort(final String what) {
        leaving.forEach(UpstreamSession::abort);
        leaving.clear();
        if (line != null) {
            line.abort();
        }
        disconnect();
        rollover.stop();
        timers.stopAll();
        enter(SessionState.CLOSED, what);
    }

    /** The share has become larger by these. */
    void want(final Collection<SubscribeSpec.Item> items) {
        if (state == SessionState.IDLE) {
            connect();
        } else if (parts.subscribe().replacesConnection()) {
            timers.whenInterestSettled(this::replace, SETTLE_MS);
        } else {
            forLines(each -> each.want(items));
        }
    }

    /** A topic is wanted that was not for a while. */
    void begin(final int channel, final int topic, final byte[] symbol) {
        forLines(each -> each.begin(channel, topic, symbol));
    }

    /** A topic is not wanted any more, or can't be had. */
    void end(final int topic) {
        forLines(each -> each.end(topic));
    }

    /** The share has become smaller by these. */
    void unwant(final Collection<SubscribeSpec.Item> items) {
        if (parts.subscribe().replacesConnection()) {
            timers.whenInterestSettled(this::replace, SETTLE_MS);
        } else {
            forLines(each -> each.unwant(items));
            goLiveIfIdle();
        }
    }

    private void onLost(final UpstreamLoss loss) {
        final long healthyNs = health.healthyNs();
        final boolean wasLive = isLive();
        disconnect();
        if (isStopping) {
            finish();
        } else if (rollover.candidate() != null) {
            promote(loss, healthyNs);
        } else if (share.isIdle() && (wasLive || !share.isIdleAllowed())) {
            rollover.stop();
            enter(SessionState.IDLE, "nothing is wanted, and the venue has closed: " + loss.detail());
            LOG.info("feed: {}; the next wish connects again", detail);
            owner.onRest(this, loss.reason());
        } else {
            rollover.stop();
            final long delayMs = reconnect.onLoss(loss, healthyNs, parts.clock().nowNs());
            enter(SessionState.BACKING_OFF, loss.detail());
            owner.onDown(this, loss.reason(), delayMs);
            LOG.warn("feed: {}: {}; next attempt in {} ms at {}", loss.reason().word(), loss.detail(), delayMs,
                reconnect.url());
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
        owner.onDown(this, loss.reason(), 0);
        LOG.warn("feed: {}: {}; the connection to {} that was to take over is under way", loss.reason().word(),
            loss.detail(), line.url());
        goLiveIfIdle();
    }

    private void takeOver() {
        final UpstreamSession old = line;
        reconnect.onMoved(rollover.candidate().url(), health.healthyNs());
        line = rollover.take();
        rules = line.rules();
        health.onMoved(parts.clock().nowNs());
        parts.counters().increment(Counter.FEED_ROLLOVERS);
        enter(SessionState.LIVE, "live from " + line.url());
        LOG.info("feed: the new connection to {} has taken over", line.url());
        leaving.add(old);
        old.close(CloseCode.NORMAL, "another connection has taken over");
        goBackWhenSettled();
    }

    private void onOverdue(final long sinceNs) {
        final UpstreamSession late = rollover.candidate();
        if (late.isComplete() && !health.hasWantedDataSince(sinceNs)) {
            takeOver();
        } else {
            late.lose(LossReason.SILENT, "no update came in time", -1);
        }
    }

    /** The venue takes one request for a connection: what is wanted now needs another. */
    private void replace() {
        if (line == null || !line.hasAsked()) {
            return; // it will ask for what is wanted then
        }
        if (share.isIdle() || !isLive()) {
            line.abort();
            disconnect();
            rollover.stop();
            connect();
        } else if (rollover.candidate() == null || rollover.candidate().hasAsked()) {
            rollover.stop();
            rollover.begin("what is wanted has changed", line.url());
        }
    }

    /** Away from the preferred address, and well there: time to see whether it is back. */
    private void goBackWhenSettled() {
        timers.onDisconnected();
        final UpstreamUrl preferred = urls.get(0);
        if (!line.url().equals(preferred)) {
            final long settledMs = parts.connection().reconnect().resetAfterMs();
            timers.whenSettled(() -> rollover.beginTo("back to the preferred address", preferred, settledMs),
                settledMs);
        }
    }

    private void goLive(final long nowNs) {
        health.onLive(nowNs);
        enter(SessionState.LIVE, "live from " + line.url());
        owner.onLive(this);
        LOG.info("feed: live from {}", line.url());
        goBackWhenSettled();
    }

    /** Where nothing is wanted any more, nothing is to be waited for. */
    private void goLiveIfIdle() {
        if (share.isIdle() && share.isIdleAllowed() && line != null && line.hasAsked() && !isLive()) {
            goLive(parts.clock().nowNs());
        }
    }

    private void disconnect() {
        health.onLost(parts.clock().nowNs());
        line = null;
        share.onDisconnected();
        timers.onDisconnected();
    }

    private void finish() {
        rollover.stop();
        leaving.forEach(UpstreamSession::abort);
        leaving.clear();
        timers.stopAll();
        enter(SessionState.CLOSED, "stopped");
        owner.onStopped(this);
    }

    private void enter(final SessionState next, final String what) {
        detail = what;
        state = next;
        owner.onChange(this);
    }

    private void forLines(final Consumer<UpstreamSession> action) {
        if (line != null) {
            action.accept(line);
        }
        if (rollover.candidate() != null) {
            action.accept(rollover.candidate());
        }
    }

    /** What happens to the connections: the leg's own, the one that is to take over, and those that leave. */
    private final class Lines implements UpstreamSessionListener {
        @Override
        public void onOpen(final UpstreamSession opened) {
            parts.counters().increment(Counter.FEED_CONNECTS);
            if (opened == line) {
                enter(SessionState.LOGGING_IN, "connected to " + opened.url());
            }
        }

        @Override
        public void onAsked(final UpstreamSession asking) {
            if (asking == line) {
                enter(state, "subscribed to " + share.items().size() + " topics, waiting for the first update");
                goLiveIfIdle();
            }
        }

        @Override
        public void onData(final UpstreamSession from, final long receivedNs) {
            if (from == line) {
                health.onData(receivedNs);
                if (!isLive()) {
                    goLive(receivedNs);
                }
            }
        }

        @Override
        public boolean takes(final UpstreamSession from, final int topic, final long timeUs, final UpdateSlice slices,
                final long number) {
            if (from == line) {
                health.onWanted();
            }
            final boolean takes = rollover.takes(from, topic, timeUs, slices);
            if (from != line && rollover.isReady(takes, parts.clock().nowNs())) {
                takeOver();
            }
            return takes && owner.takes(FeedConnection.this, topic, slices, number);
        }

        @Override
        public void onBroken(final UpstreamSession from, final int topic, final LossReason reason) {
            if (from == line) {
                owner.onBroken(FeedConnection.this, topic, reason);
            }
        }

        @Override
        public void onMove(final UpstreamSession from, final String what) {
            if (from == line && isLive()) {
                rollover.begin(what, line.url());
            } else {
                from.lose(LossReason.DISCONNECTED, what, -1);
            }
        }

        @Override
        public void onBatchEnd() {
            owner.onBatchEnd();
        }

        @Override
        public void onAged(final UpstreamSession old) {
            if (old == line && isLive()) {
                rollover.begin("the connection has reached connection.lifetime", old.url());
            }
        }

        @Override
        public void onLost(final UpstreamSession lost, final UpstreamLoss loss) {
            if (leaving.remove(lost)) {
                return;
            }
            if (!isStopping) {
                loss.count(parts.counters());
            }
            if (lost == rollover.candidate()) {
                rollover.onLost(loss);
            } else if (lost == line) {
                FeedConnection.this.onLost(loss);
            }
        }

        @Override
        public void onFatal(final UpstreamSession refused, final LossReason reason, final String what) {
            if (refused == rollover.candidate()) {
                rollover.onLost(UpstreamLoss.of(reason, what, true));
            } else if (refused == line) {
                owner.onFatal(FeedConnection.this, reason, what);
            }
        }
    }
}
