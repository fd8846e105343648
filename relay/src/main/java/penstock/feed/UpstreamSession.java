package penstock.feed;

import java.nio.charset.StandardCharsets;
import java.util.Collection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import penstock.feed.book.FeedBooks;
import penstock.feed.book.GapRecovery;
import penstock.feed.book.SnapshotSynchronizer;
import penstock.feed.book.SyncedTopics;
import penstock.feed.request.Heartbeat;
import penstock.feed.request.LoginScript;
import penstock.feed.request.SubscriptionReconciler;
import penstock.ring.TickPublisher;
import penstock.ring.UpdateKind;
import penstock.ring.UpdateSlice;
import penstock.telemetry.Counter;
import penstock.text.PrintableText;
import penstock.time.FeedClock;
import penstock.time.Watchdog;
import penstock.upstream.LossReason;
import penstock.upstream.PluginConnector;
import penstock.upstream.SendQueue;
import penstock.upstream.Upstream;
import penstock.upstream.UpstreamFactory;
import penstock.upstream.UpstreamListener;
import penstock.upstream.UpstreamLoss;
import penstock.venue.Venue;
import penstock.venue.spec.ConnectionSpec;
import penstock.venue.spec.ControlKind;
import penstock.venue.spec.GapAction;
import penstock.venue.spec.SubscribeSpec;
import penstock.venue.spec.UpstreamUrl;

/**
 * One connection to the venue with all that belongs to it alone: login, subscriptions and their answers, heartbeats,
 * limits of what is sent, watchdogs, age. Ends once; nothing is heard of it afterwards but that it is closed. Owned by
 * the feed thread.
 */
final class UpstreamSession implements UpstreamListener, FeedMessageHandler.Source, GapRecovery.Owner {
    private static final Logger LOG = LoggerFactory.getLogger(UpstreamSession.class);

    private final FeedContext parts;
    private final ConnectionGroup share;
    private final UpstreamUrl url;
    private final UpstreamSessionListener owner;
    private final SnapshotSynchronizer bridge;
    private final Venue rules;
    private final SyncedTopics snapshots = new SyncedTopics();
    private final FeedBooks books;
    private final Watchdog anyFrame;
    private final Watchdog data;
    private final LoginScript login;
    private final GapRecovery healing;
    private Upstream upstream;
    private SendQueue queue;
    private Heartbeat heartbeat;
    private SubscriptionReconciler requests;
    private FeedClock.Timer age;
    private boolean isOpen;
    private boolean isEnded;

    /** {@code rules}: no other living connection may use them. */
    UpstreamSession(final FeedContext parts, final ConnectionGroup share, final UpstreamUrl url, final Venue rules,
            final UpstreamSessionListener owner) {
        this.parts = parts;
        this.share = share;
        this.url = url;
        this.owner = owner;
        bridge = new SnapshotSynchronizer(parts.snapshots(), parts.counters(), this::onBook);
        this.rules = rules;
        books = new FeedBooks(rules);
        final FeedClock clock = parts.clock();
        final ConnectionSpec.Idle idle = parts.connection().idle();
        anyFrame = new Watchdog(clock, idle.anyFrameMs(), idle.open(),
            () -> onSilent("nothing at all came for " + idle.anyFrameMs() + " ms"));
        final String fresh = idle.maxAgeMs() == 0 ? "no update" : "no update younger than " + idle.maxAgeMs() + " ms";
        data = new Watchdog(clock, idle.dataMs(), idle.open(),
            () -> onSilent(fresh + " came for " + idle.dataMs() + " ms"));
        login = new LoginScript(rules.session(), clock, new Login());
        healing = new GapRecovery(clock, this);
    }

    void connect(final UpstreamFactory upstreams) {
        upstream = PluginConnector.connect(rules.plugins(), parts.clock(), url, upstreams, this);
    }

    UpstreamUrl url() {
        return url;
    }

    @Override
    public Venue rules() {
        return rules;
    }

    @Override
    public SyncedTopics snapshots() {
        return snapshots;
    }

    @Override
    public FeedBooks books() {
        return books;
    }

    @Override
    public SnapshotSynchronizer bridge() {
        return bridge;
    }

