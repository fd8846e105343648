package penstock;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;
import org.xnio.XnioIoThread;
import penstock.config.RelayConfig;
import penstock.fanout.SessionSettings;
import penstock.fanout.SessionTimeouts;
import penstock.fanout.Shard;
import penstock.fanout.ShardMetrics;
import penstock.fanout.ShardProxy;
import penstock.fanout.deflate.SharedFrameCompressor;
import penstock.fanout.subscription.Interest;
import penstock.feed.FeedPlan;
import penstock.feed.FeedProxy;
import penstock.ring.TickPublisher;
import penstock.ring.TickRing;
import penstock.server.IoThread;
import penstock.server.RelayServer;
import penstock.server.raw.RawEndpoint;
import penstock.server.sse.SseEndpoint;
import penstock.telemetry.Counters;
import penstock.telemetry.Telemetry;
import penstock.telemetry.TelemetryDirectory;
import penstock.topic.Channel;
import penstock.topic.TopicTable;
import penstock.venue.Venue;
import penstock.venue.spec.ChannelSpec;
import penstock.wire.CloseStatus;

/**
 * The whole relay, wired in one place: {@code feed → ring → topic → fanout → websocket}. The only class that knows
 * every package.
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

    private final RelayConfig config;
    private final RelayThreads threads;
    private final Telemetry telemetry;
    private final CompletableFuture<String> fatal = new CompletableFuture<>();
    private final List<Shard> shards = new ArrayList<>();
    private final List<ShardProxy> shardProxies = new ArrayList<>();
    private final FeedProxy feed;
    private final RelayServer server;

    /**
     * Wires everything and starts it; the feed last.
     *
     * @param tls the upstream certificates to trust; null = the trust store of the JVM
     * @throws IllegalArgumentException if configuration and venue do not fit together, with the key and a remedy
     * @throws IOException              if an io thread cannot be created
     * @throws RuntimeException         with a {@link java.net.BindException} as its cause if a port is taken
     */
    public Relay(final RelayConfig config, final Venue venue, final SSLContext tls) throws IOException {
        this.config = config;
        final FeedPlan plan = plan(config, venue);
        final List<Channel> channels = channels(venue);

        // 1. Threads, and the memory in which they count.
        threads = new RelayThreads(config.server().ioThreads());
        telemetry = Telemetry.in(telemetryDirectory(config), 1 + threads.shards().size());
        try {
            // 2. Ring: the only way from the feed thread to the shards.
            final TickRing ring = new TickRing(config.ring().slots(), payloadBytes(venue));

            // 3. Topics and fan-out: one shard per io thread, each with its own copy of the topics.
            final Map<XnioIoThread, Shard> shardOfThread = shards(ring, venue);

            // 4. Feed: what the venue sends goes into the ring.
            final TickPublisher publisher = ring.publisher(telemetry.counters(RelayThreads.FEED),
                shardProxies.stream().<Runnable>map(shard -> shard::wake).toList(),
                channel -> channels.get(channel).newConflator());
            feed = FeedProxy.over(threads.feed(), plan, tls, publisher, telemetry, fatal::complete);

            // 5. WebSocket: sessions on the io thread of their shard.
            server = new RelayServer(config, threads.fanout(), shardOfThread, telemetry);
            server.add("/v1/raw", new RawEndpoint(server.contexts()));
            server.add("/v1/sse", new SseEndpoint(server.contexts()));

            // 6. Start, against the direction of the data.
            RelayGauges.register(telemetry, this, feed, shards.get(0));
            VenueGauges.register(telemetry, venue);
            threads.startHeartbeats(telemetry);
            shardProxies.forEach(ShardProxy::start);
            server.start();
            telemetry.port(server.port());
        } catch (final RuntimeException e) {
            threads.shutdown();
            telemetry.close();
            throw e;
        }
        feed.start();
    }

    /** Checks that configuration and venue fit together; throws like the constructor, starts nothing. */
    static void check(final RelayConfig config, final Venue venue) {
        plan(config, venue);
    }

    /** The port of the subscribers' listener. */
    public int port() {
        return server.port();
    }

    /** The port of the operator's listener; -1 if there is none. */
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

    /** Completes with the reason when the venue rejects the connection permanently. */
    public CompletableFuture<String> fatal() {
        return fatal;
    }

    /**
     * Drains: refuses new sessions, closes every session with 4503, then stops the listeners, the feed and the threads.
     * Takes the configured drain time at most, and a second.
     */
    @Override
    public void close() {
        final long endNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(config.server().drainTimeMs());
        server.drain();
        shardProxies.forEach(shard -> shard.drain(CloseStatus.DRAINING));
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
        threads.shutdown();
        telemetry.close();
    }

    /** Each shard has channels of its own: they hold its topics. */
    private Map<XnioIoThread, Shard> shards(final TickRing ring, final Venue venue) {
        final SessionSettings settings = settings(venue);
        final long epoch = System.currentTimeMillis();
        final Map<XnioIoThread, Shard> shardOfThread = new LinkedHashMap<>();
        for (final XnioIoThread thread : threads.shards()) {
            final String owner = RelayThreads.shard(shards.size());
            final Counters counters = telemetry.counters(owner);
            final TopicTable topics = new TopicTable(channels(venue), epoch, epoch * 1000,
                config.fanout().journalBytes() / threads.shards().size());
            final IoThread ioThread = new IoThread(thread);
            final ShardMetrics metrics = new ShardMetrics(counters, telemetry.errors(),
                RelayGauges.queueing(telemetry, owner), RelayGauges.dwell(telemetry, owner));
            final Shard shard = new Shard(ioThread, ring.poller(counters), topics, settings, metrics,
                new SharedFrameCompressor(counters));
            if (config.feed().isOnDemand()) {
                shard.serveOnDemand(interest());
            }
            shards.add(shard);
            shardProxies.add(new ShardProxy(ioThread, shard));
            shardOfThread.put(thread, shard);
        }
        return shardOfThread;
    }

    /** Passes the symbols that subscribers name to the feed, which exists before the first subscriber. */
    private Interest interest() {
        return new Interest() {
            @Override
            public void onAdded(final int channel, final List<String> symbols) {
                feed.addInterest(channel, symbols);
            }

            @Override
            public void onRemoved(final int channel, final List<String> symbols) {
                feed.removeInterest(channel, symbols);
            }
        };
    }

    private SessionSettings settings(final Venue venue) {
        final var fanout = config.fanout();
        final String name = config.feed().identity().name() == null ? venue.name() : config.feed().identity().name();
        final SessionTimeouts timeouts = new SessionTimeouts(TimeUnit.MILLISECONDS.toNanos(fanout.heartbeatMs()),
            TimeUnit.MILLISECONDS.toNanos(fanout.pingEveryMs()), TimeUnit.MILLISECONDS.toNanos(fanout.pongWithinMs()),
            TimeUnit.MILLISECONDS.toNanos(fanout.evictBlockedAfterMs()));
        return new SessionSettings(name, Version.TEXT, (int) fanout.interval().defaultMs(), timeouts,
            RelayServer.limits(config));
    }

    private static FeedPlan plan(final RelayConfig config, final Venue venue) {
        if (!venue.missingVariables().isEmpty()) {
            throw new IllegalArgumentException("venue " + venue.name()
                + " needs environment variables that are not set: " + String.join(", ", venue.missingVariables()));
        }
        return FeedPlan.of(venue, config.feed());
    }

    private static List<Channel> channels(final Venue venue) {
        final List<Channel> channels = new ArrayList<>();
        for (final ChannelSpec spec : venue.channels()) {
            final String conflation = spec.conflation().spelling();
            channels.add(new Channel(channels.size(), spec.name(), conflation, spec.isDefault()));
        }
        return channels;
    }

    private static Path telemetryDirectory(final RelayConfig config) {
        return config.telemetry().dir() == null ? TelemetryDirectory.ofPort(config.server().listen().port())
            : Path.of(config.telemetry().dir());
    }

    /** A payload must fit into half of the payload ring, wherever the last one ended. */
    private int payloadBytes(final Venue venue) {
        return Math.max(config.ring().bytes(), 2 * venue.connection().framing().maxFrameBytes());
    }
}
