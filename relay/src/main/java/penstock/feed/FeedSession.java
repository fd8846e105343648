package penstock.feed;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import penstock.feed.book.HttpSnapshots;
import penstock.feed.book.SnapshotQueue;
import penstock.feed.report.FeedReport;
import penstock.feed.request.LearnedAnswers;
import penstock.feed.tick.Arbiter;
import penstock.feed.tick.FeedStages;
import penstock.feed.tick.FrameLog;
import penstock.feed.tick.InterestFilter;
import penstock.feed.tick.SessionState;
import penstock.feed.tick.StaleTopicDetector;
import penstock.feed.tick.TickOutlet;
import penstock.feed.tick.TopicIndex;
import penstock.ring.ConflationClass;
import penstock.ring.TickPublisher;
import penstock.telemetry.Counter;
import penstock.telemetry.Counters;
import penstock.telemetry.Telemetry;
import penstock.thread.ThreadOwner;
import penstock.time.FeedClock;
import penstock.time.FeedTimers;
import penstock.time.SlidingWindow;
import penstock.upstream.LossReason;
import penstock.venue.FeedBooks;
import penstock.upstream.UpstreamFactory;
import penstock.venue.spec.ConnectionSpec;

/**
 * Keeps the feed alive: owns one or more connections, and derives the state of the feed from theirs.
 *
 * <p>The feed is {@code live} with the first update, and {@code stale} from the moment when the last of its connections
 * is lost: once per outage, not per attempt. If one of several connections is lost, only its topics are stale.
 *
 * <p>Owned by the feed thread; other threads use the {@link FeedProxy}.
 */
final class FeedSession implements FeedConnectionListener {
    private static final Logger LOG = LoggerFactory.getLogger(FeedSession.class);
    private static final String SILENT = "silent";
    /** A venue may reject thousands. */
    private static final int MAX_REPORTED_SYMBOLS = 50;
    private static final int MAX_REPORTED_CONNECTIONS = 200;

    private final ThreadOwner owner = new ThreadOwner();
    private final FeedPlan plan;
    private final Counters counters;
    private final Consumer<String> onFatal;
    private final FeedTimers timers;
    private final StaleTopicDetector staleTopics;
    private final FeedStatusPublisher status;
    private final Arbiter arbiter = new Arbiter();
    private final LearnedAnswers learned;
    private final FeedContext context;
    private final FeedSubscriptions subscriptions;
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();
    private volatile SessionState state = SessionState.CONNECTING;
    private volatile String detail = "not started";
    private volatile int liveConnections;
    private int stoppingCount;
    private boolean isStopping;
    private boolean isEnded;

    FeedSession(final FeedPlan plan, final UpstreamFactory upstreams, final FeedClock clock,
            final RandomGenerator random, final TickPublisher publisher, final Telemetry telemetry,
            final Consumer<String> onFatal) {
        this.plan = plan;
        this.onFatal = onFatal;
        counters = telemetry.counters(plan.place().owner());
        learned = new LearnedAnswers(plan.place().title());
        timers = new FeedTimers(clock);
        // fail early if a channel names an unknown checksum plugin
        new FeedBooks(plan.venue());
        staleTopics = new StaleTopicDetector(clock, plan.venue().channels(), plan.venue().connection().idle().open(),
            arbiter::group, this::onSilent);
        status = new FeedStatusPublisher(plan.place(), publisher, clock, timers, staleTopics);
        final FrameLog log = new FrameLog(plan.place().title());
        final FeedStages stages = new FeedStages(
            new TopicIndex(publisher, plan.place()::toRelay, plan.isOnDemand(), plan.topics()::max, counters, log),
            new InterestFilter(plan.isOnDemand()),
            arbiter, new TickOutlet(plan.venue(), publisher, staleTopics, counters, log), counters,
            telemetry.errors(), log);
        subscriptions = new FeedSubscriptions(plan, clock, stages, status, learned.rejected(), upstreams.snapshots(),
            this::newGroup);
        context = new FeedContext(plan, clock,
            new FeedDialer(upstreams, SlidingWindow.of(plan.venue().connection().rates().connect()), random), stages,
            new SnapshotQueue(plan.place().title(), new HttpSnapshots(upstreams.snapshots(), clock), clock, random,
                counters), learned);
    }

    void onStart() {
        assert owner.check();
        if (!isStopping) {
            if (plan.isBehindRelay()) {
                LOG.warn("{}: {} looks like the raw endpoint of another relay, which does not say when its own feed "
                    + "is lost: old values look live here. Use venue = penstock with its /v1/ws instead. Silence of {} "
                    + "ms ends the connection; add snapshot=false to the address, so that no old values follow",
                    plan.place().title(), plan.urls(), plan.idle(ConnectionSpec.Endpoint.MAIN).dataMs());
            }
            if (!plan.isOnDemand() && plan.symbols().isEmpty() && !plan.venue().subscribe().isUnsupported()) {
                LOG.warn("{}: no subscriptions, only data named in the address can arrive; set symbols",
                    plan.place().title());
            }
            staleTopics.start();
            subscriptions.start();
            status.flush();
        }
    }

