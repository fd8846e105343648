package penstock.feed;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.XnioIoThread;
import penstock.feed.book.SnapshotQueue;
import penstock.feed.request.RejectedSymbols;
import penstock.ring.TickPublisher;
import penstock.ring.UpdateSlice;
import penstock.telemetry.Counter;
import penstock.telemetry.Counters;
import penstock.telemetry.Telemetry;
import penstock.time.FeedClock;
import penstock.time.FeedTimers;
import penstock.time.IoThreadClock;
import penstock.time.SlidingWindow;
import penstock.upstream.LossReason;
import penstock.upstream.UpstreamConnector;
import penstock.upstream.UpstreamFactory;
import penstock.upstream.UpstreamSettings;
import penstock.venue.spec.ConnectionSpec;

/**
 * Keeps the feed alive: as many connections as it takes, each a {@link FeedConnection} of its own, and one story made
 * of what they tell.
 *
 * <p>The feed is {@code live} with the first update, and {@code stale} from the moment when the last of its connections
 * is lost, once per outage, however many attempts follow. When one of several is lost only its topics are stale.
 *
 * <p>Owned by the feed thread; {@link #start}, {@link #stop}, {@link #want}, {@link #unwant}, {@link #state},
 * {@link #detail} and {@link #refused} may be called from any.
 */
public final class FeedSession {
    private static final Logger LOG = LoggerFactory.getLogger(FeedSession.class);
    private static final int NOBODY = -1;
    private static final String SILENT = "silent";

    private final FeedPlan plan;
    private final FeedClock clock;
    private final Counters counters;
    private final Consumer<String> onFatal;
    private final FeedTimers timers;
    private final StaleTopicDetector silences;
    private final FeedStatusPublisher news;
    private final Arbiter arbiter = new Arbiter();
    private final FeedContext parts;
    private final FeedSubscriptions subscriptions;
    private final Legs legs = new Legs();
    private final CompletableFuture<Void> stopped = new CompletableFuture<>();
    private volatile SessionState state = SessionState.CONNECTING;
    private volatile String detail = "not started";
    private volatile int liveConnections;
    /** By topic: the share that told its newest update. */
    private int[] shareOf = new int[64];
    private int stopping;
    private boolean isStopping;
    private boolean isEnded;

    public FeedSession(final FeedPlan plan, final UpstreamFactory upstreams, final FeedClock clock,
            final RandomGenerator random,
            final TickPublisher publisher, final Telemetry telemetry, final Consumer<String> onFatal) {
        this.plan = plan;
        this.clock = clock;
        this.onFatal = onFatal;
        counters = telemetry.counters("feed");
        timers = new FeedTimers(clock);
        silences = new StaleTopicDetector(clock, plan.venue().channels(), plan.venue().connection().idle().open(),
            topic -> shareOf[topic],
            this::onSilent);
        news = new FeedStatusPublisher(publisher, clock, timers, silences);
        final FeedMessageHandler updates =
            new FeedMessageHandler(plan.venue(), publisher, counters, telemetry.errors(), silences);
        subscriptions = new FeedSubscriptions(plan, clock, updates, news, this::newShare);
        parts = new FeedContext(plan, upstreams, clock, random, updates, counters,
            SlidingWindow.of(plan.venue().connection().rates().connect()), new RejectedSymbols(),
            new SnapshotQueue(upstreams.snapshots(), clock, random, counters), subscriptions);
        Arrays.fill(shareOf, NOBODY);
    }

    /**
     * A session over the network.
     *
     * @param thread  the only io thread of the feed's own worker, whose task pool (two threads will do) looks names up
     * @param tls     null = the trust store of the JVM
     * @param onFatal called on the feed thread when the venue refuses us for good, with the reason
     */
    public static FeedSession over(final XnioIoThread thread, final FeedPlan plan, final SSLContext tls,
            final TickPublisher publisher,
            final Telemetry telemetry, final Consumer<String> onFatal) {
        final FeedClock clock = new IoThreadClock(thread);
        final UpstreamSettings settings = UpstreamSettings.of(plan.venue().connection(), plan.headers(), tls);
        return new FeedSession(plan, new UpstreamConnector(thread, clock, settings), clock, new SecureRandom(),
            publisher, telemetry,
            onFatal);
    }

    /** Begins. */
    public void start() {
        clock.execute(() -> {
            if (!isStopping) {
                silences.start();
                subscriptions.start();
            }
        });
    }

    /** Says good-bye and ends; done when the sockets are closed. The state of the topics stays as it is. */
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

    /** Somebody wants these symbols of a channel; counted. Without effect on a feed whose symbols are fixed. */
    public void want(final int channel, final List<String> symbols) {
        ask(() -> subscriptions.want(channel, symbols));
    }

    /** Somebody who wanted them does not any more. */
    public void unwant(final int channel, final List<String> symbols) {
        ask(() -> subscriptions.unwant(channel, symbols));
    }

    /** Where it stands: live while one of its connections is. */
    public SessionState state() {
        return state;
    }

    /** The symbols that the venue refuses, with its words. */
    public Map<String, String> refused() {
        return parts.refusals().snapshot();
    }

    /** The last thing that happened, in words for the operator; without secrets. */
    public String detail() {
        return detail;
    }

    /** Connections that give data now. */
    public int liveConnections() {
        return liveConnections;
    }

    /** Topics that are asked for, or linger. */
    public int wanted() {
        return subscriptions.wantedCount();
    }

    /** Subscribers come and go while the relay stops too: nothing may begin then. */
    private void ask(final Runnable what) {
        try {
            clock.execute(() -> {
                if (!isStopping && !isEnded) {
                    what.run();
                }
            });
        } catch (RejectedExecutionException e) {
            LOG.debug("feed: a wish came after the feed thread had ended");
        }
    }

