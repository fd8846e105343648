package penstock.feed;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.XnioIoThread;
import penstock.ring.FeedState;
import penstock.ring.TickPublisher;
import penstock.telemetry.Counter;
import penstock.telemetry.Counters;
import penstock.telemetry.Telemetry;
import penstock.websocket.CloseCode;

/**
 * Keeps one upstream connection alive: connects, logs in, subscribes, feeds the ring, notices silence and loss, and begins again.
 *
 * <p>The feed is {@code live} with the first update of a connection, not before: a venue that accepts everything and sends nothing
 * has proved nothing. It is {@code stale} from the moment of the loss, once per outage, however many attempts follow.
 *
 * <p>Owned by the feed thread; {@link #start}, {@link #stop}, {@link #state} and {@link #detail} may be called from any.
 */
public final class FeedSession {
    private static final Logger LOG = LoggerFactory.getLogger(FeedSession.class);
    private static final long FLUSH_AGAIN_MS = 1;
    private static final long NEVER = -1;

    private final FeedPlan plan;
    private final UpstreamFactory upstreams;
    private final FeedClock clock;
    private final TickPublisher publisher;
    private final Counters counters;
    private final Consumer<String> onFatal;
    private final ReconnectPolicy reconnect;
    private final FeedUpdates updates;
    private final FeedTimers timers;
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();
    private volatile SessionState state = SessionState.CONNECTING;
    private volatile String detail = "not started";
    private FeedState told = FeedState.STARTING;
    private Line line;
    private LoginScript login;
    private long liveSinceNs;
    private long lastDataNs;
    private boolean isLive;
    private boolean isStopping;

