package penstock.server;

import io.undertow.Undertow;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.xnio.OptionMap;
import org.xnio.Options;
import org.xnio.Xnio;
import org.xnio.XnioIoThread;
import org.xnio.XnioWorker;
import penstock.audit.AuditLog;
import penstock.changes.ChangeLog;
import penstock.config.relay.AdminConfig;
import penstock.config.relay.AuthConfig;
import penstock.config.relay.FanoutConfig;
import penstock.config.relay.RelayConfig;
import penstock.config.relay.ServerConfig;
import penstock.config.relay.UsageConfig;
import penstock.fanout.SessionSettings;
import penstock.fanout.SessionTimeouts;
import penstock.fanout.Shard;
import penstock.fanout.ShardMetrics;
import penstock.fanout.ShardProxy;
import penstock.identity.AccessControl;
import penstock.memory.MemoryShare;
import penstock.memory.MemoryUse;
import penstock.ring.FeedState;
import penstock.ring.TickPublisher;
import penstock.ring.TickRing;
import penstock.ring.UpdateSlice;
import penstock.server.admin.AdminApi;
import penstock.server.deflate.DeflateExtension;
import penstock.server.edge.ClientQuotas;
import penstock.server.limit.AddressSessions;
import penstock.server.limit.ConnectionLimits;
import penstock.server.limit.HandshakeRates;
import penstock.server.limit.SessionAdmission;
import penstock.server.links.EdgesEndpoint;
import penstock.server.raw.RawEndpoint;
import penstock.server.snapshot.SnapshotEndpoint;
import penstock.server.sse.SseEndpoint;
import penstock.server.tls.ClientCertificate;
import penstock.server.tls.ServerTls;
import penstock.telemetry.Counter;
import penstock.telemetry.Counters;
import penstock.telemetry.ErrorLog;
import penstock.telemetry.ShardLatencies;
import penstock.telemetry.Telemetry;
import penstock.testkit.OnlyUpdates;
import penstock.testkit.Patience;
import penstock.topic.Channel;
import penstock.topic.TopicTable;
import penstock.venue.Venue;
import penstock.wire.request.RequestDecoder;

/** A server with real shards on real io threads; the test publishes the feed. Used by one thread. */
final class ServedFeed implements AutoCloseable {
    final Telemetry telemetry = new Telemetry();
    final RelayServer server;
    /** The audit log, all of it. */
    final List<String> audited = new CopyOnWriteArrayList<>();
    final AuditLog audit = new AuditLog(line -> audited.add(line.toString()), 1, 0, System::nanoTime);
    private final XnioWorker worker;
    private final List<Shard> shards = new ArrayList<>();
    private final List<MemoryShare> memory = new ArrayList<>();
    private final List<ShardProxy> shardProxies = new ArrayList<>();
    private final TickPublisher publisher;
    private final Map<String, Integer> topics = new HashMap<>();
    private final UpdateSlice slices = new UpdateSlice();

    ServedFeed() throws IOException {
        this(100, true, null, 10_000);
    }

    ServedFeed(final int maxSessions, final boolean publicMetrics, final String token, final long messageWithinMs)
            throws IOException {
        this(maxSessions, publicMetrics, token, messageWithinMs, false);
    }

    ServedFeed(final int maxSessions, final boolean publicMetrics, final String token, final long messageWithinMs,
        final boolean deflate)
        throws IOException {
        this(maxSessions, publicMetrics, token, messageWithinMs, deflate,
            edge(List.of(), List.of()), 0);
    }

    /** One whose clients have to show who they are. */
    static ServedFeed withAccess(final AccessControl access) throws IOException {
        return withAccess(access, 0);
    }

    /** The same, with a limit of work for each address. */
    static ServedFeed withAccess(final AccessControl access, final int workPerSecond) throws IOException {
        return withAccess(access, workPerSecond, 10_000);
    }

    /** One whose clients have to show who they are within {@code ms}. */
    static ServedFeed withAccessWithin(final long ms, final AccessControl access) throws IOException {
        return withAccess(access, 0, ms);
    }

    private static ServedFeed withAccess(final AccessControl access, final int workPerSecond,
            final long messageWithinMs) throws IOException {
        return new ServedFeed(config(100, true, false, edge(List.of(), List.of("*"))), null, messageWithinMs,
            workPerSecond, new Doors(null, access));
    }

    /** How clients come in. */
    private record Doors(ServerTls tls, AccessControl access) {
    }

    /** One whose clients of one address may ask for that much work per second. */
    static ServedFeed withWork(final int workPerSecond) throws IOException {
        return new ServedFeed(100, false, null, 10_000, false, edge(List.of(), List.of()),
            workPerSecond);
    }

    /** One that serves those whom {@code edge} lets in. */
    static ServedFeed withEdge(final ServerConfig.Edge edge) throws IOException {
        return new ServedFeed(100, false, null, 10_000, false, edge, 0);
    }

