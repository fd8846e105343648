package penstock;

import java.io.IOException;
import java.net.BindException;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.LongSupplier;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import penstock.config.ConfigException;
import penstock.config.relay.FeedConfig;
import penstock.config.relay.AuthConfig;
import penstock.config.relay.LogConfig;
import penstock.config.relay.RelayConfig;
import penstock.config.relay.RelayRole;
import penstock.config.relay.ServerConfig;
import penstock.fanout.Shard;
import penstock.server.deflate.DeflateExtension;
import penstock.server.ops.OpsConsole;
import penstock.server.tls.ServerTls;
import penstock.supervisor.SupervisedService;
import penstock.supervisor.SupervisorLink;
import penstock.telemetry.ErrorLog;
import penstock.telemetry.LogFormat;
import penstock.telemetry.StandardStreams;
import penstock.text.Address;
import penstock.text.Version;
import penstock.topic.Feed;
import penstock.venue.Venue;
import penstock.warmup.WarmUp;

/**
 * Runs a relay as a process: banner, drain, exit codes. Owned by the main thread; the drain runs on the JVM's shutdown
 * thread.
 */
final class RelayService {
    /** After the drain: for the feed, for connections that close slowly, and for the last lines of the log. */
    private static final long END_WITHIN_MS = 1_500;
    private static final long LAST_LINES_MS = 100;
    /** On a busy machine the rest of the warm-up runs beside the first clients. */
    private static final long WARM_UP_MS = 300;

    private static final Logger LOG = LoggerFactory.getLogger(RelayService.class);

    private RelayService() {
    }

    /** What a supervisor of the process sees. Any thread. */
    private record Supervised(Relay relay) implements SupervisedService {
        @Override
        public boolean isReady() {
            // it answers for all: every shard learns the same states of feeds
            final Shard shard = relay.firstShard();
            // a standby is as ready as it will be while another relay is connected
            return !shard.isDraining() && (!relay.lease().status().isConnected()
                || shard.topics().feeds().stream().anyMatch(Feed::isReady));
        }

        @Override
        public String status() {
            final String standby = relay.lease().status().isConnected() ? "" : "standby, ";
            return relay.firstShard().topics().feeds().stream()
                .map(feed -> feed.name() + " " + feed.status().spelling())
                .collect(Collectors.joining(", ", standby, "; sessions: " + relay.sessionCount()));
        }

        @Override
        public Map<String, LongSupplier> pulses() {
            return relay.telemetry().heartbeats();
        }
    }

    /**
     * Runs until the process ends, or the venues of all feeds reject the connection permanently. {@code shutdown} was
     * installed before the configuration was read.
     */
    static int run(final ConfigOptions.Loaded loaded, final String source, final RelayShutdown shutdown) {
        try (StandardStreams streams = StandardStreams.open()) {
            if (isJson(loaded)) {
                LogFormat.json();
            }
            LOG.info("{}", firstLine(loaded, source));
            return run(loaded, source, shutdown, streams).code();
        }
    }

    /** In all ways in which the clients of the relay may come, except with certificates of their own; or none. */
    static Optional<WarmUp> warmUp(final RelayConfig config) {
        if (!config.server().life().warmUp()) {
            return Optional.empty();
        }
        final ServerConfig.Tls tls = config.server().listen().tls();
        final boolean isSecure = tls.isOn() && tls.clientCertificates() != ServerConfig.ClientCertificates.REQUIRED;
        return Optional.of(WarmUp.begin(server -> {
            Relay.addEndpoints(server);
            if (config.server().deflate()) {
                server.contexts().extend(DeflateExtension::new);
            }
            if (isSecure) {
                server.secure(new ServerTls("server.tls", tls, false), null);
            }
        }, new WarmUp.Ways(isSecure, config.server().deflate(), config.auth().mode() != AuthConfig.Mode.NONE)));
    }