    @Override
    public GapRecovery healing() {
        return healing;
    }

    boolean isOpen() {
        return isOpen;
    }

    /** Whether what is wanted now was asked for: what is wanted later was not. */
    boolean hasAsked() {
        return isOpen && !isEnded && login.isDone();
    }

    /** Logged in, and everything asked for was accepted or refused: what it sends from now on is all there is. */
    boolean isComplete() {
        return isOpen && !isEnded && login.isDone() && requests.isSettled();
    }

    /** More is wanted; without effect before it has asked for everything. */
    void want(final Collection<SubscribeSpec.Item> items) {
        if (hasAsked()) {
            if (!data.isRunning()) {
                data.start();
            }
            ask(items);
        }
    }

    /** A topic is wanted that was not for a while: it begins anew. */
    void begin(final int channel, final int topic, final byte[] symbol) {
        rules.forget(channel, symbol);
        snapshots.forget(topic);
        end(topic);
    }

    /** A topic is not wanted any more, or can't be had: nobody waits for it. */
    void end(final int topic) {
        healing.onWhole(topic);
        bridge.forget(topic);
    }

    /** Less is wanted. */
    void unwant(final Collection<SubscribeSpec.Item> items) {
        if (hasAsked()) {
            requests.unwant(items);
            if (share.isIdle()) {
                data.stop();
            }
        }
    }

    /** We give it up; {@code afterMs}: how long the venue wants us to wait, -1 = it says nothing. */
    void lose(final LossReason reason, final String what, final long afterMs) {
        if (!isEnded) {
            abort();
            owner.onLost(this, new UpstreamLoss(reason, what, true, 0, afterMs));
        }
    }

    /** Says good-bye; {@link UpstreamSessionListener#onLost} follows. */
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
        // of this connection: plugins may have given its messages values of their own
        queue = new SendQueue(parts.clock(), upstream, rules.connection().rates().send(), rules.subscribe().rate());
        heartbeat = new Heartbeat(rules.heartbeat(), parts.clock(), queue, this::onSilent);
        requests = new SubscriptionReconciler(rules.subscribe(), rules.connection().limits().maxSubscriptions(),
            parts.clock(), queue, parts.refusals(),
            new RequestOutcomes(parts.asked(), share, this::onSilent));
        rules.onConnected();
        anyFrame.start();
        if (rules.connection().timing().lifetimeMs() > 0) {
            age = parts.clock().executeAfter(() -> owner.onAged(this), rules.connection().timing().lifetimeMs());
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
        read(true, buffer, offset, length, receivedNs);
    }

    @Override
    public void onBinary(final byte[] buffer, final int offset, final int length, final long receivedNs) {
        read(false, buffer, offset, length, receivedNs);
    }

    @Override
    public boolean isWanted(final int topic) {
        return parts.asked().isWanted(share, topic);
    }

    @Override
    public void onTopicStale(final int topic) {
        owner.onBroken(this, topic, LossReason.GAP);
    }

    @Override
    public boolean onData(final long receivedNs, final long timeUs) {
        if (isEnded) {
            return false;
        }
        if (isFresh(timeUs)) {
            data.onLife(receivedNs);
        }
        requests.onData();
        owner.onData(this, receivedNs);
        return true;
    }

    @Override
    public boolean takes(final int topic, final long timeUs, final UpdateSlice slices, final long number) {
        if (slices.update != UpdateKind.DELTA) {
            healing.onWhole(topic);
        }
        return owner.takes(this, topic, timeUs, slices, number);
    }

    @Override
    public void onControl(final ControlKind kind, final byte[] frame, final int offset, final int length) {
        if (isEnded) {
            return;
        }
        switch (kind) {
            case ERROR -> lose(LossReason.VENUE_ERROR, "the venue reports: "
                + PrintableText.excerpt(frame, offset, length),
                rules.retryAfterMs());
            case FATAL ->
                fatal(LossReason.VENUE_ERROR, "the venue refuses us for good: "
                + PrintableText.excerpt(frame, offset, length));
            case ROLLOVER ->
                owner.onMove(this, "the venue wants us to move: " + PrintableText.excerpt(frame, offset, length));
            default -> onMessage(kind, frame, offset, length);
        }
    }