    ServedFeed(final int maxSessions, final boolean publicMetrics, final String token, final long messageWithinMs,
        final boolean deflate, final ServerConfig.Edge edge, final int workPerSecond)
        throws IOException {
        this(config(maxSessions, publicMetrics, deflate, edge), token, messageWithinMs, workPerSecond,
            new Doors(null, AccessControl.OFF));
    }

    /** Subscribers speak TLS. */
    ServedFeed(final ServerTls tls) throws IOException {
        this(tls, AccessControl.OFF);
    }

    /** Subscribers speak TLS and have to show who they are. */
    ServedFeed(final ServerTls tls, final AccessControl access) throws IOException {
        this(config(100, true, false, edge(List.of(), List.of("*"))), null, 10_000, 0, new Doors(tls, access));
    }

    private ServedFeed(final ServerConfig serverConfig, final String token, final long messageWithinMs,
        final int workPerSecond, final Doors doors) throws IOException {
        final RelayConfig config = new RelayConfig(null, serverConfig,
            new FanoutConfig(new FanoutConfig.Interval(100, 0, 60_000), 0, 60_000, 5_000, 20_000, 60_000,
                new FanoutConfig.Limits(50, 5000, 1000)),
            new RelayConfig.Limits(new RelayConfig.Memory(1 << 24, 1 << 24, 1 << 24, 1 << 24, 1 << 24),
                workPerSecond), null, null,
            new RelayConfig.Operator(new AdminConfig(true, "127.0.0.1", 0, token), null, null,
                new RelayConfig.Telemetry(null), new UsageConfig(null, 60_000), null));
        worker = Xnio.getInstance()
            .createWorker(OptionMap.builder().set(Options.WORKER_NAME, "served").set(Options.WORKER_IO_THREADS, 2)
            .set(Options.WORKER_TASK_CORE_THREADS, 1).set(Options.WORKER_TASK_MAX_THREADS, 1)
            .set(Options.THREAD_DAEMON, true).getMap());
        final TickRing ring = new TickRing(1024, 1 << 20);
        final SessionSettings settings =
            new SessionSettings("0.0.0", 0,
                new SessionTimeouts(5_000_000_000L, 20_000_000_000L, 60_000_000_000L, 60_000_000_000L),
                RelayServer.limits(config));
        final Map<XnioIoThread, Shard> byThread = new LinkedHashMap<>();
        for (int i = 0; i < 2; i++) {
            final XnioIoThread thread = worker.getIoThread(i);
            final String owner = "fanout-" + i;
            final List<Channel> channels =
                List.of(new Channel(0, "quote", "last-value", true), new Channel(1, "trade", "event", false),
                new Channel(2, "book", "order-book", false));
            final IoThread ioThread = new IoThread(thread, telemetry.errors());
            final Counters counters = telemetry.counters(owner);
            final MemoryShare share = MemoryShare.unlimited();
            memory.add(share);
            final Shard shard = new Shard(ioThread, ring.poller(counters), new TopicTable(channels, 27, 1), settings,
                new ShardMetrics(counters, telemetry.errors(), new ShardLatencies(), share, audit, null));
            shard.authenticate(doors.access);
            shards.add(shard);
            shardProxies.add(new ShardProxy(ioThread, shard));
            byThread.put(thread, shard);
        }
        publisher = ring.publisher(telemetry.counters("feed"),
            shardProxies.stream().<Runnable>map(shard -> shard::wake).toList());
        server = new RelayServer(config, worker, byThread, telemetry, messageWithinMs);
        server.authenticate(doors.access, AuthConfig.OnExcess.DENY_NEW);
        final SnapshotEndpoint snapshots = new SnapshotEndpoint(server.contexts());
        server.add("/v1/snapshot", snapshots::snapshot);
        server.add("/v1/symbols", snapshots::symbols);
        server.add("/v1/raw", new RawEndpoint(server.contexts()));
        server.add("/v1/sse", new SseEndpoint(server.contexts()));
        if (serverConfig.deflate()) {
            server.contexts().extend(DeflateExtension::new);
        }
        server.addView(EdgesEndpoint.PATH, new EdgesEndpoint(server.contexts()));
        AdminApi.add(server, audit, new ChangeLog(System::currentTimeMillis));
        server.add("/v1/test/name",
            exchange -> exchange.getResponseSender().send(String.valueOf(ClientCertificate.of(exchange))));
        server.secure(doors.tls, null);
        shardProxies.forEach(ShardProxy::start);
        server.start();
    }

    boolean hasSessionOnEachShard() {
        return shards.stream().allMatch(shard -> shard.sessionCount() > 0);
    }

    /** Who may send requests, without proxies and quotas. */
    static ServerConfig.Edge edge(final List<String> hostNames, final List<String> origins) {
        return new ServerConfig.Edge(hostNames, origins, List.of(), false, new ServerConfig.Quotas(0, 0, 0));
    }