    private static ExitCode run(final ConfigOptions.Loaded loaded, final String source, final RelayShutdown shutdown,
            final StandardStreams streams) {
        final Relay relay;
        try {
            RelayParts.follow(loaded.config().log());
            final Optional<WarmUp> warmUp = warmUp(loaded.config());
            relay = Relay.after(() -> warmUp.ifPresent(each -> each.await(WARM_UP_MS)), loaded);
        } catch (final ConfigException mistakes) {
            // printed like those of the configuration
            throw mistakes;
        } catch (final IllegalArgumentException e) {
            complain(loaded, source + ": " + e.getMessage());
            return ExitCode.CONFIG;
        } catch (final IOException | RuntimeException e) {
            complain(loaded, cannotStart(loaded.config(), e));
            return ExitCode.FAILED;
        }
        final ErrorLog errors = relay.telemetry().errors();
        final SupervisorLink supervisor = SupervisorLink.open(System.getenv(), new Supervised(relay));
        relay.lease().onUnfenced(what -> {
            complain(loaded, what + ": the process ends");
            streams.awaitWritten(LAST_LINES_MS);
            Runtime.getRuntime().halt(ExitCode.FAILED.code());
        });
        errors.onRecord(error -> endWithoutMemory(error, streams));
        Thread.setDefaultUncaughtExceptionHandler((thread, e) -> errors.record("thread " + thread.getName(), e));
        final long endWithinMs = loaded.config().server().life().drainTimeMs() + END_WITHIN_MS;
        shutdown.onUp(() -> {
            supervisor.stopping();
            drain(relay, endWithinMs, streams, loaded);
        });
        ProcessSignals.onHangup(() -> supervisor.reload(() -> reload(relay, errors)));
        final List<String> banner = banner(relay, loaded);
        if (isJson(loaded)) {
            banner.forEach(line -> LOG.info("{}", line.trim()));
        } else {
            banner.forEach(System.out::println);
        }
        final ExitCode code = awaitRejection(relay, loaded);
        shutdown.close();
        supervisor.stopping();
        relay.close();
        return code;
    }

    /** On a thread of the JVM's. */
    private static void reload(final Relay relay, final ErrorLog errors) {
        try {
            relay.reload().reload();
        } catch (final RuntimeException | Error e) {
            errors.record("the configuration could not be read again", e);
        }
    }

    private static ExitCode awaitRejection(final Relay relay, final ConfigOptions.Loaded loaded) {
        try {
            complain(loaded, "venue rejected the connection permanently: " + relay.fatal().get());
            return ExitCode.REFUSED;
        } catch (final InterruptedException | ExecutionException e) {
            complain(loaded, "The relay was interrupted: " + e.getMessage());
            return ExitCode.FAILED;
        }
    }

