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
import penstock.telemetry.Telemetry;
import penstock.wire.SessionLimits;
import penstock.wire.request.RequestDecoder;

/**
 * The subscribers' and the operator's listeners. Connections are spread over the worker's io threads, each of which has
 * its shard. The constructor lists the standard endpoints; {@link #add} takes optional ones.
 *
 * <p>Started and stopped by one thread, not an io thread.
 */
public final class RelayServer {
    private static final int TIMEOUT_MS = 5_000;
    private static final int MAX_HEADER_BYTES = 16 * 1024;
    private static final int MAX_HEADERS = 64;
    /** Queue for a burst of reconnects; the kernel limits it to net.core.somaxconn. */
    private static final int BACKLOG = 8_192;
    /** Connections beyond the limit of sessions: handshakes, HTTP requests, and rejections with 503. */
    private static final int MAX_SPARE_CONNECTIONS = 1_024;
    private static final long MESSAGE_WITHIN_MS = 10_000;

    private final RelayConfig config;
    private final XnioWorker worker;
    private final Telemetry telemetry;
    private final SessionAdmission admission;
    private final IoThreadContexts contexts = new IoThreadContexts();
    private final Map<String, HttpHandler> paths = new HashMap<>();
    private Undertow undertow;
    private int port = -1;
    private int adminPort = -1;

    /** {@code shards} in the order of their numbers: the n-th uses the counters {@code fanout-n}. */
    public RelayServer(final RelayConfig config, final XnioWorker worker, final Map<XnioIoThread, Shard> shards,
            final Telemetry telemetry) {
        this(config, worker, shards, telemetry, MESSAGE_WITHIN_MS);
    }

    /** {@code messageWithinMs}: the longest time from the first byte of a subscriber's message to its last. */
    RelayServer(final RelayConfig config, final XnioWorker worker, final Map<XnioIoThread, Shard> shards,
            final Telemetry telemetry, final long messageWithinMs) {
        this.config = config;
        this.worker = worker;
        this.telemetry = telemetry;
        admission = new SessionAdmission(config.server().limits().maxSessions());
        final RequestDecoder decoder = new RequestDecoder(limits(config));
        final ServerLimits limits = new ServerLimits(config.server().limits().maxFrameBytes(), messageWithinMs,
            config.server().limits().sendBufferBytes(),
            (double) config.limits().workPerSecond() / shards.size());
        int number = 0;
        for (final Map.Entry<XnioIoThread, Shard> each : shards.entrySet()) {
            final IoThread ioThread = new IoThread(each.getKey(), telemetry.errors());
            contexts.put(each.getKey(), new IoThreadContext(admission, each.getValue(), ioThread,
                telemetry.counters("fanout-" + number++), telemetry.errors(), decoder, limits));
        }
        final HealthEndpoint health = new HealthEndpoint(contexts);
        add("/", new FrontPage());
        add("/v1/ws", new WebSocketEndpoint(contexts));
        add("/healthz", health::alive);
        add("/readyz", health::ready);
        if (config.server().publicMetrics()) {
            add("/metrics", new MetricsEndpoint(telemetry, null));
        }
    }

    /** Serves {@code path} of the subscribers' listener with {@code endpoint}. Before the start. */
    public void add(final String path, final HttpHandler endpoint) {
        paths.put(path, endpoint);
    }

    /** The io threads that serve the endpoints. */
    public IoThreadContexts contexts() {
        return contexts;
    }

    /** The limits of a session, as its welcome message states them. */
    public static SessionLimits limits(final RelayConfig config) {
        final var fanout = config.fanout();
        return new SessionLimits(fanout.limits().subscriptions(), fanout.limits().symbols(),
            config.server().limits().maxFrameBytes(), fanout.limits().requestsPerSecond(),
            (int) fanout.interval().minMs(), (int) fanout.interval().maxMs());
    }

    /**
     * Opens the listeners.
     *
     * @throws RuntimeException whose cause is a {@link java.net.BindException} if a port is in use
     */
    public void start() {
        final ServerConfig.Address listen = config.server().listen();
        final AdminConfig admin = config.admin();
        final Undertow.Builder builder = options(Undertow.builder().setWorker(worker))
            .addHttpListener(listen.port(), listen.host(), new HttpRouter(paths, contexts, telemetry.errors()));
        if (admin.enabled()) {
            builder.addHttpListener(admin.port(), admin.host(),
                new HttpRouter(adminPaths(), contexts, telemetry.errors()));
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

    /** The port of the operator's listener; -1 if there is none. */
    public int adminPort() {
        return adminPort;
    }

    /** Rejects upgrades with 503 from now on. Any thread. */
    public void drain() {
        admission.drain();
    }

    /** Closes the listeners and all remaining connections. */
    public void stop() {
        if (undertow != null) {
            undertow.getListenerInfo().forEach(Undertow.ListenerInfo::suspend);
            undertow.stop();
            undertow = null;
        }
    }

    private Undertow.Builder options(final Undertow.Builder builder) {
        final int maxConnections = config.server().limits().maxSessions() + MAX_SPARE_CONNECTIONS;
        return builder
            .setSocketOption(Options.TCP_NODELAY, true)
            .setSocketOption(Options.SEND_BUFFER, config.server().limits().sendBufferBytes())
            .setSocketOption(Options.BACKLOG, BACKLOG)
            .setSocketOption(Options.CONNECTION_HIGH_WATER, maxConnections)
            .setSocketOption(Options.CONNECTION_LOW_WATER, maxConnections - MAX_SPARE_CONNECTIONS / 2)
            .setServerOption(UndertowOptions.NO_REQUEST_TIMEOUT, TIMEOUT_MS)
            .setServerOption(UndertowOptions.REQUEST_PARSE_TIMEOUT, TIMEOUT_MS)
            .setServerOption(UndertowOptions.MAX_HEADER_SIZE, MAX_HEADER_BYTES)
            .setServerOption(UndertowOptions.MAX_HEADERS, MAX_HEADERS)
            .setServerOption(UndertowOptions.MAX_ENTITY_SIZE, (long) MAX_HEADER_BYTES)
            .setServerOption(UndertowOptions.BUFFER_PIPELINED_DATA, false)
            .setServerOption(UndertowOptions.ENABLE_HTTP2, false);
    }

    private Map<String, HttpHandler> adminPaths() {
        final HealthEndpoint health = new HealthEndpoint(contexts);
        return Map.of("/metrics", new MetricsEndpoint(telemetry, config.admin().token()), "/healthz", health::alive,
            "/readyz", health::ready);
    }

    private int port(final int listener) {
        return ((InetSocketAddress) undertow.getListenerInfo().get(listener).getAddress()).getPort();
    }
}