    private static ServerConfig config(final int maxSessions, final boolean publicMetrics, final boolean deflate,
            final ServerConfig.Edge edge) {
        return new ServerConfig(new ServerConfig.Address("127.0.0.1", 0), 2,
            new ServerConfig.Limits(65_536, maxSessions, 65_536), edge, publicMetrics, deflate,
            new ServerConfig.Life(false, 1000));
    }

    int port() {
        return server.port();
    }

    SocketClient connect() throws IOException {
        return new SocketClient(server.port());
    }

    SocketClient upgraded(final String target) throws IOException {
        final SocketClient client = connect().upgrade(target);
        if (client.status != 101) {
            throw new IOException("no upgrade: " + client.head + client.body);
        }
        return client;
    }

    void live() {
        publisher.feedState(0, FeedState.LIVE, null, 1, -1);
        settle();
    }

    void stale() {
        publisher.feedState(0, FeedState.STALE, "upstream_disconnected", 1, 2000);
        settle();
    }

    /** Publishes, and returns when every shard has it. */
    void tick(final String symbol, final String value) {
        final int topic = topics.computeIfAbsent(symbol, s -> {
            final byte[] name = s.getBytes(StandardCharsets.UTF_8);
            return publisher.addTopic(0, name, 0, name.length);
        });
        final byte[] frame = ("<" + value + ">").getBytes(StandardCharsets.UTF_8);
        publisher.publish(topic, 5, System.nanoTime(), slices.set(frame, 0, frame.length, 1, frame.length - 2));
        settle();
    }

    /** Publishes the books of the venue's messages as they are, and their payloads as quotes. */
    void books(final Venue venue, final List<String> frames) {
        for (final String text : frames) {
            final byte[] frame = text.getBytes(StandardCharsets.UTF_8);
            venue.onText(frame, 0, frame.length, 0, new OnlyUpdates() {
                @Override
                public void onUpdate(final int channel, final byte[] symbol, final int symbolOffset,
                        final int symbolLength, final long timeUs, final UpdateSlice update) {
                    publisher.publish(publisher.addTopic(2, symbol, symbolOffset, symbolLength), timeUs,
                        System.nanoTime(), update);
                    slices.set(update.buffer, update.payloadOffset, update.payloadLength, update.valueOffset,
                        update.valueLength);
                    publisher.publish(publisher.addTopic(0, symbol, symbolOffset, symbolLength), timeUs,
                        System.nanoTime(), slices);
                }
            });
        }
        settle();
    }

    /**
     * A listener over the same shards whose decoder fails at every subscribe and records the failure in {@code errors}.
     */
    Undertow startFailing(final ErrorLog errors) {
        final SessionAdmission admission = new SessionAdmission(ConnectionLimits.ofProcess(10));
        final IoThreadContexts failing = new IoThreadContexts();
        for (int i = 0; i < shards.size(); i++) {
            final XnioIoThread thread = worker.getIoThread(i);
            failing.put(thread, new IoThreadContext(admission, shards.get(i), new IoThread(thread, telemetry.errors()),
                telemetry.counters("fanout-" + i), errors, new RequestDecoder(null),
                new ServerLimits(65_536, 10_000, 65_536, 0,
                    new ClientQuotas(new HandshakeRates(0, 0, System::nanoTime), new AddressSessions(0)))));
        }
        final Undertow undertow = Undertow.builder().setWorker(worker)
            .addHttpListener(0, "127.0.0.1", new WebSocketEndpoint(failing)).build();
        undertow.start();
        return undertow;
    }

    /** The credentials of clients have changed. Any thread. */
    void credentialsChanged() {
        shardProxies.forEach(ShardProxy::credentialsChanged);
        server.contexts().edges().recheck();
    }

    void drain() {
        server.drain(true);
        shardProxies.forEach(shard -> shard.drain(500));
    }

    /** Waits until every io thread has executed its earlier tasks. */
    void settle() {
        publisher.flush();
        final CountDownLatch done = new CountDownLatch(shards.size());
        shardProxies.forEach(ShardProxy::wake);
        for (int i = 0; i < shards.size(); i++) {
            worker.getIoThread(i).execute(done::countDown);
        }
        try {
            if (!done.await(Patience.SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException("an io thread hangs");
            }
        } catch (final InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    int subscriptions() {
        return shards.stream().mapToInt(Shard::subscriptionCount).sum();
    }

    long count(final Counter counter) {
        return telemetry.sum(counter);
    }

    int sessions() {
        return shards.stream().mapToInt(Shard::sessionCount).sum();
    }

    /** What clients make it hold. */
    long memoryUsed(final MemoryUse use) {
        return memory.stream().mapToLong(share -> share.used(use)).sum();
    }

    /** Fails on any unexpected error of the server. */
    @Override
    public void close() {
        server.stop();
        worker.shutdownNow();
        if (telemetry.errors().distinctCount() > 0) {
            throw new AssertionError("the server recorded errors: " + telemetry.errors().entries());
        }
    }
}