    /**
     * Ends the process with 0 in time, even if a thread of the relay hangs. Without {@code halt} the JVM would report
     * the signal of a drained relay, 143 or 130.
     */
    private static void drain(final Relay relay, final long withinMs, final StandardStreams streams,
            final ConfigOptions.Loaded loaded) {
        say(loaded, "Draining, open sessions: " + relay.sessionCount());
        final Thread closing = new Thread(relay::close, "close");
        closing.setDaemon(true);
        closing.start();
        try {
            closing.join(withinMs);
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        streams.awaitWritten(LAST_LINES_MS);
        Runtime.getRuntime().halt(ExitCode.DONE.code());
    }

    /**
     * A relay that lacks memory may lack any state: a new process is better. The JVM ends by itself only when the heap
     * is full, and only with {@code -XX:+ExitOnOutOfMemoryError}; direct memory and threads run out too.
     */
    private static void endWithoutMemory(final Throwable error, final StandardStreams streams) {
        if (error instanceof OutOfMemoryError) {
            try {
                streams.awaitWritten(LAST_LINES_MS);
            } finally {
                Runtime.getRuntime().halt(ExitCode.OUT_OF_MEMORY.code());
            }
        }
    }

    private static boolean isJson(final ConfigOptions.Loaded loaded) {
        return loaded.config().log().format() == LogConfig.Format.JSON;
    }

    /** For people a plain line; programs find every line in the log. */
    private static void say(final ConfigOptions.Loaded loaded, final String line) {
        if (isJson(loaded)) {
            LOG.info("{}", line);
        } else {
            System.err.println(line);
        }
    }

    private static void complain(final ConfigOptions.Loaded loaded, final String line) {
        if (isJson(loaded)) {
            LOG.error("{}", line);
        } else {
            System.err.println(line);
        }
    }

    /** What a report of a problem needs first. */
    static String firstLine(final ConfigOptions.Loaded loaded, final String source) {
        final Set<String> sources = new LinkedHashSet<>(List.of(source));
        if (loaded.view() != null) {
            sources.addAll(loaded.view().sources());
        }
        return "Penstock " + Version.TEXT + " on " + System.getProperty("java.vm.name") + " "
            + System.getProperty("java.runtime.version") + "; configuration: " + String.join(", ", sources);
    }

    /** What an operator sees first: where the data comes from, and where to get it. */
    static List<String> banner(final Relay relay, final ConfigOptions.Loaded loaded) {
        final List<String> lines = new ArrayList<>();
        final String host = shownHost(loaded.config().server().listen().host());
        final boolean isSecure = loaded.config().server().listen().tls().isOn();
        final String base = "://" + host + ":" + relay.port();
        final String http = (isSecure ? "https" : "http") + base;
        final String ws = (isSecure ? "wss" : "ws") + base;
        final Iterator<Venue> venues = loaded.venues().iterator();
        String begin = "Penstock " + Version.TEXT + " relays ";
        for (final FeedConfig feed : loaded.config().feeds().values()) {
            final Venue venue = venues.next();
            final List<Address> urls = feed.urls().isEmpty() ? venue.connection().endpoint().all() : feed.urls();
            lines.add(begin + venue.name() + " from " + urls);
            begin = "  and " + " ".repeat(begin.length() - "  and ".length());
        }
        if (loaded.config().isEdge()) {
            lines.add(begin + "what another relay has, from " + loaded.config().feed().urls());
        }
        if (loaded.config().role() != RelayRole.STANDALONE) {
            lines.add("  its role              " + role(loaded.config()));
        }
        lines.add("  prices in a browser   " + http + "/");
        final String operator = operatorAddress(relay, loaded.config());
        if (operator != null) {
            lines.add("  what is wrong now     " + operator + OpsConsole.PATH);
        }
        lines.add("  WebSocket             " + ws + "/v1/ws?symbols=*&interval=250");
        lines.add("  upstream payloads     " + ws + "/v1/raw?symbols=*");
        lines.add("  current values        " + http + "/v1/snapshot");
        if (loaded.config().server().publicMetrics()) {
            lines.add("  metrics               " + http + "/metrics");
        } else if (operator != null) {
            lines.add("  metrics               " + operator + "/metrics");
        }
        lines.add("  clients               " + relay.clients());
        lines.add("  from a terminal       scripts/relay tap " + (isSecure ? ws : base.substring("://".length()))
            + " --symbols '*'");
        lines.add("Ctrl-C or SIGTERM drains and ends. scripts/relay stat shows the counters.");
        return lines;
    }

    private static String role(final RelayConfig config) {
        return config.role().word() + (config.lease().isShared()
            ? ": connected while it has the lease " + config.lease().key() + " at " + config.lease().etcd() : "");
    }

    /** Of the operator's listener; null if there is none. */
    private static String operatorAddress(final Relay relay, final RelayConfig config) {
        return relay.adminPort() < 0 ? null : (config.admin().tls().isOn() ? "https://" : "http://")
            + shownHost(config.admin().host()) + ":" + relay.adminPort();
    }

    private static String shownHost(final String host) {
        return "127.0.0.1".equals(host) || "0.0.0.0".equals(host) ? "localhost" : host;
    }

    private static String cannotStart(final RelayConfig config, final Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof BindException) {
                return "A port is taken: server.port = " + config.server().listen().port() + ", admin.port = "
                    + config.admin().port()
                    + "; stop the process that listens there, or choose others with --set server.port=… "
                    + "--set admin.port=…";
            }
        }
        return "The relay could not start: " + failure;
    }
}