    @Override
    public void onUnused(final byte[] frame, final int offset, final int length) {
        if (!isEnded) {
            onMessage(null, frame, offset, length);
        }
    }

    @Override
    public void onGap(final int channel, final int topic, final String symbol, final GapAction action,
            final String what) {
        if (channel < 0 || action == GapAction.RECONNECT || !isRenewed(channel, topic, symbol, true)) {
            lose(LossReason.GAP, what, -1);
        } else {
            LOG.warn("feed: {}: {}; subscribing to it again", LossReason.GAP.word(), what);
            owner.onBroken(this, topic, LossReason.GAP);
        }
    }

    @Override
    public boolean onPing(final byte[] payload, final int offset, final int length) {
        parts.counters().increment(Counter.FEED_PINGS);
        if (isOpen && parts.connection().rates().countPongs()) {
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

    @Override
    public void onRefused(final String what) {
        fatal(LossReason.LOGIN_FAILED, what);
    }

    /** Data of yesterday are no sign of life, however lively they come. */
    private boolean isFresh(final long timeUs) {
        final long maxAgeMs = parts.connection().idle().maxAgeMs();
        return maxAgeMs == 0 || timeUs == TickPublisher.NO_TIME || parts.clock().epochUs() - timeUs <= maxAgeMs * 1_000;
    }

    @Override
    public boolean isRenewed(final int channel, final int topic, final String symbol, final boolean wasWhole) {
        final SubscribeSpec.Item item = parts.item(channel, symbol);
        return hasAsked() && requests.canRenew(item) && healing.begin(channel, topic, symbol, wasWhole)
            && requests.renew(item);
    }

    private void read(final boolean isText, final byte[] frame, final int offset, final int length,
            final long receivedNs) {
        if (isOpen && !isEnded) {
            parts.updates().onFrame(this, isText, frame, offset, length, receivedNs);
        }
    }

    private void onBook() {
        parts.updates().onBook(this, parts.clock().nowNs());
        owner.onBatchEnd();
    }

    @Override
    public boolean takesForLogin(final byte[] frame, final int offset, final int length) {
        if (login.isDone() || !login.onText(frame, offset, length)) {
            return false;
        }
        parts.counters().increment(Counter.FEED_HEARTBEATS);
        return true;
    }

    /** Something that is not data; {@code kind} is null where no rule knows it. */
    private void onMessage(final ControlKind kind, final byte[] frame, final int offset, final int length) {
        // what is ignored may come by the thousand
        final boolean isHeartbeat = kind != ControlKind.IGNORED && heartbeat.onMessage(frame, offset, length);
        if (!isHeartbeat && requests.onMessage(kind, frame, offset, length)) {
            parts.counters().increment(Counter.FEED_REFUSED);
        }
    }

    private void onSilent(final String what) {
        if (!isEnded) {
            parts.counters().increment(Counter.FEED_SILENCES);
            lose(LossReason.SILENT, what, -1);
        }
    }

    private void fatal(final LossReason reason, final String what) {
        abort();
        owner.onFatal(this, reason, what);
    }

    private void end() {
        isEnded = true;
        bridge.stop();
        login.stop();
        anyFrame.stop();
        data.stop();
        healing.stop();
        if (isOpen) {
            queue.stop();
            heartbeat.stop();
            requests.stop();
        }
        if (age != null) {
            age.cancel();
        }
    }

    private void ask(final Collection<SubscribeSpec.Item> items) {
        try {
            requests.want(items);
        } catch (IllegalStateException e) {
            fatal(LossReason.LOGIN_FAILED, e.getMessage());
        }
    }

    private void subscribe() {
        if (share.items().isEmpty() && !share.isIdle() && !parts.subscribe().isSilent()) {
            LOG.warn("feed: nothing is subscribed, only what the address itself asks for can come; name feed.symbols");
        }
        ask(share.items());
        if (!isEnded) {
            heartbeat.start();
            if (!share.isIdle()) {
                data.start();
            }
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
                fatal(LossReason.LOGIN_FAILED, what);
            } else {
                lose(LossReason.LOGIN_FAILED, what, -1);
            }
        }
    }
}
