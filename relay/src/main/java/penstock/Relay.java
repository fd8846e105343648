package penstock;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;
import org.xnio.OptionMap;
import org.xnio.Options;
import org.xnio.Xnio;
import org.xnio.XnioIoThread;
import org.xnio.XnioWorker;
import penstock.config.RelayConfig;
import penstock.fanout.Interest;
import penstock.fanout.SessionSettings;
import penstock.fanout.Shard;
import penstock.feed.FeedPlan;
import penstock.feed.FeedSession;
import penstock.ring.TickPoller;
import penstock.ring.TickPublisher;
import penstock.ring.TickRing;
import penstock.server.IoThread;
import penstock.server.RelayServer;
import penstock.telemetry.Counters;
import penstock.telemetry.JvmGauges;
import penstock.telemetry.Telemetry;
import penstock.topic.Channel;
import penstock.topic.TopicTable;
import penstock.venue.Venue;
import penstock.venue.spec.ChannelSpec;
import penstock.wire.CloseStatus;

/**
 * The whole relay, put together: {@code feed → ring → topic → fanout → websocket}. The only class that sees every
 * package.
 *
 * <pre>
 *   thread "feed"                                     io threads "fanout", shared-nothing
 *   upstream → FeedSession → Venue → TickPublisher → ring → Shard → TopicTable
 *                                                            └→ due sessions → frames → one write → subscribers
 * </pre>
 *
 * <p>Started and stopped by one thread; the telemetry may be read from any.
 */
public final class Relay implements AutoCloseable {
    private static final long CLOSE_WITHIN_MS = 1_000;

    private static final String QUEUEING =
        "From an update's frame read, or the end of its subscriber's interval, to the write.";
    private static final String DWELL =
        "From an update's frame read to the end of the subscriber's interval: conflation, no delay.";

    private final RelayConfig config;
    private final Telemetry telemetry = new Telemetry();
    private final CompletableFuture<String> fatal = new CompletableFuture<>();
    private final List<Shard> shards = new ArrayList<>();
    private final XnioWorker feedWorker;
    private final XnioWorker fanoutWorker;
    private final FeedSession feed;
    private final RelayServer server;

    /**
     * Puts everything together and starts it; the feed last.
     *
     * @param tls what to trust upstream; null = the trust store of the JVM
     * @throws IllegalArgumentException when configuration and venue do not fit together, with the key and a remedy
     * @throws IOException              when an io thread can't be made
     * @throws RuntimeException         whose cause is a {@link java.net.BindException} when a listener's port is taken
     */
    public Relay(final RelayConfig config, final Venue venue, final SSLContext tls) throws IOException {
        this.config = config;
        final FeedPlan plan = plan(config, venue);
        feedWorker = worker("feed", 1, 2);
        fanoutWorker = worker("fanout", ioThreads(), 1);
        try {
            final TickRing ring = new TickRing(config.ring().slots(), payloadBytes(venue));
            final Map<XnioIoThread, Shard> byThread = makeShards(ring, venue);
            final Counters feedCounters = telemetry.counters("feed");
            final List<Channel> kinds = channels(venue);
            final TickPublisher publisher =
                ring.publisher(feedCounters, shards.stream().<Runnable>map(shard -> shard::wake).toList(),
                channel -> kinds.get(channel).newConflator());
            feed = FeedSession.over(feedWorker.getIoThread(), plan, tls, publisher, telemetry, fatal::complete);
            server = new RelayServer(config, fanoutWorker, byThread, telemetry);
            registerGauges(venue);
            shards.forEach(Shard::start);
            server.start();
        } catch (final RuntimeException e) {
            feedWorker.shutdownNow();
            fanoutWorker.shutdownNow();
            throw e;
        }
        feed.start();
    }

    /** Whether configuration and venue fit together; throws like the constructor, starts nothing. */
    static void check(final RelayConfig config, final Venue venue) {
        plan(config, venue);
    }

    /** The port of the subscribers' listener. */
    public int port() {
        return server.port();
    }

    /** The port of the operator's listener; -1 when there is none. */
    public int adminPort() {
        return server.adminPort();
    }

    /** Everything that is counted. */
    public Telemetry telemetry() {
        return telemetry;
    }

    /** Sessions open now. */
    public int sessionCount() {
        return shards.stream().mapToInt(Shard::sessionCount).sum();
    }

    /** Subscriptions open now. */
    public int subscriptionCount() {
        return shards.stream().mapToInt(Shard::subscriptionCount).sum();
    }

    /** Completes, with the reason, when the upstream refuses us for good. */
    public CompletableFuture<String> fatal() {
        return fatal;
    }

