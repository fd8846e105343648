package penstock;

import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;
import penstock.audit.AuditLog;
import penstock.audit.AuditOutput;
import penstock.bus.NatsBus;
import penstock.changes.ChangeLog;
import penstock.config.relay.RelayConfig;
import penstock.edge.EdgeFeeds;
import penstock.edge.IngestFeeds;
import penstock.edge.RelayId;
import penstock.edge.session.EdgeSessions;
import penstock.fanout.SessionSettings;
import penstock.fanout.Shard;
import penstock.fanout.ShardProxy;
import penstock.feed.FeedEnds;
import penstock.finding.FindingWatch;
import penstock.identity.AccessWatch;
import penstock.ingest.IngestLease;
import penstock.memory.MemoryShare;
import penstock.recording.RecordingClock;
import penstock.recording.delay.DelayedFeeds;
import penstock.recording.write.RelayRecorder;
import penstock.reload.ConfigReload;
import penstock.ring.FeedPulse;
import penstock.ring.TickPublisher;
import penstock.ring.TickRing;
import penstock.running.FeedGauges;
import penstock.running.FeedThread;
import penstock.running.RunningFeeds;
import penstock.running.ServedFeeds;
import penstock.server.RelayServer;
import penstock.server.admin.AdminApi;
import penstock.server.admin.ConfigEndpoint;
import penstock.server.admin.FeedQuestions;
import penstock.server.admin.FeedsEndpoint;
import penstock.server.admin.FindingsEndpoint;
import penstock.server.admin.ReloadEndpoint;
import penstock.server.admin.RightsEndpoint;
import penstock.server.deflate.DeflateExtension;
import penstock.server.ops.LeaseEndpoint;
import penstock.server.links.EdgeWatch;
import penstock.server.links.EdgesEndpoint;
import penstock.server.ops.OpsConsole;
import penstock.server.ops.RelayReadings;
import penstock.server.ops.RoleEndpoint;
import penstock.server.ops.RoleReadings;
import penstock.server.raw.RawEndpoint;
import penstock.server.snapshot.SnapshotEndpoint;
import penstock.server.sse.SseEndpoint;
import penstock.telemetry.Telemetry;
import penstock.topic.Channel;
import penstock.usage.session.RelayUsage;
import penstock.venue.Venue;

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
    /** The last clients need the rest of the drain time to answer their Close frames. */
    private static final int DRAIN_CLOSES_PERCENT = 75;
    /** Feeds with counters that {@code relay stat} sees, beside those of the start. */
    private static final int FEEDS_TO_COME = 16;

    private final RelayConfig config;
    private final RelayThreads threads;
    private final Telemetry telemetry;
    private final FeedPulse pulse = new FeedPulse();
    private final AtomicBoolean isClosing = new AtomicBoolean();
    private final CountDownLatch closed = new CountDownLatch(1);
    private final RelayShards shards;
    private final RelayAccess access;
    private final AuditOutput auditOutput;
    private final AuditLog audit;
    /** Null if usage is not counted. */
    private final RelayUsage usage;
    private final FeedEnds ends;
    private final RelayRecorder recorder;
    private final DelayedFeeds delayed;
    private final RunningFeeds feeds;
    /** The relay in front of this one; null = there never is one. */
    private final EdgeFeeds edge;
    /** The feeds, or those of the other relay. */
    private final ServedFeeds served;
    /** Null unless other relays share the feeds. */
    private final IngestFeeds sharing;
    private final IngestLease lease;
    private final NatsBus bus;
    private final RelayServer server;
    private final ConfigReload reload;
    private final OpsConsole console;

    /**
     * Wires everything and starts it; the feed last.
     *
     * @param tls the upstream certificates to trust; null = as the configuration says in {@code feed.tls}
     * @throws penstock.config.ConfigException if the clients' keys cannot be read
     * @throws IllegalArgumentException if configuration and venue do not fit together, with the key and a remedy
     * @throws IOException              if an io thread cannot be created
     * @throws RuntimeException         with a {@link java.net.BindException} as its cause if a port is taken
     */
    public Relay(final RelayConfig config, final Venue venue, final SSLContext tls) throws IOException {
        this(config, List.of(venue), tls, Clock.systemUTC());
    }

    /** One that {@code beforeListening} keeps from listening until it has returned. */
    static Relay after(final Runnable beforeListening, final ConfigOptions.Loaded loaded) throws IOException {
        return new Relay(loaded, null, Clock.systemUTC(), beforeListening);
    }

    /** One whose clients' tokens expire, and whose usage is counted, by {@code clock}. */
    public Relay(final RelayConfig config, final List<Venue> venues, final SSLContext tls, final Clock clock)
            throws IOException {
        this(new ConfigOptions.Loaded(config, null, venues, null), tls, clock, () -> { });
    }

    /** Without a view of the configuration, as in a test, the operator is not shown one. */
    private Relay(final ConfigOptions.Loaded loaded, final SSLContext tls, final Clock clock,
            final Runnable beforeListening) throws IOException {
        config = loaded.config();
        final List<Venue> venues = loaded.venues();
        final RelayPlan plan = new RelayPlan(config, venues);
        final List<Channel> channels = plan.channels(MemoryShare.unlimited(), 0);
        final ChangeLog changes = new ChangeLog(clock::millis);
        ends = new FeedEnds(plan.feeds().size());

        // 1. Threads, and the memory in which they count.
        threads = new RelayThreads(config.server().threads());
        telemetry = Telemetry.in(plan.telemetryDirectory(),
            3 + plan.feeds().size() + FEEDS_TO_COME + threads.shards().size());
        try {
            access = RelayAccess.of(config, telemetry, clock);
            lease = IngestLease.of(config, telemetry, changes);
            bus = NatsBus.of(config, telemetry);
            auditOutput = AuditOutput.of(config.audit());
            audit = new AuditLog(auditOutput, config.audit().oneIn(), config.audit().linesPerSecond(),
                System::nanoTime);
            usage = RelayUsage.open(config, clock);

            // 2. Ring: the only way from the feed thread to the shards.
            final TickRing ring = new TickRing(config.ring().slots(), plan.payloadBytes());

            // 3. Topics and fan-out: one shard per io thread, each with its own copy of the topics.
            final SessionSettings settings = plan.sessions();
            feeds = new RunningFeeds(plan.places(), channels, lease::add, lease::remove);
            final RelayId id = RelayId.of(IngestLease.name(config));
            settings.hops(config.isEdge() || config.lease().isShared() ? List.of() : List.of(id.text()));
            edge = plan.source() == null ? null : new EdgeFeeds(id, settings::hops);
            sharing =
                config.lease().isShared() ? new IngestFeeds(feeds, edge, id, settings::hops) : null;
            served = sharing != null ? sharing : edge != null ? edge : feeds;
            shards = new RelayShards(plan, settings, telemetry, audit, usage, pulse);
            shards.addTo(threads.shards(), ring, access.control(), served::interest);

            // 4. Feeds: what the venues send goes into the ring, and into their recordings.
            final RecordingClock received = RecordingClock.system();
            recorder = new RelayRecorder(config, received, telemetry);
            delayed = new DelayedFeeds(received);
            final TickPublisher publisher = ring.publisher(
                telemetry.counters(config.upstreams().feed() != null ? RelayThreads.FEED : RelayThreads.RING),
                shards.proxies().stream().<Runnable>map(shard -> shard::wake).toList(), served::newConflator,
                plan.feedOfChannel(channels));
            publisher.measure(RelayGauges.ingest(telemetry), System::nanoTime);
            RelayGauges.watch(publisher, served, changes);
            publisher.tap(plan.merge(publisher, channels));
            final FeedThread feedThread =
                new FeedThread(threads.feed(), publisher, telemetry, ends, recorder, delayed, tls);
            feedThread.merge(again -> plan.merge(publisher, again));
            feeds.open(feedThread, plan.planned());

            // 5. WebSocket: sessions on the io thread of their shard.
            server = new RelayServer(config, threads.fanout(), shards.byThread(), telemetry);
            server.contexts().offerLinks(id.text(), settings::isSource);
            server.authenticate(access.control(), config.auth().onExcess());
            if (edge != null) {
                edge.open(threads.feed(), plan.source(), publisher, telemetry);
                EdgeSessions.on(threads.feed(), threads.fanout(), id.text(), telemetry.errors())
                    .serve(edge, server.contexts(), () -> server.contexts().recheck(shards.proxies()),
                    config.isEdge() ? access.control() : null);
            }
            addEndpoints(server);
            server.nameTopicsWithoutValue(served::withoutValue);
            if (config.server().deflate()) {
                server.contexts().extend(DeflateExtension::new);
            }
            AdminApi.add(server, audit, changes);
            final FeedQuestions questions = new FeedQuestions(served::reports);
            server.addView(FeedsEndpoint.PATH, new FeedsEndpoint(server.contexts(), questions));
            server.addView(EdgesEndpoint.PATH, new EdgesEndpoint(server.contexts()));
            server.addView(LeaseEndpoint.PATH, new LeaseEndpoint(lease.isShared(), lease::status));
            final RoleReadings role = RelayGauges.role(config, id.text(), shards.all().get(0),
                server.contexts().edges(), lease, edge);
            role.register(telemetry);
            final EdgeWatch edges = new EdgeWatch(server.contexts(), telemetry);
            server.addView(RoleEndpoint.PATH, new RoleEndpoint(role, telemetry, server.contexts()));
            final FindingWatch findings = RelayGauges.findings(telemetry, role, edges);
            findings.watchBus(bus::findings);
            final FeedGauges gauges =
                new FeedGauges(telemetry, findings, feeds, shards.all().get(0).topics());
            server.addView(FindingsEndpoint.PATH, new FindingsEndpoint(server, questions, findings));
            final RelayParts parts = new RelayParts(plan, server, settings, shards.shares(), access, feeds);
            reload = new ConfigReload(loaded.view(), () -> parts.read(loaded.again(), recorder::check), changes);
            if (loaded.view() != null) {
                server.addView(ConfigEndpoint.PATH, new ConfigEndpoint(reload::running));
                server.addChange(ReloadEndpoint.PATH,
                    new ReloadEndpoint(server.contexts(), telemetry.errors(), reload::reload));
            }
            if (access.rights() != null) {
                server.addChange(RightsEndpoint.PATH, new RightsEndpoint(access.rights()));
            }
            server.secure(plan.subscribersTls(), plan.operatorsTls());
            console = new OpsConsole(server, threads.shards(), config,
                new RelayReadings(telemetry, shards.all(), gauges.readings(), audit, server::isDraining, role),
                changes);

            // 6. Start, against the direction of the data.
            RelayGauges.register(telemetry, shards.all());
            RelayGauges.register(telemetry, shards.shares(), access.rights());
            feeds.count(gauges);
            audit.register(telemetry);
            auditOutput.register(telemetry);
            threads.startHeartbeats(telemetry, pulse, () -> {
                audit.tick();
                edges.look();
                findings.look();
            });
            if (usage != null) {
                usage.start(telemetry);
            }
            shards.proxies().forEach(ShardProxy::start);
            access.start(() -> server.contexts().recheck(shards.proxies()),
                usage == null ? AccessWatch.NONE : usage.watch());
            beforeListening.run();
            console.start();
            server.start();
            bus.start(settings::hops, shards.byOwnThread(), telemetry, plan::subject,
                () -> lease.status().isConnected());
            telemetry.port(server.port());
        } catch (final RuntimeException e) {
            abandon();
            throw e;
        }
        if (sharing != null) {
            lease.as(sharing);
            sharing.start();
        } else if (edge != null) {
            edge.follow(() -> { });
        }
        // what follows another relay until it has the lease has feeds that begin with it
        lease.start(edge == null ? feeds.proxies() : List.of());
    }

    private void abandon() {
        if (recorder != null) {
            recorder.close();
        }
        threads.shutdown();
        telemetry.close();
    }

    /** Adds the optional endpoints that need no configuration. */
    static void addEndpoints(final RelayServer server) {
        final SnapshotEndpoint snapshots = new SnapshotEndpoint(server.contexts());
        server.add("/v1/snapshot", snapshots::snapshot);
        server.add("/v1/symbols", snapshots::symbols);
        server.add("/v1/raw", new RawEndpoint(server.contexts()));
        server.add("/v1/sse", new SseEndpoint(server.contexts()));
    }

    /** The port of the subscribers' listener. */
    public int port() {
        return server.port();
    }

    /** The port of the operator's listener; -1 if there is none. */
    public int adminPort() {
        return server.adminPort();
    }

    /** Who is served, in a few words. */
    String clients() {
        return access.clients(config);
    }

    /** Reads the configuration again. */
    ConfigReload reload() {
        return reload;
    }

    /** Which of several relays is connected. */
    IngestLease lease() {
        return lease;
    }

    /** Everything that is counted. */
    public Telemetry telemetry() {
        return telemetry;
    }

    /** What its clients use; null if that is not counted. */
    RelayUsage usage() {
        return usage;
    }

    /** Sessions open now. */
    public int sessionCount() {
        return shards.sessionCount();
    }

    /** Each has the states of the feeds. */
    Shard firstShard() {
        return shards.all().get(0);
    }

    /** Completes with the reason when the venue of every feed has rejected the connection permanently. */
    public CompletableFuture<String> fatal() {
        return ends.all();
    }

    /**
     * Drains: refuses new sessions, closes every session with 4503, one after the other in the first part of the drain
     * time, then stops the listeners, the feed and the threads. Takes the configured drain time at most, and a second.
     * Any thread; a second call returns when the first one has ended.
     */
    @Override
    public void close() {
        if (isClosing.getAndSet(true)) {
            awaitClosed();
            return;
        }
        try {
            stop();
        } finally {
            closed.countDown();
        }
    }

    private void awaitClosed() {
        try {
            closed.await();
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void stop() {
        final long endNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(config.server().life().drainTimeMs());
        server.drain(true);
        lease.handOver();
        bus.close();
        access.close();
        console.close();
        final long closeWithinMs = config.server().life().drainTimeMs() * DRAIN_CLOSES_PERCENT / 100;
        shards.proxies().forEach(shard -> shard.drain(closeWithinMs));
        while (sessionCount() > 0 && System.nanoTime() - endNs < 0) {
            LockSupport.parkNanos(5_000_000);
        }
        server.stop();
        if (usage != null) {
            usage.close();
        }
        try {
            served.stop().get(CLOSE_WITHIN_MS, TimeUnit.MILLISECONDS);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (final ExecutionException | TimeoutException e) {
            telemetry.errors().record("the upstream connection could not be closed in time", e);
        }
        lease.awaitEnd(CLOSE_WITHIN_MS);
        delayed.close();
        recorder.close();
        threads.shutdown();
        audit.report();
        auditOutput.close();
        telemetry.close();
    }
}
