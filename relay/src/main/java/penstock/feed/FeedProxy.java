package penstock.feed;

import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import javax.net.ssl.SSLContext;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.XnioIoThread;
import penstock.feed.report.FeedReport;
import penstock.feed.tick.SessionState;
import penstock.ring.TickPublisher;
import penstock.telemetry.Telemetry;
import penstock.time.FeedClock;
import penstock.time.IoThreadClock;
import penstock.upstream.UpstreamConnector;
import penstock.upstream.UpstreamFactory;
import penstock.upstream.UpstreamSettings;
import penstock.upstream.line.LineUpstreams;
import penstock.venue.spec.UpstreamUrl;

/**
 * The crossing from any thread to the feed thread: {@code x()} here lands as {@code onX()} on the {@link FeedSession}.
 * The readings are snapshots. Any thread.
 */
public final class FeedProxy {
    private static final Logger LOG = LoggerFactory.getLogger(FeedProxy.class);

    private final FeedPlace place;
    private final FeedPlan.Topics topics;
    private final FeedSession session;
    private final FeedClock clock;

    private FeedProxy(final FeedPlan plan, final FeedSession session, final FeedClock clock) {
        place = plan.place();
        topics = plan.topics();
        this.session = session;
        this.clock = clock;
    }

    /** A feed with its own clock and connections; {@code onFatal} as in {@link #over}. */
    public static FeedProxy of(final FeedPlan plan, final UpstreamFactory upstreams, final FeedClock clock,
            final RandomGenerator random, final TickPublisher publisher, final Telemetry telemetry,
            final Consumer<String> onFatal) {
        return new FeedProxy(plan,
            new FeedSession(plan, upstreams, clock, random, publisher, telemetry, onFatal), clock);
    }

    /**
     * A feed over the network.
     *
     * @param thread  the only io thread of the feed's own worker, whose task pool (two threads are enough) does DNS
     * @param tls     null = the trust store of the JVM
     * @param layer   what lies between the network and the feed, such as a recorder
     * @param onFatal called on the feed thread when the venue rejects the feed permanently, with the reason
     */
    public static FeedProxy over(final XnioIoThread thread, final FeedPlan plan, final SSLContext tls,
            final BiFunction<UpstreamFactory, FeedClock, UpstreamFactory> layer, final TickPublisher publisher,
            final Telemetry telemetry, final Consumer<String> onFatal) {
        final FeedClock clock = new IoThreadClock(thread,
            failure -> telemetry.errors().record(plan.place().title() + ": a task of the feed thread failed", failure));
        plan.urls().stream().filter(UpstreamUrl::isWebSocket)
            .map(url -> plan.access().proxies().to(url.secure(), url.host())).filter(Objects::nonNull).distinct()
            .forEach(proxy -> LOG.info("{}: connects through the proxy {}", plan.place().title(), proxy));
        final UpstreamSettings settings = UpstreamSettings.of(plan.venue().connection(), plan.access().headers(), tls);
        final UpstreamFactory upstreams = new LineUpstreams(
            new UpstreamConnector(thread, clock, settings, plan.access().proxies()), clock, settings);
        return of(plan, layer.apply(upstreams, clock), clock, new SecureRandom(), publisher, telemetry, onFatal);
    }

    /** Connects. */
    public void start() {
        clock.execute(session::onStart);
    }

    /** Closes the connections; done when the sockets are closed. The state of the topics stays as it is. */
    public CompletableFuture<Void> stop() {
        try {
            clock.execute(session::onStop);
        } catch (RejectedExecutionException e) {
            session.onThreadEnded();
        }
        return session.stopped();
    }

    /**
     * One more subscriber of these symbols, from the network {@code client}. Without effect on a feed whose symbols are
     * fixed. Channels are numbered over all feeds.
     */
    public void addInterest(final int channel, final List<String> symbols, final String client) {
        execute(() -> session.onAddInterest(place.fromRelay(channel), symbols, client));
    }

    /** One subscriber of these symbols less. */
    public void removeInterest(final int channel, final List<String> symbols) {
        execute(() -> session.onRemoveInterest(place.fromRelay(channel), symbols));
    }

    /** Ends the feed for good: its connections close, and subscribers learn that it is closed. */
    public void remove() {
        execute(() -> session.onRemove(false));
    }

    /** Ends the feed, because another one takes its place. */
    public void replace() {
        execute(() -> session.onRemove(true));
    }

    /** The number of topics from which on new symbols are refused. */
    public void limit(final int maxTopics) {
        execute(() -> topics.limit(maxTopics));
    }

    /**
     * Closes the connections at once, without a handshake, and opens none before {@link #resume}; done when they are
     * closed. {@code why} is for the operator; subscribers learn that the relay stands by.
     */
    public CompletableFuture<Void> suspend(final String why) {
        final CompletableFuture<Void> closed = new CompletableFuture<>();
        try {
            clock.execute(() -> {
                session.onSuspend(why);
                closed.complete(null);
            });
        } catch (final RejectedExecutionException e) {
            // the feed thread has ended, and with it all connections
            closed.complete(null);
        }
        return closed;
    }

    /** Connections may be opened again. */
    public void resume() {
        execute(() -> session.onSuspend(null));
    }

    /**
     * Before the start. {@code asked} runs on the feed thread when the venue says that another login has ended ours, or
     * refuses ours; then the feed opens no connection before {@link #resume}.
     */
    public void onEvicted(final Runnable asked) {
        session.onEvicted(asked);
    }

    /**
     * The feed is to subscribe to these topics: it leaves those that are not among them. {@code symbols} as the
     * configuration lists them. Only if its plan can follow.
     */
    public void follow(final List<String> channels, final List<String> symbols) {
        execute(() -> session.onFollow(channels, symbols));
    }

    /** What the operator sees of the feed, asked of the feed thread; never done if that hangs or has ended. */
    public CompletableFuture<FeedReport> report() {
        final CompletableFuture<FeedReport> report = new CompletableFuture<>();
        execute(() -> report.complete(session.onReport()));
        return report;
    }

    /** Its place among the feeds of the relay. */
    public FeedPlace place() {
        return place;
    }

    /** Live while one of the connections is. */
    public SessionState state() {
        return session.state();
    }

    /** The last event, in words for the operator; without secrets. */
    public String detail() {
        return session.detail();
    }

    /** The number of connections that send data. */
    public int liveConnections() {
        return session.liveConnections();
    }

    /** The number of topics with interest, lingering ones included. */
    public int interestCount() {
        return session.interestCount();
    }

    /** The symbols that the venue rejected, with its words. */
    public Map<String, String> rejectedSymbols() {
        return session.rejectedSymbols();
    }

    /** Subscribers come and go while the relay stops. */
    private void execute(final Runnable task) {
        try {
            clock.execute(task);
        } catch (RejectedExecutionException e) {
            LOG.debug("{}: a change of interest arrived after the feed thread had ended", place.title());
        }
    }
}
