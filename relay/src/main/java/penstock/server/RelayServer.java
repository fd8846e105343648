package penstock.server;

import io.undertow.server.HttpHandler;
import io.undertow.util.Headers;
import io.undertow.util.HttpString;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import java.util.function.UnaryOperator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.xnio.ChannelListener;
import org.xnio.StreamConnection;
import org.xnio.XnioIoThread;
import org.xnio.XnioWorker;
import penstock.config.relay.AdminConfig;
import penstock.config.relay.AuthConfig.OnExcess;
import penstock.config.relay.FanoutConfig;
import penstock.config.relay.RelayConfig;
import penstock.config.relay.ServerConfig;
import penstock.fanout.Shard;
import penstock.identity.AccessControl;
import penstock.server.auth.ClientAccess;
import penstock.server.auth.OperatorToken;
import penstock.server.edge.AllowedHosts;
import penstock.server.edge.AllowedOrigins;
import penstock.server.edge.ClientQuotas;
import penstock.server.edge.EdgeRules;
import penstock.server.edge.ConnectionWatch;
import penstock.server.edge.ProxyProtocol;
import penstock.server.edge.TrustedProxies;
import penstock.server.limit.AddressSessions;
import penstock.server.limit.ConnectionLimits;
import penstock.server.limit.HandshakeRates;
import penstock.server.limit.SessionAdmission;
import penstock.server.tls.ServerTls;
import penstock.server.tls.TlsConnections;
import penstock.server.tls.TlsThread;
import penstock.telemetry.Counters;
import penstock.telemetry.MetricsPage;
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
    private static final Logger LOG = LoggerFactory.getLogger(RelayServer.class);
    /** The operator's listener never waits for subscribers' connections. */
    private static final int ADMIN_CONNECTIONS = 48;
    private static final long MESSAGE_WITHIN_MS = 10_000;
    /** The client in JavaScript with its parts, two of which it loads if a page wants them; the protocol for tools. */
    private static final List<String> FILES = List.of("penstock.js", "penstock-rows.js", "penstock-share.js",
        "penstock-sse.js", "asyncapi.json", "protocol.schema.json", "envelope.xml");

    /** As at the start. */
    private final RelayConfig config;
    private final XnioWorker worker;
    private final Telemetry telemetry;
    private final SessionAdmission admission;
    private final long freeDescriptors = ConnectionLimits.freeDescriptors();
    private final RequestDecoder decoder;
    private final ClientQuotas quotas;
    private volatile TrustedProxies proxies;
    private volatile boolean hasProxyProtocol;
    private ClientAccess clients;
    private final IoThreadContexts contexts = new IoThreadContexts();
    private final Map<String, HttpRouter.Route> paths = new HashMap<>();
    private final Map<String, HttpRouter.Route> operatorsPaths = new HashMap<>();
    private UnaryOperator<StreamConnection> subscribersTls = this::plain;
    private UnaryOperator<StreamConnection> operatorsTls = this::plain;
    private IntFunction<List<String>> withoutValue = feed -> List.of();
    private HttpListener subscribers;
    private HttpListener operators;
    private HttpRouter subscribersRouter;
    private HttpRouter operatorsRouter;

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
        admission = new SessionAdmission(
            ConnectionLimits.of(config.server().limits().maxSessions(), freeDescriptors));
        proxies = new TrustedProxies(config.server().edge().trustedProxies());
        hasProxyProtocol = config.server().edge().proxyProtocol();
        decoder = new RequestDecoder(limits(config));
        quotas = quotas(config.server().edge().quotas());
        final ServerLimits limits = new ServerLimits(config.server().limits().maxFrameBytes(), messageWithinMs,
            config.server().limits().sendBufferBytes(),
            (double) config.limits().workPerSecond() / shards.size(), quotas);
        int number = 0;
        for (final Map.Entry<XnioIoThread, Shard> each : shards.entrySet()) {
            final IoThread ioThread = new IoThread(each.getKey(), telemetry.errors());
            contexts.put(each.getKey(), new IoThreadContext(admission, each.getValue(), ioThread,
                telemetry.counters("fanout-" + number++), telemetry.errors(), decoder, limits));
        }
        final HealthEndpoint health = new HealthEndpoint(contexts, feed -> withoutValue.apply(feed));
        final OperatorToken token = new OperatorToken(config.admin().token());
        add("/", new LivePage(LivePage.FRONT, AccessControl.OFF.mode()));
        for (final List<String> files : List.of(FILES, LivePage.FILES)) {
            files.forEach(file -> add('/' + file, new BrowserFile(file)));
        }
        add(WebSocketEndpoint.PATH, new WebSocketEndpoint(contexts));
        for (final Map<String, HttpRouter.Route> each : List.of(paths, operatorsPaths)) {
            each.put("/healthz", HttpRouter.Route.get(health::alive));
            each.put("/readyz", HttpRouter.Route.get(
                exchange -> health.ready(exchange, each == operatorsPaths && token.isShown(exchange))));
        }
        final MetricsEndpoint metrics = new MetricsEndpoint(new MetricsPage(telemetry));
        operatorsPaths.put("/metrics", HttpRouter.Route.get(ofOperator(metrics)));
        if (config.server().publicMetrics()) {
            add("/metrics", metrics);
        }
    }

    /** By number of the feed: the first topics that its venue accepted and has never sent. Before the start. */
    public void nameTopicsWithoutValue(final IntFunction<List<String>> byFeed) {
        withoutValue = byFeed;
    }

    /** Serves {@code path} of the subscribers' listener with {@code endpoint}. Before the start. */
    public void add(final String path, final HttpHandler endpoint) {
        paths.put(path, HttpRouter.Route.get(endpoint));
    }

    /**
     * Serves {@code path} of the operator's listener with {@code endpoint}; one that ends with a slash, the paths one
     * step below it. Before the start.
     */
    public void addView(final String path, final HttpHandler endpoint) {
        operatorsPaths.put(path, HttpRouter.Route.get(ofOperator(endpoint)));
    }

    /** The same with these methods of HTTP. */
    public void add(final String path, final List<HttpString> methods, final HttpHandler endpoint) {
        operatorsPaths.put(path, new HttpRouter.Route(ofOperator(endpoint), methods));
    }

    /** Serves {@code POST} of {@code path} of the operator's listener with {@code endpoint}. Before the start. */
    public void addChange(final String path, final HttpHandler endpoint) {
        operatorsPaths.put(path, HttpRouter.Route.post(ofOperator(endpoint)));
    }

    /**
     * Serves a page to operators: without a token, for it says nothing of the relay; what it then asks for needs one.
     * Before the start.
     *
     * @param file  the page in the jar
     * @param parts what it loads, as paths of the listener
     */
    public void addPage(final String path, final String file, final List<String> parts) {
        final String auth = config.admin().token() == null ? AccessControl.OFF.mode() : "token";
        operatorsPaths.put(path, HttpRouter.Route.get(new LivePage(file, auth)));
        for (final String part : parts) {
            final HttpRouter.Route shared = paths.get('/' + part);
            operatorsPaths.put('/' + part, shared != null ? shared : HttpRouter.Route.get(new BrowserFile(part)));
        }
    }

    /**
     * Serves sessions to operators whom {@code access} lets in, of {@code shards} with topics and {@code counters} of
     * their own: no request to the subscribers' listener reaches them, and they share nothing with subscribers but the
     * io threads. Before the start.
     */
    public void addSessions(final Map<XnioIoThread, Shard> shards, final Map<XnioIoThread, Counters> counters,
            final AccessControl access) {
        final IoThreadContexts sessions = IoThreadContexts.ofOperators(shards, counters,
            new RequestDecoder(limits(config)), config.server().limits().sendBufferBytes(), telemetry.errors());
        sessions.authenticate(ClientAccess.ofOperators(access));
        operatorsPaths.put(WebSocketEndpoint.PATH, HttpRouter.Route.get(new WebSocketEndpoint(sessions)));
    }

    /** Subscribers and operators speak TLS; null = they do not. Before the start. */
    public void secure(final ServerTls ofSubscribers, final ServerTls ofOperators) {
        final Map<XnioIoThread, TlsThread> threads = contexts.tlsThreads();
        if (ofSubscribers != null) {
            final TlsConnections connections = new TlsConnections(ofSubscribers, threads);
            connections.watch(worker);
            subscribersTls = accepted -> connections.apply(watch(accepted, false));
        }
        if (ofOperators != null) {
            final TlsConnections connections = new TlsConnections(ofOperators, threads);
            connections.watch(worker);
            operatorsTls = connections;
        }
    }

    /** Clients have to show who they are, if {@code access} says so. Before the start. */
    public void authenticate(final AccessControl access, final OnExcess onExcess) {
        clients = new ClientAccess(access, onExcess);
        contexts.authenticate(clients);
        if (access.isOn()) {
            add("/", new LivePage(LivePage.FRONT, access.mode()));
            paths.put("/v1/ticket", HttpRouter.Route.post(new TicketEndpoint(contexts)));
        }
    }

    /** The io threads that serve the endpoints. */
    public IoThreadContexts contexts() {
        return contexts;
    }

    /** What happens to a session beyond the limit of its client, from the next session on. Any thread. */
    public void follow(final OnExcess onExcess) {
        clients.follow(onExcess);
    }

    /** Other limits of one session count from the next request on. Any thread. */
    public void follow(final SessionLimits ofSessions) {
        decoder.follow(ofSessions);
    }

    /** The limits of a session, as its welcome message states them. */
    public static SessionLimits limits(final RelayConfig config) {
        return limits(config.fanout(), config.server().limits().maxFrameBytes());
    }

    /** The same, with messages of at most {@code maxFrameBytes}. */
    public static SessionLimits limits(final FanoutConfig fanout, final int maxFrameBytes) {
        return new SessionLimits(fanout.limits().subscriptions(), fanout.limits().symbols(), maxFrameBytes,
            fanout.limits().requestsPerSecond(),
            (int) fanout.interval().minMs(), (int) fanout.interval().maxMs());
    }

    /**
     * Opens the listeners.
     *
     * @throws RuntimeException whose cause is a {@link java.net.BindException} if a port is in use
     */
    public void start() {
        warnOfFewDescriptors(config.server().limits().maxSessions());
        final ServerConfig.Address listen = config.server().listen();
        final AdminConfig admin = config.admin();
        final ConnectionLimits limits = admission.limits();
        subscribersRouter = new HttpRouter(paths, contexts, ofSubscribers(config.server().edge()), true,
            telemetry.errors());
        operatorsRouter = new HttpRouter(operatorsPaths, contexts, ofOperators(config.server().edge()), false,
            telemetry.errors());
        subscribers = new HttpListener(worker, listen,
            config.server().limits().sendBufferBytes(), limits.highWater(), subscribersRouter, this::admit,
            subscribersTls);
        if (admin.enabled()) {
            try {
                operators = new HttpListener(worker, new ServerConfig.Address(admin.host(), admin.port()),
                    config.server().limits().sendBufferBytes(), ADMIN_CONNECTIONS, operatorsRouter,
                    (connection, open) -> open.handleEvent(connection), operatorsTls);
            } catch (final RuntimeException e) {
                stop();
                throw e;
            }
        }
    }

    /** The port of the subscribers' listener; -1 before the start. */
    public int port() {
        return subscribers == null ? -1 : subscribers.port();
    }

    /** The port of the operator's listener; -1 if there is none. */
    public int adminPort() {
        return operators == null ? -1 : operators.port();
    }

    /** Rejects upgrades with 503 from now on, and is not ready; or not any more. Any thread. */
    public void drain(final boolean isOn) {
        admission.drain(isOn);
    }

    /** Whether new sessions are refused. Any thread. */
    public boolean isDraining() {
        return admission.isDraining();
    }

    /** Closes the listeners and all remaining connections. */
    public void stop() {
        for (final HttpListener listener : new HttpListener[] {subscribers, operators}) {
            if (listener != null) {
                listener.close();
            }
        }
    }

    private static ClientQuotas quotas(final ServerConfig.Quotas quotas) {
        return new ClientQuotas(rates(quotas), new AddressSessions(quotas.maxSessionsPerAddress()));
    }

    private static HandshakeRates rates(final ServerConfig.Quotas quotas) {
        return new HandshakeRates(quotas.handshakesPerSecondPerAddress(), quotas.handshakesPerSecond(),
            System::nanoTime);
    }

    /** A new connection of a subscriber, on its io thread. */
    private void admit(final StreamConnection connection, final ChannelListener<StreamConnection> open) {
        final IoThreadContext context = contexts.of(connection);
        context.onTask();
        try {
            if (!context.admit(connection)) {
                return;
            }
            if (hasProxyProtocol) {
                ProxyProtocol.open(connection, proxies, context.gate(), context.counters(), open);
            } else {
                open.handleEvent(connection);
            }
        } finally {
            context.onTaskEnd();
        }
    }

    private StreamConnection plain(final StreamConnection connection) {
        return watch(connection, true);
    }

    private StreamConnection watch(final StreamConnection connection, final boolean isPlain) {
        final IoThreadContext context = contexts.of(connection);
        return ConnectionWatch.watch(connection, context.gate(), context.counters(), isPlain);
    }

    /**
     * Serves requests under the names of {@code edge}, for pages of its origins and through its proxies, from the next
     * request on. Any thread, after the start.
     */
    public void follow(final ServerConfig.Edge edge) {
        proxies = new TrustedProxies(edge.trustedProxies());
        hasProxyProtocol = edge.proxyProtocol();
        subscribersRouter.follow(ofSubscribers(edge));
        operatorsRouter.follow(ofOperators(edge));
    }

    /**
     * Other limits of handshakes, sessions and work count from now on: {@code next} has those of {@code server} and of
     * {@code limits}. Any thread, after the start.
     */
    public void limit(final RelayConfig next) {
        final ServerConfig.Quotas perAddress = next.server().edge().quotas();
        quotas.follow(rates(perAddress), perAddress.maxSessionsPerAddress());
        final double work = (double) next.limits().workPerSecond() / contexts.all().size();
        contexts.all().forEach(context -> context.workPerSecond(work));
        admission.limits(ConnectionLimits.of(next.server().limits().maxSessions(), freeDescriptors));
        subscribers.limit(admission.limits().highWater());
        warnOfFewDescriptors(next.server().limits().maxSessions());
    }

    private EdgeRules ofSubscribers(final ServerConfig.Edge edge) {
        return new EdgeRules(hosts(edge, config.server().listen().host()), new AllowedOrigins(edge.allowedOrigins()),
            proxies);
    }

    private EdgeRules ofOperators(final ServerConfig.Edge edge) {
        return new EdgeRules(hosts(edge, config.admin().host()), new AllowedOrigins(List.of()),
            new TrustedProxies(List.of()));
    }

    /** Of a listener on {@code host}. */
    private static AllowedHosts hosts(final ServerConfig.Edge edge, final String host) {
        final List<String> names = new ArrayList<>(edge.hostNames());
        names.add(host);
        return new AllowedHosts(names);
    }

    private void warnOfFewDescriptors(final int maxSessions) {
        if (admission.limits().sessions() < maxSessions) {
            LOG.warn("server.max-sessions = {} does not fit the limit of {} open files: {} sessions are served. "
                + "Raise the limit to {} (ulimit -n, LimitNOFILE of systemd), or lower server.max-sessions",
                maxSessions, ConnectionLimits.maxDescriptors(), admission.limits().sessions(),
                ConnectionLimits.neededDescriptors(maxSessions));
        }
    }

    /** What only the operator may do. */
    private HttpHandler ofOperator(final HttpHandler endpoint) {
        final OperatorToken token = new OperatorToken(config.admin().token());
        return exchange -> {
            if (token.isShown(exchange)) {
                endpoint.handleRequest(exchange);
            } else {
                exchange.setPersistent(false);
                exchange.getResponseHeaders().put(Headers.WWW_AUTHENTICATE, "Bearer");
                HandshakeAudit.refused(exchange, 401, "auth_required");
                HttpResponse.error(exchange, 401, "auth_required",
                    "send the header Authorization: Bearer with the value of admin.token");
            }
        };
    }
}