    /** Closes the connections; {@link #stopped} is done afterwards. */
    void onStop() {
        assert owner.check();
        staleTopics.stop();
        timers.stopAll();
        subscriptions.stop();
        if (isEnded || subscriptions.groups().isEmpty()) {
            isStopping = true;
            finish();
        } else if (!isStopping) {
            isStopping = true;
            stoppingCount = 1;
            for (final ConnectionGroup group : subscriptions.groups()) {
                stoppingCount += group.connections().size();
                group.connections().forEach(FeedConnection::stop);
            }
            onStopped();
        }
    }

    void onAddInterest(final int channel, final List<String> symbols, final String client) {
        assert owner.check();
        if (!isStopping && !isEnded) {
            subscriptions.addInterest(channel, symbols, client);
        }
    }

    /** {@code isReplaced}: another feed takes its place, which says so to the subscribers. */
    void onRemove(final boolean isReplaced) {
        assert owner.check();
        if (!isStopping && !isEnded && isReplaced) {
            endConnections("its configuration has changed");
        } else if (!isStopping && !isEnded) {
            LOG.info("{}: the configuration does not have it any more", plan.place().title());
            end(LossReason.REMOVED, "the configuration does not have it any more");
        }
    }

    /** Closes all connections at once, and opens none any more; {@code why} null: they may be opened again. */
    void onSuspend(final String why) {
        assert owner.check();
        context.dialer().refuse(why);
        if (why != null && !isStopping && !isEnded) {
            subscriptions.groups().forEach(group -> group.connections().forEach(FeedConnection::suspend));
            status.stale(LossReason.STANDBY, -1);
        }
    }

    /** Before the start; see {@link FeedProxy#onEvicted}. */
    void onEvicted(final Runnable asked) {
        context.dialer().onEvicted(asked);
    }

    void onFollow(final List<String> channels, final List<String> symbols) {
        assert owner.check();
        if (!isStopping && !isEnded) {
            subscriptions.follow(channels, symbols);
        }
    }

    void onRemoveInterest(final int channel, final List<String> symbols) {
        assert owner.check();
        if (!isStopping && !isEnded) {
            subscriptions.removeInterest(channel, symbols);
        }
    }

    /** The feed thread has ended, and with it all connections. Any thread. */
    void onThreadEnded() {
        state = SessionState.CLOSED;
        stopped.complete(null);
    }

    /** Any thread, like the readings below. */
    CompletableFuture<Void> stopped() {
        return stopped;
    }

    SessionState state() {
        return state;
    }

    String detail() {
        return detail;
    }

    int liveConnections() {
        return liveConnections;
    }

    int interestCount() {
        return subscriptions.interestCount();
    }

    /** What the operator sees of the feed; on the feed thread. */
    FeedReport onReport() {
        assert owner.check();
        final Map<String, String> rejected = new LinkedHashMap<>();
        rejectedSymbols().entrySet().stream().limit(MAX_REPORTED_SYMBOLS)
            .forEach(each -> rejected.put(each.getKey(), each.getValue()));
        return new FeedReport(detail, interestCount(), subscriptions.groups().stream()
            .flatMap(group -> group.connections().stream()).limit(MAX_REPORTED_CONNECTIONS)
            .map(FeedConnection::report).toList(), rejected, plan.venue().counts().namesWithoutValue());
    }

    Map<String, String> rejectedSymbols() {
        return learned.rejected().snapshot();
    }

    /** Of one connection its state; of several the number of live ones, and the detail of the first that is not. */
    @Override
    public void onChange() {
        int all = 0;
        int live = 0;
        FeedConnection worst = null;
        for (final ConnectionGroup group : subscriptions.groups()) {
            for (final FeedConnection connection : group.connections()) {
                all++;
                live += connection.isLive() ? 1 : 0;
                worst = worst == null || worst.isLive() && !connection.isLive() ? connection : worst;
            }
        }
        liveConnections = live;
        if (!isEnded && worst != null) {
            detail = (all == 1 ? "" : live + " of " + all + " connections are live; ") + worst.state().detail();
            state = live > 0 ? SessionState.LIVE : worst.state().state();
        }
    }

    @Override
    public void onLive() {
        subscriptions.assignUnassigned();
        if (status.isLive()) {
            return;
        }
        status.live();
        for (final ConnectionGroup group : subscriptions.groups()) {
            if (!group.isLive()) {
                markStale(group, LossReason.UNREACHABLE);
            }
        }
    }

