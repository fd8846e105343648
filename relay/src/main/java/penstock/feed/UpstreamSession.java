package penstock.feed;

import java.util.Collection;
import java.util.function.Consumer;
import penstock.feed.book.BookRecovery;
import penstock.feed.request.LineListener;
import penstock.feed.tick.LineArbiter;
import penstock.telemetry.Counter;
import penstock.text.PrintableText;
import penstock.thread.ThreadOwner;
import penstock.time.FeedClock;
import penstock.time.Watchdog;
import penstock.upstream.LossReason;
import penstock.upstream.Upstream;
import penstock.upstream.UpstreamListener;
import penstock.upstream.UpstreamLoss;
import penstock.upstream.login.LoginConnector;
import penstock.venue.Venue;
import penstock.venue.spec.ConnectionSpec;
import penstock.venue.spec.ControlKind;
import penstock.venue.spec.SubscribeSpec;
import penstock.venue.spec.UpstreamUrl;

/**
 * One logged-in connection to the venue, with all that belongs to it alone: login, subscriptions and their answers,
 * heartbeats, rate limits, watchdogs, lifetime, the stages of its ticks. It ends once; afterwards only
 * {@link UpstreamSessionListener#onLost} follows a {@link #close}.
 *
 * <pre>
 *   CONNECTING ──onOpen──► LOGGING_IN ──onLoggedIn──► SUBSCRIBED
 *       └────────────────────────┴────────────────────────┴──► ENDED
 * </pre>
 * Owned by the feed thread.
 */
final class UpstreamSession implements UpstreamListener, LineListener {
    private enum Phase { CONNECTING, LOGGING_IN, SUBSCRIBED, ENDED }

    private final ThreadOwner owner = new ThreadOwner();
    private final FeedContext context;
    private final FeedClock clock;
    private final AssignedItems items;
    private final LineArbiter lines;
    private final UpstreamUrl url;
    private final Venue rules;
    private final UpstreamSessionListener listener;
    private final ConnectionSpec.Idle idle;
    private final Watchdog frameWatchdog;
    private Phase phase = Phase.CONNECTING;
    private boolean isCandidate;
    private Upstream upstream;
    /** Null before the connection is open. */
    private SessionParts parts;
    private FeedClock.Timer lifetime;

    /**
     * Not connected. No session beside it uses the same {@code rules}; {@code isCandidate}: another one is the present
     * session of the connection.
     */
    UpstreamSession(final FeedContext context, final AssignedItems items, final LineArbiter lines,
            final UpstreamUrl url, final Venue rules, final UpstreamSessionListener listener,
            final boolean isCandidate) {
        this.context = context;
        this.items = items;
        this.lines = lines;
        this.url = url;
        this.rules = rules;
        this.listener = listener;
        this.isCandidate = isCandidate;
        clock = context.clock();
        idle = context.plan().idle(items.address());
        frameWatchdog = new Watchdog(clock, idle.anyFrameMs(), idle.open(),
            () -> onUnanswered("no frame for " + idle.anyFrameMs() + " ms"));
    }

    void connect() {
        upstream = LoginConnector.connect(rules.login(), clock, url, context.dialer().upstreams(), this);
    }

    UpstreamUrl url() {
        return url;
    }

    Venue rules() {
        return rules;
    }

    boolean isOpen() {
        return phase == Phase.LOGGING_IN || phase == Phase.SUBSCRIBED;
    }

    /** The present items are requested; later ones must be requested separately. */
    boolean isSubscribed() {
        return phase == Phase.SUBSCRIBED;
    }

    /** All items are accepted or rejected: the session sends all there is. */
    boolean isComplete() {
        return isSubscribed() && parts.subscriptions().isSettled();
    }

    /** Requests that the venue has not answered yet. */
    int requests() {
        return parts == null ? 0 : parts.subscriptions().requests();
    }

    boolean isComplete(final int topic) {
        return parts != null && parts.books().isComplete(topic);
    }

    /** It is the present session of its connection, and the only one that sends. */
    void onAlone() {
        isCandidate = false;
        if (parts != null) {
            parts.ticks().promote();
            parts.outcomes().onAlone();
        }
    }

    /** Reports that it has reached its lifetime, once more. */
    void reportAgeAfter(final long ms) {
        lifetime = clock.executeAfter(() -> listener.onAged(this), ms);
    }

    /** Without effect before the login is done: it requests all items then. */
    void subscribe(final Collection<SubscribeSpec.Item> added) {
        if (isSubscribed()) {
            parts.liveness().start();
            request(added);
        }
    }

    void unsubscribe(final Collection<SubscribeSpec.Item> removed) {
        if (isSubscribed()) {
            parts.outcomes().forget(removed);
            parts.subscriptions().unsubscribe(removed);
            if (items.isIdle()) {
                parts.liveness().stop();
            }
        }
    }

    /** A symbol is subscribed to after a pause. */
    void restartNumbers(final int channel, final byte[] symbol) {
        rules.forget(channel, symbol);
    }

    /** Its books, once it is open. */
    void withBooks(final Consumer<BookRecovery> action) {
        if (parts != null) {
            action.accept(parts.books());
        }
    }

    /** Gives the session up; {@code retryAfterMs}: the delay that the venue asks for, -1 without one. */
    void lose(final LossReason reason, final String what, final long retryAfterMs) {
        if (phase != Phase.ENDED) {
            abort();
            listener.onLost(this, new UpstreamLoss(reason, what, true, 0, retryAfterMs));
        }
    }

    /** Closes with a handshake; {@link UpstreamSessionListener#onLost} follows. */
    void close(final int code, final String reason) {
        end();
        upstream.close(code, reason);
    }