    FeedSession(final FeedPlan plan, final UpstreamFactory upstreams, final FeedClock clock, final RandomGenerator random,
            final TickPublisher publisher, final Telemetry telemetry, final Consumer<String> onFatal) {
        this.plan = plan;
        this.upstreams = upstreams;
        this.clock = clock;
        this.publisher = publisher;
        counters = telemetry.counters("feed");
        this.onFatal = onFatal;
        final ConnectionSpec connection = plan.venue().connection();
        final BackOff backOff = new BackOff(connection.reconnect().minMs(), connection.reconnect().maxMs(), random);
        reconnect = new ReconnectPolicy(plan.urls(), backOff, connection.reconnect().resetAfterMs());
        updates = new FeedUpdates(plan.venue(), publisher, counters, telemetry.errors(), new Reading());
        timers = new FeedTimers(clock, connection.idle(), this::onSilent);
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

    /** The last thing that happened, in words for the operator; without secrets. */
    public String detail() {
        return detail;
    }

    private void connect() {
        if (!isStopping && state != SessionState.CLOSED) {
            final UpstreamUrl url = reconnect.url();
            enter(SessionState.CONNECTING, "connecting to " + url);
            line = new Line();
            line.upstream = upstreams.connect(url, line);
        }
    }

    private void onOpen() {
        counters.increment(Counter.FEED_CONNECTS);
        enter(SessionState.LOGGING_IN, "connected to " + reconnect.url());
        timers.onConnected();
        plan.venue().onConnected();
        updates.onConnected();
        login = new LoginScript(plan.venue().session(), clock, new Login());
        login.start();
    }

    private void onText(final byte[] frame, final int offset, final int length, final long receivedNs) {
        updates.onFrame(receivedNs, length);
        if (login.onText(frame, offset, length)) {
            counters.increment(Counter.FEED_HEARTBEATS);
            return;
        }
        timers.onMessage(frame, offset, length);
        plan.venue().onText(frame, offset, length, receivedNs, updates);
    }

    private void onBatchEnd() {
        publisher.flush();
        if (publisher.isBehind()) {
            timers.flushAgain(this::onBatchEnd, FLUSH_AGAIN_MS);
        }
    }

    private void onSilent(final String what) {
        counters.increment(Counter.FEED_SILENCES);
        lose(LossReason.SILENT, what);
    }

    /** We give the connection up. */
    private void lose(final LossReason reason, final String what) {
        if (line != null) {
            line.upstream.abort();
            onLost(UpstreamLoss.of(reason, what, true));
        }
    }

    private void onLost(final UpstreamLoss loss) {
        final long nowNs = clock.nowNs();
        final long healthyNs = isLive ? lastDataNs - liveSinceNs : 0;
        disconnect();
        if (isStopping) {
            finish();
            return;
        }
        counters.increment(loss.wasOpen() ? Counter.FEED_DISCONNECTS : Counter.FEED_CONNECT_FAILURES);
        if (loss.reason() == LossReason.PROTOCOL_ERROR) {
            counters.increment(Counter.FEED_PROTOCOL_ERRORS);
        }
        final long delayMs = reconnect.onLoss(loss, healthyNs, nowNs);
        enter(SessionState.BACKING_OFF, loss.detail());
        tell(FeedState.STALE, loss.reason(), delayMs);
        LOG.warn("feed: {}: {}; next attempt in {} ms at {}", loss.reason().word(), loss.detail(), delayMs, reconnect.url());
        timers.retry(this::connect, delayMs);
    }

    private void fatal(final LossReason reason, final String what) {
        if (line != null) {
            line.upstream.abort();
        }
        disconnect();
        timers.stopAll();
        enter(SessionState.CLOSED, what);
        tell(FeedState.CLOSED, reason, NEVER);
        LOG.error("feed: {}: {}; no further attempt", reason.word(), what);
        onFatal.accept(what);
    }

    private void goLive(final long nowNs) {
        isLive = true;
        liveSinceNs = nowNs;
        enter(SessionState.LIVE, "live from " + reconnect.url());
        told = FeedState.LIVE;
        publisher.feedState(FeedState.LIVE, null, clock.epochUs(), NEVER);
        LOG.info("feed: live from {}", reconnect.url());
    }

    /** Subscribers are told of a state once, whatever happens during it. */
    private void tell(final FeedState news, final LossReason reason, final long retryInMs) {
        if (told != news) {
            told = news;
            publisher.feedState(news, reason.word(), clock.epochUs(), retryInMs);
        }
        onBatchEnd();
    }

    private void disconnect() {
        line = null;
        isLive = false;
        if (login != null) {
            login.stop();
        }
        timers.onDisconnected();
    }

    private void onStop() {
        if (state == SessionState.CLOSED) {
            finish();
        } else if (!isStopping) {
            isStopping = true;
            timers.stopAll();
            if (line == null) {
                finish();
            } else {
                line.upstream.close(CloseCode.NORMAL, "relay stops");
            }
        }
    }

    private void finish() {
        timers.stopAll();
        publisher.flush();
        enter(SessionState.CLOSED, state == SessionState.CLOSED ? detail : "stopped");
        stopped.complete(null);
    }

    private void enter(final SessionState next, final String what) {
        detail = what;
        state = next;
    }

    /** What the login script asks for and comes to. */
    private final class Login implements LoginScript.Owner {
        @Override
        public void onLoginMessage(final String message) {
            line.upstream.sendText(message.getBytes(StandardCharsets.UTF_8));
        }

        @Override
        public void onLoggedIn() {
            final SubscribeSpec subscribe = plan.venue().subscribe();
            final List<String> messages;
            try {
                messages = subscribe.messages(plan.channels(), plan.symbols(), 1);
            } catch (IllegalStateException e) {
                fatal(LossReason.LOGIN_FAILED, e.getMessage());
                return;
            }
            if (messages.isEmpty() && !subscribe.isSilent()) {
                LOG.warn("feed: nothing is subscribed, only what the address itself asks for can come; name feed.symbols");
            }
            messages.forEach(this::onLoginMessage);
            detail = "subscribed to " + plan.symbols().size() + " symbols, waiting for the first update";
            timers.onSubscribed(messages.isEmpty() ? null : subscribe.ack());
        }

        @Override
        public void onLoginFailed(final String what, final boolean isFatal) {
            if (isFatal) {
                fatal(LossReason.LOGIN_FAILED, what);
            } else {
                lose(LossReason.LOGIN_FAILED, what);
            }
        }
    }

    /** What the venue's rules find in a frame that the session must act on. */
    private final class Reading implements FeedUpdates.Owner {
        @Override
        public void onData(final long receivedNs) {
            lastDataNs = receivedNs;
            timers.onData(receivedNs);
            if (!isLive && line != null) {
                goLive(receivedNs);
            }
        }

        @Override
        public void onControl(final ControlKind kind, final byte[] frame, final int offset, final int length) {
            switch (kind) {
                case ACK, NACK, SHARD -> timers.onAcknowledged();
                case ERROR -> lose(LossReason.VENUE_ERROR, "the venue reports: " + FrameText.shown(frame, offset, length));
                case FATAL -> fatal(LossReason.VENUE_ERROR, "the venue refuses us for good: " + FrameText.shown(frame, offset, length));
                case ROLLOVER -> lose(LossReason.DISCONNECTED, "the venue wants us to move: " + FrameText.shown(frame, offset, length));
                default -> { }
            }
        }

        @Override
        public void onGap(final String what) {
            lose(LossReason.GAP, what);
        }
    }

    /** One connection's voice; it has none any more when the session has turned to another. */
    private final class Line implements UpstreamListener {
        private Upstream upstream;

        @Override
        public void onOpen() {
            if (line == this) {
                FeedSession.this.onOpen();
            }
        }

        @Override
        public void onAlive(final long nowNs) {
            if (line == this) {
                timers.onAlive(nowNs);
            }
        }

        @Override
        public void onText(final byte[] buffer, final int offset, final int length, final long receivedNs) {
            if (line == this) {
                try {
                    FeedSession.this.onText(buffer, offset, length, receivedNs);
                } catch (RuntimeException e) {
                    updates.onFailure(e, buffer, offset, length);
                }
            }
        }

        @Override
        public void onBinary(final byte[] buffer, final int offset, final int length, final long receivedNs) {
            if (line == this) {
                updates.onFrame(receivedNs, length);
                try {
                    plan.venue().onBinary(buffer, offset, length, receivedNs, updates);
                } catch (RuntimeException e) {
                    updates.onFailure(e, buffer, offset, length);
                }
            }
        }

        @Override
        public void onPing() {
            counters.increment(Counter.FEED_PINGS);
        }

        @Override
        public void onBatchEnd() {
            FeedSession.this.onBatchEnd();
        }

        @Override
        public void onClosed(final UpstreamLoss loss) {
            if (line == this) {
                onLost(loss);
            }
        }
    }
}