    @Override
    public void onDown(final FeedConnection connection, final LossReason reason, final long retryInMs) {
        if (reason == LossReason.EVICTED || reason == LossReason.CONTESTED) {
            context.dialer().evicted();
        }
        final ConnectionGroup group = subscriptions.groups().get(connection.group());
        if (!isLive()) {
            status.stale(reason, retryInMs);
        } else if (!group.isLive()) {
            subscriptions.forWaiting(group, topic -> status.topicStale(topic, reason.word()));
            markStale(group, reason);
        } else {
            group.connections().forEach(FeedConnection::onAlone);
            markIncomplete(group, connection);
        }
    }

    @Override
    public void onIdle(final LossReason reason) {
        // a feed without any items misses nothing
        if (!isLive() && subscriptions.groups().stream().anyMatch(group -> !group.items().isIdle())) {
            status.stale(reason, -1);
        }
    }

    @Override
    public void onFatal(final LossReason reason, final String what) {
        if (!isEnded) {
            LOG.error("{}: {}: {}; no further attempt", plan.place().title(), reason.word(), what);
            end(reason, what);
        }
    }

    private void end(final LossReason reason, final String what) {
        endConnections(what);
        status.closed(reason);
        onFatal.accept(what);
    }

    private void endConnections(final String what) {
        isEnded = true;
        for (final ConnectionGroup group : subscriptions.groups()) {
            group.connections().forEach(connection -> connection.abort(what));
        }
        subscriptions.stop();
        staleTopics.stop();
        timers.stopAll();
        detail = what;
        state = SessionState.CLOSED;
    }

    @Override
    public void onStopped() {
        if (--stoppingCount == 0) {
            finish();
        }
    }

    @Override
    public void onTopicStale(final FeedConnection connection, final int topic) {
        if (!subscriptions.groups().get(connection.group()).isBackedUp(connection, topic)) {
            onIncomplete(topic);
        }
    }

    @Override
    public void onBatchEnd() {
        status.flush();
    }

    private ConnectionGroup newGroup(final int number, final String address) {
        final AssignedItems items = new AssignedItems(number, address,
            plan.maxItems(), plan.isOnDemand(), subscriptions.outcomes(number));
        final ConnectionGroup group = new ConnectionGroup(items);
        for (int i = 0; i < (plan.isRedundant() ? 2 : 1); i++) {
            // the venue that the configuration was checked with is for the first connection, copies are for the others
            group.add(new FeedConnection(context, items, i, number + i == 0 ? plan.venue() : plan.venue().newInstance(),
                this));
        }
        return group;
    }

    private boolean isLive() {
        return subscriptions.groups().stream().anyMatch(ConnectionGroup::isLive);
    }

    /** The group sends nothing, while the feed is live. */
    private void markStale(final ConnectionGroup group, final LossReason reason) {
        forTopics(group, topic -> status.topicStale(topic, reason.word()));
    }

    /** One of two connections is lost: changes from the other one may need an image that only the lost one had. */
    private void markIncomplete(final ConnectionGroup group, final FeedConnection lost) {
        forTopics(group, topic -> {
            final ConflationClass conflation =
                plan.venue().channels().get(context.stages().topics().channel(topic)).conflation();
            if ((conflation == ConflationClass.MERGE || conflation == ConflationClass.ORDER_BOOK)
                    && !group.isBackedUp(lost, topic)) {
                onIncomplete(topic);
            }
        });
    }

    /** No connection can go on with the topic before it has sent an image again; of two, until one has caught up. */
    private void onIncomplete(final int topic) {
        if (plan.isRedundant()) {
            arbiter.onIncomplete(topic);
        } else {
            arbiter.forget(topic);
        }
        status.topicStale(topic, LossReason.GAP.word());
    }

    private void forTopics(final ConnectionGroup group, final IntConsumer action) {
        for (int topic = 0; topic < arbiter.topicLimit(); topic++) {
            if (arbiter.group(topic) != Arbiter.NO_GROUP
                    && subscriptions.isSource(group.number(), topic, arbiter.group(topic))) {
                action.accept(topic);
            }
        }
        status.flush();
    }

    private void onSilent(final int topic) {
        counters.increment(Counter.FEED_TOPICS_SILENT);
        plan.venue().counts().onSilent(staleTopics.channel(topic));
        status.topicStale(topic, SILENT);
        status.flush();
    }

    private void finish() {
        status.flush();
        timers.stopAll();
        detail = isEnded ? detail : "stopped";
        isEnded = true;
        state = SessionState.CLOSED;
        stopped.complete(null);
    }
}