    /** Ends at once, without callbacks. */
    void abort() {
        end();
        upstream.abort();
    }

    @Override
    public void onOpen() {
        assert owner.check();
        if (phase == Phase.ENDED) {
            return;
        }
        enter(Phase.LOGGING_IN);
        // only now: plugins may have given the messages of this session values of their own
        parts = new SessionParts(context, items, lines, rules, upstream, isCandidate, this);
        rules.onConnected();
        frameWatchdog.start();
        if (rules.connection().timing().lifetimeMs() > 0) {
            lifetime = clock.executeAfter(() -> listener.onAged(this), rules.connection().timing().lifetimeMs());
        }
        listener.onOpen(this);
        parts.login().start();
    }

    @Override
    public void onAlive(final long nowNs) {
        frameWatchdog.onLife(nowNs);
        if (parts != null) {
            parts.heartbeat().onAlive(nowNs);
            parts.liveness().onFrame(nowNs);
        }
    }

    @Override
    public void onSource(final long source) {
        rules.onSource(source);
    }

    @Override
    public void onText(final byte[] buffer, final int offset, final int length, final long receivedNs) {
        assert owner.check();
        if (isOpen()) {
            parts.decoder().onFrame(true, buffer, offset, length, receivedNs);
        }
    }

    @Override
    public void onBinary(final byte[] buffer, final int offset, final int length, final long receivedNs) {
        assert owner.check();
        if (isOpen()) {
            parts.decoder().onFrame(false, buffer, offset, length, receivedNs);
        }
    }

    @Override
    public boolean onPing(final byte[] payload, final int offset, final int length) {
        context.counters().increment(Counter.FEED_PINGS);
        if (isOpen() && context.connection().rates().countPongs()) {
            parts.queue().pong(payload, offset, length);
            return false;
        }
        return true;
    }

    @Override
    public void onBatchEnd() {
        listener.onBatchEnd();
    }

    @Override
    public void onClosed(final UpstreamLoss loss) {
        assert owner.check();
        end();
        listener.onLost(this, loss);
    }

    @Override
    public void onRefused(final String what) {
        fatal(LossReason.LOGIN_FAILED, what);
    }

    @Override
    public void onLoggedIn() {
        enter(Phase.SUBSCRIBED);
        request(items.all());
        if (isSubscribed()) {
            parts.heartbeat().start();
            if (!items.isIdle()) {
                parts.liveness().start();
            }
            listener.onSubscribed(this);
        }
    }

    @Override
    public void onLoginFailed(final String what, final boolean isFatal) {
        if (isFatal) {
            fatal(LossReason.LOGIN_FAILED, what);
        } else {
            lose(LossReason.LOGIN_FAILED, what, -1);
        }
    }

    @Override
    public void onFirstUpdate(final long receivedNs) {
        listener.onFirstUpdate(receivedNs);
    }

    @Override
    public void onReadyToTakeOver() {
        listener.onReadyToTakeOver();
    }

    @Override
    public void onTopicStale(final int topic) {
        listener.onTopicStale(this, topic);
    }

    @Override
    public void onUnrecoverable(final String what) {
        lose(LossReason.GAP, what, -1);
    }

    @Override
    public void onControl(final ControlKind kind, final byte[] frame, final int offset, final int length) {
        if (phase == Phase.ENDED) {
            return;
        }
        switch (kind) {
            case ERROR, EVICTED -> lose(kind == ControlKind.ERROR ? LossReason.VENUE_ERROR : LossReason.EVICTED,
                "venue reports: " + PrintableText.excerpt(frame, offset, length), rules.retryAfterMs());
            case FATAL -> fatal(LossReason.VENUE_ERROR, "venue rejected the connection permanently: "
                + PrintableText.excerpt(frame, offset, length));
            case ROLLOVER -> listener.onMove(this, "venue asks to reconnect: "
                + PrintableText.excerpt(frame, offset, length));
            default -> onMessage(kind, frame, offset, length);
        }
    }

    @Override
    public void onUnused(final byte[] frame, final int offset, final int length) {
        if (phase != Phase.ENDED) {
            onMessage(null, frame, offset, length);
        }
    }

    @Override
    public void onBookSynced() {
        parts.ticks().onSynced(clock.nowNs());
        listener.onBatchEnd();
    }

    /** A message that is not data; {@code kind} is null if no rule knows it. */
    private void onMessage(final ControlKind kind, final byte[] frame, final int offset, final int length) {
        if (parts.isRefusal(kind, frame, offset, length)) {
            context.counters().increment(Counter.FEED_REFUSED);
        }
    }

    @Override
    public void onUnanswered(final String what) {
        if (phase != Phase.ENDED) {
            context.counters().increment(Counter.FEED_SILENCES);
            lose(LossReason.SILENT, what, -1);
        }
    }

    private void fatal(final LossReason reason, final String what) {
        abort();
        listener.onFatal(this, reason, what);
    }

    private void request(final Collection<SubscribeSpec.Item> added) {
        try {
            parts.subscriptions().subscribe(added);
        } catch (IllegalStateException e) {
            fatal(LossReason.LOGIN_FAILED, e.getMessage());
        }
    }

    private void enter(final Phase next) {
        assert phase.ordinal() < next.ordinal() : phase + " to " + next;
        phase = next;
    }

    private void end() {
        if (phase == Phase.ENDED) {
            return;
        }
        enter(Phase.ENDED);
        frameWatchdog.stop();
        if (parts != null) {
            parts.stop();
        }
        if (lifetime != null) {
            lifetime.cancel();
        }
    }
}
