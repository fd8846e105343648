package penstock.feed;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import penstock.telemetry.Counter;
import penstock.telemetry.Counters;

/**
 * One connection to the venue with all that belongs to it alone: login, subscriptions and their answers, heartbeats, limits of what is
 * sent, watchdogs, age. Ends once; nothing is heard of it afterwards but that it is closed.
 * Owned by the feed thread.
 */
final class FeedLine implements UpstreamListener, Venue.Login {
    private static final Logger LOG = LoggerFactory.getLogger(FeedLine.class);

    private final FeedPlan plan;
    private final UpstreamUrl url;
    private final FeedClock clock;
    private final Counters counters;
    private final Refusals refusals;
    private final Owner owner;
    private final Venue rules;
    private final Snapshots snapshots = new Snapshots();
    private final FeedBooks books;
    private final Watchdog anyFrame;
    private final Watchdog data;
    private final LoginScript login;
    private Upstream upstream;
    private SendQueue queue;
    private Heartbeat heartbeat;
    private Requests requests;
    private FeedClock.Timer age;
    private boolean isOpen;
    private boolean isEnded;

    /** Who acts on what happens. */
    interface Owner {
        void onOpen(FeedLine line);

        /** All is asked for; what follows should be data. */
        void onAsked(FeedLine line);

        void onFrame(FeedLine line, boolean isText, byte[] buffer, int offset, int length, long receivedNs);

        void onBatchEnd();

        /** It has lived as long as the venue lets it. */
        void onAged(FeedLine line);

        /** The last call. */
        void onLost(FeedLine line, UpstreamLoss loss);

        /** The venue will not have us, or can't be asked; the last call. */
        void onFatal(FeedLine line, LossReason reason, String what);
    }

    /** {@code rules}: no other living connection may use them. */
    FeedLine(final FeedPlan plan, final UpstreamUrl url, final Venue rules, final FeedClock clock, final Counters counters,
            final Refusals refusals, final Owner owner) {
        this.plan = plan;
        this.url = url;
        this.clock = clock;
        this.counters = counters;
        this.refusals = refusals;
        this.owner = owner;
        this.rules = rules;
        books = new FeedBooks(rules);
        final ConnectionSpec.Idle idle = plan.venue().connection().idle();
        anyFrame = new Watchdog(clock, idle.anyFrameMs(), () -> onSilent("nothing at all came for " + idle.anyFrameMs() + " ms"));
        data = new Watchdog(clock, idle.dataMs(), () -> onSilent("no update came for " + idle.dataMs() + " ms"));
        login = new LoginScript(plan.venue().session(), clock, new Login());
    }

    void connect(final UpstreamFactory upstreams) {
        upstream = upstreams.connect(url, this);
    }

    UpstreamUrl url() {
        return url;
    }

    /** What the messages of this connection mean. */
    Venue rules() {
        return rules;
    }

    /** Of which topics it has sent all there is. */
    Snapshots snapshots() {
        return snapshots;
    }

    /** The order books that its messages make. */
    FeedBooks books() {
        return books;
    }

    boolean isOpen() {
        return isOpen;
    }

    /** Nothing that it still says counts. */
    boolean isEnded() {
        return isEnded;
    }

    /** Logged in, and everything asked for was accepted or refused: what it sends from now on is all there is. */
    boolean isComplete() {
        return isOpen && !isEnded && login.isDone() && requests.isSettled();
    }

    @Override
    public boolean takesForLogin(final byte[] frame, final int offset, final int length) {
        if (login.isDone() || !login.onText(frame, offset, length)) {
            return false;
        }
        counters.increment(Counter.FEED_HEARTBEATS);
        return true;
    }

    void onData(final long nowNs) {
        data.onLife(nowNs);
        requests.onData();
    }

    /** Something that is not data; {@code kind} is null where no rule knows it. */
    void onMessage(final ControlKind kind, final byte[] frame, final int offset, final int length) {
        // what is ignored may come by the thousand
        final boolean isHeartbeat = kind != ControlKind.IGNORED && heartbeat.onMessage(frame, offset, length);
        if (!isHeartbeat && requests.onMessage(kind, frame, offset, length)) {
            counters.increment(Counter.FEED_REFUSED);
        }
    }

