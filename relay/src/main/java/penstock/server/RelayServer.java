package penstock.server;

import io.undertow.Undertow;
import io.undertow.UndertowOptions;
import io.undertow.server.HttpHandler;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import org.xnio.Options;
import org.xnio.XnioIoThread;
import org.xnio.XnioWorker;
import penstock.config.AdminConfig;
import penstock.config.RelayConfig;
import penstock.config.ServerConfig;
import penstock.fanout.Shard;
import penstock.fanout.subscription.SessionKind;
import penstock.telemetry.Telemetry;
import penstock.wire.SessionLimits;
import penstock.wire.request.RequestDecoder;

/**
 * The subscribers' and the operator's listeners. Connections are spread over the worker's io threads, each of which has
 * its shard. Started and stopped by one thread, not an io thread.
 */
public final class RelayServer {
    private static final int TIMEOUT_MS = 5_000;
    private static final int MAX_HEADER_BYTES = 16 * 1024;
    private static final int MAX_HEADERS = 64;
    /** A burst of reconnects waits here; the kernel cuts it to net.core.somaxconn. */
    private static final int BACKLOG = 8_192;
    /** Connections above the sessions' limit: those in a handshake, of HTTP, and about to be told 503. */
    private static final int SPARE_CONNECTIONS = 1_024;
    private static final long MESSAGE_WITHIN_MS = 10_000;

    private final RelayConfig config;
    private final XnioWorker worker;
    private final Telemetry telemetry;
    private final SessionAdmission lobby;
    private Undertow undertow;
    private int port = -1;
    private int adminPort = -1;

    /** {@code shards} in the order of their numbers: the n-th counts as {@code fanout-n}. */
    public RelayServer(final RelayConfig config, final XnioWorker worker, final Map<XnioIoThread, Shard> shards,
                       final Telemetry telemetry) {
        this(config, worker, shards, telemetry, MESSAGE_WITHIN_MS);
    }

    /** {@code messageWithinMs}: the longest time from the first byte of a subscriber's message to its last. */
    RelayServer(final RelayConfig config, final XnioWorker worker, final Map<XnioIoThread, Shard> shards,
        final Telemetry telemetry,
                final long messageWithinMs) {
        this.config = config;
        this.worker = worker;
        this.telemetry = telemetry;
        lobby = new SessionAdmission(config.server().limits().maxSessions());
        final RequestDecoder decoder = new RequestDecoder(limits(config));
        final ServerLimits limits = new ServerLimits(config.server().limits().maxFrameBytes(), messageWithinMs,
            config.server().limits().sendBufferBytes(), config.server().deflate());
        int number = 0;
        for (final Map.Entry<XnioIoThread, Shard> each : shards.entrySet()) {
            lobby.add(each.getKey(), new IoThreadContext(lobby, each.getValue(), new IoThread(each.getKey()),
                telemetry.counters("fanout-" + number++), telemetry.errors(), decoder, limits));
        }
    }

    /** What a session may have and ask for, as its welcome tells it. */
    public static SessionLimits limits(final RelayConfig config) {
        final var fanout = config.fanout();
        return new SessionLimits(fanout.limits().subscriptions(), fanout.limits().symbols(),
            config.server().limits().maxFrameBytes(),
            fanout.limits().requestsPerSecond(), (int) fanout.interval().minMs(), (int) fanout.interval().maxMs());
    }

    /** Opens the listeners; the cause of what it throws is a {@link java.net.BindException} when a port is taken. */
    public void start() {
        final ServerConfig.Address listen = config.server().listen();
        final AdminConfig admin = config.admin();
        final Undertow.Builder builder = options(Undertow.builder().setWorker(worker))
            .addHttpListener(listen.port(), listen.host(), new HttpRouter(publicPaths(), telemetry.errors()));
        if (admin.enabled()) {
            builder.addHttpListener(admin.port(), admin.host(), new HttpRouter(adminPaths(), telemetry.errors()));
        }
        undertow = builder.build();
        try {
            undertow.start();
        } catch (final RuntimeException e) {
            undertow.stop();
            throw e;
        }
        port = port(0);
        adminPort = admin.enabled() ? port(1) : -1;
    }

    /** The port of the subscribers' listener; -1 before the start. */
    public int port() {
        return port;
    }

    /** The port of the operator's listener; -1 when there is none. */
    public int adminPort() {
        return adminPort;
    }

    /** From now on upgrades are answered with 503. Any thread. */
    public void drain() {
        lobby.drain();
    }

    /** Closes the listeners and every connection that is left. */
    public void stop() {
        if (undertow != null) {
            undertow.getListenerInfo().forEach(Undertow.ListenerInfo::suspend);
            undertow.stop();
            undertow = null;
        }
    }

    private Undertow.Builder options(final Undertow.Builder builder) {
        final int mostConnections = config.server().limits().maxSessions() + SPARE_CONNECTIONS;
        return builder
            .setSocketOption(Options.TCP_NODELAY, true)
            .setSocketOption(Options.SEND_BUFFER, config.server().limits().sendBufferBytes())
            .setSocketOption(Options.BACKLOG, BACKLOG)
            .setSocketOption(Options.CONNECTION_HIGH_WATER, mostConnections)
            .setSocketOption(Options.CONNECTION_LOW_WATER, mostConnections - SPARE_CONNECTIONS / 2)
            .setServerOption(UndertowOptions.NO_REQUEST_TIMEOUT, TIMEOUT_MS)
            .setServerOption(UndertowOptions.REQUEST_PARSE_TIMEOUT, TIMEOUT_MS)
            .setServerOption(UndertowOptions.MAX_HEADER_SIZE, MAX_HEADER_BYTES)
            .setServerOption(UndertowOptions.MAX_HEADERS, MAX_HEADERS)
            .setServerOption(UndertowOptions.MAX_ENTITY_SIZE, (long) MAX_HEADER_BYTES)
            .setServerOption(UndertowOptions.BUFFER_PIPELINED_DATA, false)
            .setServerOption(UndertowOptions.ENABLE_HTTP2, false);
    }

    private Map<String, HttpHandler> publicPaths() {
        final SnapshotEndpoint images = new SnapshotEndpoint(lobby);
        final HealthEndpoint health = new HealthEndpoint(lobby);
        final Map<String, HttpHandler> paths = new HashMap<>();
        paths.put("/", new FrontPage());
        paths.put("/v1/ws", new WebSocketEndpoint(lobby, SessionKind.PROTOCOL));
        paths.put("/v1/raw", new WebSocketEndpoint(lobby, SessionKind.RAW));
        paths.put("/v1/sse", new SseEndpoint(lobby));
        paths.put("/v1/snapshot", images::snapshot);
        paths.put("/v1/symbols", images::symbols);
        paths.put("/healthz", health::alive);
        paths.put("/readyz", health::ready);
        if (config.server().publicMetrics()) {
            paths.put("/metrics", new MetricsEndpoint(telemetry, null));
        }
        return paths;
    }

    private Map<String, HttpHandler> adminPaths() {
        final HealthEndpoint health = new HealthEndpoint(lobby);
        return Map.of("/metrics", new MetricsEndpoint(telemetry, config.admin().token()), "/healthz", health::alive,
            "/readyz", health::ready);
    }

    private int port(final int listener) {
        return ((InetSocketAddress) undertow.getListenerInfo().get(listener).getAddress()).getPort();
    }
}