    /**
     * Drains: no new session, every session closed with 4503, then the listeners, the feed and the threads. Takes the
     * configured time at most, and a second.
     */
    @Override
    public void close() {
        final long endNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(config.server().drainTimeMs());
        server.drain();
        shards.forEach(shard -> shard.drain(CloseStatus.DRAINING));
        while (sessionCount() > 0 && System.nanoTime() - endNs < 0) {
            LockSupport.parkNanos(5_000_000);
        }
        server.stop();
        try {
            feed.stop().get(CLOSE_WITHIN_MS, TimeUnit.MILLISECONDS);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (final ExecutionException | TimeoutException e) {
            telemetry.errors().record("the upstream connection could not be closed in time", e);
        }
        feedWorker.shutdownNow();
        fanoutWorker.shutdownNow();
    }

    private Map<XnioIoThread, Shard> makeShards(final TickRing ring, final Venue venue) {
        final long epoch = System.currentTimeMillis();
        final SessionSettings settings = settings(venue);
        final Map<XnioIoThread, Shard> byThread = new LinkedHashMap<>();
        int number = 0;
        for (final XnioIoThread thread : threads(fanoutWorker)) {
            final String owner = "fanout-" + number++;
            final Counters counters = telemetry.counters(owner);
            final TickPoller poller = ring.poller(counters);
            final TopicTable topics = new TopicTable(channels(venue), epoch, epoch * 1000,
                config.fanout().journalBytes() / Math.max(1, fanoutWorker.getIoThreadCount()));
            final Shard shard = new Shard(new IoThread(thread), poller, topics, settings, counters, telemetry.errors(),
                telemetry.latency("penstock_queueing", QUEUEING, owner),
                telemetry.latency("penstock_dwell", DWELL, owner));
            if (config.feed().isOnDemand()) {
                shard.serveOnDemand(demand());
            }
            shards.add(shard);
            byThread.put(thread, shard);
        }
        return byThread;
    }

    /** What subscribers name goes to the feed, which is there before the first of them. */
    private Interest demand() {
        return new Interest() {
            @Override
            public void wanted(final int channel, final List<String> symbols) {
                feed.want(channel, symbols);
            }

            @Override
            public void unwanted(final int channel, final List<String> symbols) {
                feed.unwant(channel, symbols);
            }
        };
    }

    private SessionSettings settings(final Venue venue) {
        final var fanout = config.fanout();
        final String name = config.feed().name() == null ? venue.name() : config.feed().name();
        return new SessionSettings(name, Version.TEXT, (int) fanout.interval().defaultMs(), ns(fanout.heartbeatMs()),
            ns(fanout.pingEveryMs()),
            ns(fanout.pongWithinMs()), ns(fanout.evictBlockedAfterMs()), RelayServer.limits(config));
    }

    private static FeedPlan plan(final RelayConfig config, final Venue venue) {
        if (!venue.missingVariables().isEmpty()) {
            throw new IllegalArgumentException("venue " + venue.name()
                + " needs environment variables that are not set: "
                + String.join(", ", venue.missingVariables()));
        }
        return FeedPlan.of(venue, config.feed());
    }

    /** A payload must fit into half of the payload ring, wherever the last one ended. */
    private int payloadBytes(final Venue venue) {
        return Math.max(config.ring().bytes(), 2 * venue.connection().maxFrameBytes());
    }

    private void registerGauges(final Venue venue) {
        telemetry.gauge("penstock_sessions", "Sessions open now.", "", this::sessionCount);
        telemetry.gauge("penstock_subscriptions", "Subscriptions open now.", "", this::subscriptionCount);
        telemetry.gauge("penstock_topics", "Topics known.", "", () -> shards.get(0).topics().size());
        telemetry.gauge("penstock_feed_live", "1 while the feed is live.", "", () -> shards.get(0).isReady() ? 1 : 0);
        VenueGauges.register(telemetry, venue);
        telemetry.gauge("penstock_feed_connections", "Upstream connections that give data.", "", feed::liveConnections);
        telemetry.gauge("penstock_feed_wanted", "Topics that the venue is asked for.", "", feed::wanted);
        JvmGauges.register(telemetry);
    }

    /**
     * One per core but one: the feed's thread would wait behind a slice of theirs, and a subscriber on the same machine
     * too.
     */
    private int ioThreads() {
        final int configured = config.server().ioThreads();
        return configured > 0 ? configured : Math.max(1, Runtime.getRuntime().availableProcessors() - 1);
    }

    private static List<Channel> channels(final Venue venue) {
        final List<Channel> channels = new ArrayList<>();
        for (final ChannelSpec spec : venue.channels()) {
            final String conflation = spec.conflation().name().toLowerCase(Locale.ROOT).replace('_', '-');
            channels.add(new Channel(channels.size(), spec.name(), conflation, spec.isDefault()));
        }
        return channels;
    }

    private static XnioWorker worker(final String name, final int ioThreads, final int taskThreads) throws IOException {
        return Xnio.getInstance().createWorker(OptionMap.builder()
            .set(Options.WORKER_NAME, name)
            .set(Options.WORKER_IO_THREADS, ioThreads)
            .set(Options.WORKER_TASK_CORE_THREADS, taskThreads)
            .set(Options.WORKER_TASK_MAX_THREADS, taskThreads)
            .set(Options.THREAD_DAEMON, true)
            .getMap());
    }

    /** XNIO hands its io threads out by a number: any number from 0 to their count gives each once. */
    private static List<XnioIoThread> threads(final XnioWorker worker) {
        final int count = worker.getIoThreadCount();
        final List<XnioIoThread> threads = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            threads.add(worker.getIoThread(i));
        }
        return threads;
    }

    private static long ns(final long ms) {
        return TimeUnit.MILLISECONDS.toNanos(ms);
    }
}