    /** We give it up; {@code afterMs}: how long the venue wants us to wait, -1 = it says nothing. */
    void lose(final LossReason reason, final String what, final long afterMs) {
        if (!isEnded) {
            abort();
            owner.onLost(this, new UpstreamLoss(reason, what, true, 0, afterMs));
        }
    }

    /** Says good-bye; {@link Owner#onLost} follows. */
    void close(final int code, final String reason) {
        end();
        upstream.close(code, reason);
    }

    /** Ends at once, without a word to anyone. */
    void abort() {
        end();
        upstream.abort();
    }

    @Override
    public void onOpen() {
        if (isEnded) {
            return;
        }
        isOpen = true;
        final Venue venue = plan.venue();
        queue = new SendQueue(clock, upstream, venue.connection().rates().send(), venue.subscribe().rate());
        heartbeat = new Heartbeat(venue.heartbeat(), clock, queue, this::onSilent);
        requests = new Requests(venue.subscribe(), clock, queue, refusals, this::onSilent);
        rules.onConnected();
        anyFrame.start();
        if (venue.connection().lifetimeMs() > 0) {
            age = clock.executeAfter(() -> owner.onAged(this), venue.connection().lifetimeMs());
        }
        owner.onOpen(this);
        login.start();
    }

    @Override
    public void onAlive(final long nowNs) {
        anyFrame.onLife(nowNs);
        if (heartbeat != null) {
            heartbeat.onAlive(nowNs);
        }
    }

    @Override
    public void onText(final byte[] buffer, final int offset, final int length, final long receivedNs) {
        if (isOpen && !isEnded) {
            owner.onFrame(this, true, buffer, offset, length, receivedNs);
        }
    }

    @Override
    public void onBinary(final byte[] buffer, final int offset, final int length, final long receivedNs) {
        if (isOpen && !isEnded) {
            owner.onFrame(this, false, buffer, offset, length, receivedNs);
        }
    }

    @Override
    public boolean onPing(final byte[] payload, final int offset, final int length) {
        counters.increment(Counter.FEED_PINGS);
        if (isOpen && plan.venue().connection().rates().countPongs()) {
            queue.pong(payload, offset, length);
            return false;
        }
        return true;
    }

    @Override
    public void onBatchEnd() {
        owner.onBatchEnd();
    }

    @Override
    public void onClosed(final UpstreamLoss loss) {
        end();
        owner.onLost(this, loss);
    }

    private void onSilent(final String what) {
        if (!isEnded) {
            counters.increment(Counter.FEED_SILENCES);
            lose(LossReason.SILENT, what, -1);
        }
    }

    private void fatal(final String what) {
        abort();
        owner.onFatal(this, LossReason.LOGIN_FAILED, what);
    }

    private void end() {
        isEnded = true;
        login.stop();
        anyFrame.stop();
        data.stop();
        if (isOpen) {
            queue.stop();
            heartbeat.stop();
            requests.stop();
        }
        if (age != null) {
            age.cancel();
        }
    }

    private void subscribe() {
        final SubscribeSpec subscribe = plan.venue().subscribe();
        try {
            final List<SubscribeSpec.Item> items = subscribe.items(plan.channels(), plan.symbols());
            if (items.isEmpty() && !subscribe.isSilent()) {
                LOG.warn("feed: nothing is subscribed, only what the address itself asks for can come; name feed.symbols");
            }
            requests.ask(items);
        } catch (IllegalStateException e) {
            fatal(e.getMessage());
            return;
        }
        if (!isEnded) {
            heartbeat.start();
            data.start();
            owner.onAsked(this);
        }
    }

    /** What the login script asks for and comes to. */
    private final class Login implements LoginScript.Owner {
        @Override
        public void onLoginMessage(final String message) {
            queue.request(message.getBytes(StandardCharsets.UTF_8), () -> { });
        }

        @Override
        public void onLoggedIn() {
            subscribe();
        }

        @Override
        public void onLoginFailed(final String what, final boolean isFatal) {
            if (isFatal) {
                fatal(what);
            } else {
                lose(LossReason.LOGIN_FAILED, what, -1);
            }
        }
    }
}