    private ConnectionGroup newShare(final int number) {
        final ConnectionSpec.Limits limits = plan.venue().connection().limits();
        final ConnectionGroup share =
            new ConnectionGroup(number, limits.maxSubscriptions(), plan.isOnDemand(), arbiter);
        for (int i = 0; i < (plan.isRedundant() ? 2 : 1); i++) {
            // the venue that the configuration was checked with serves the first connection, its likes the others
            share.add(new FeedConnection(parts, share, i, number + i == 0 ? plan.venue() : plan.venue().another(),
                legs));
        }
        return share;
    }

    private boolean isLive() {
        final List<ConnectionGroup> shares = subscriptions.shares();
        for (int i = 0; i < shares.size(); i++) {
            if (shares.get(i).isLive()) {
                return true;
            }
        }
        return false;
    }

    /** The topics of a share are not fed, while the feed is live. */
    private void stale(final ConnectionGroup share, final LossReason reason) {
        for (int topic = 0; topic < shareOf.length; topic++) {
            if (shareOf[topic] != NOBODY && subscriptions.isFedBy(share, topic, shareOf[topic])) {
                news.topicStale(topic, reason.word());
            }
        }
        news.flush();
    }

    private void onSilent(final int topic) {
        counters.increment(Counter.FEED_TOPICS_SILENT);
        plan.venue().counts().onSilent(silences.channel(topic));
        news.topicStale(topic, SILENT);
        news.flush();
    }

    private void onStop() {
        silences.stop();
        timers.stopAll();
        subscriptions.stop();
        if (isEnded || subscriptions.shares().isEmpty()) {
            isStopping = true;
            finish();
        } else if (!isStopping) {
            isStopping = true;
            stopping = 1;
            for (final ConnectionGroup share : subscriptions.shares()) {
                stopping += share.legs().size();
                share.legs().forEach(FeedConnection::stop);
            }
            onLegStopped();
        }
    }

    private void onLegStopped() {
        if (--stopping == 0) {
            finish();
        }
    }

    private void finish() {
        news.flush();
        timers.stopAll();
        detail = isEnded ? detail : "stopped";
        isEnded = true;
        state = SessionState.CLOSED;
        stopped.complete(null);
    }

    private void fatal(final LossReason reason, final String what) {
        if (isEnded) {
            return;
        }
        isEnded = true;
        for (final ConnectionGroup share : subscriptions.shares()) {
            share.legs().forEach(leg -> leg.abort(what));
        }
        subscriptions.stop();
        silences.stop();
        timers.stopAll();
        detail = what;
        state = SessionState.CLOSED;
        news.closed(reason);
        LOG.error("feed: {}: {}; no further attempt", reason.word(), what);
        onFatal.accept(what);
    }

    /** One connection tells for itself; of several, how many are live, and what the first that is not has met. */
    private void describe() {
        int all = 0;
        int live = 0;
        FeedConnection worst = null;
        for (final ConnectionGroup share : subscriptions.shares()) {
            for (final FeedConnection leg : share.legs()) {
                all++;
                live += leg.isLive() ? 1 : 0;
                worst = worst == null || worst.isLive() && !leg.isLive() ? leg : worst;
            }
        }
        liveConnections = live;
        if (!isEnded && worst != null) {
            detail = all == 1 ? worst.detail() : live + " of " + all + " connections are live; " + worst.detail();
            state = live > 0 ? SessionState.LIVE : worst.state();
        }
    }

    /** What happens to the connections. */
    private final class Legs implements FeedConnectionListener {
        @Override
        public void onChange(final FeedConnection leg) {
            describe();
        }

        @Override
        public void onLive(final FeedConnection leg) {
            subscriptions.placeHomeless();
            if (news.isLive()) {
                return;
            }
            news.live();
            for (final ConnectionGroup other : subscriptions.shares()) {
                if (!other.isLive()) {
                    stale(other, LossReason.UNREACHABLE);
                }
            }
        }

        @Override
        public void onDown(final FeedConnection leg, final LossReason reason, final long retryInMs) {
            if (!FeedSession.this.isLive()) {
                news.stale(reason, retryInMs);
            } else if (!leg.share().isLive()) {
                stale(leg.share(), reason);
            }
        }

        @Override
        public void onRest(final FeedConnection leg, final LossReason reason) {
            // unless nothing is wanted at all
            if (!FeedSession.this.isLive() && subscriptions.shares().stream().anyMatch(share -> !share.isIdle())) {
                news.stale(reason, -1);
            }
        }

        @Override
        public void onFatal(final FeedConnection leg, final LossReason reason, final String what) {
            fatal(reason, what);
        }

        @Override
        public void onStopped(final FeedConnection leg) {
            onLegStopped();
        }

        @Override
        public boolean takes(final FeedConnection leg, final int topic, final UpdateSlice slices, final long number) {
            if (!leg.share().takes(leg, topic, slices, number)) {
                counters.increment(Counter.FEED_ARBITRATED);
                return false;
            }
            if (topic >= shareOf.length) {
                final int had = shareOf.length;
                shareOf = Arrays.copyOf(shareOf, Math.max(had * 2, topic + 1));
                Arrays.fill(shareOf, had, shareOf.length, NOBODY);
            }
            shareOf[topic] = leg.share().number();
            return true;
        }

        @Override
        public void onBroken(final FeedConnection leg, final int topic, final LossReason reason) {
            if (!leg.share().isBackedUp(leg)) {
                arbiter.forget(topic);
                news.topicStale(topic, reason.word());
            }
        }

        @Override
        public void onBatchEnd() {
            news.flush();
        }
    }
}
