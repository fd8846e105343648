package penstock.config.relay;

import com.typesafe.config.ConfigObject;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import penstock.config.ConfigSection;
import penstock.config.ConfigUnits;
import penstock.config.Problems;
import penstock.config.SourceText;
import penstock.text.AddressRange;

/**
 * Reads the configuration records from the merged layers and checks their values, alone and against each other. A
 * refused value reads as {@link #REFUSED}, so that no check reports it twice.
 * Owned by the thread that reads the configuration.
 */
final class RelayConfigReader {
    private static final int REFUSED = -1;
    private static final String LOOPBACK = "127.0.0.1";
    private static final int PORTS = 65_535;
    private static final long HOUR_MS = 3_600_000;
    private static final long KIB = 1_024;
    private static final long MIB = KIB * KIB;
    private static final long GIB = KIB * MIB;
    private static final int SLOT_BYTES = 64;
    private static final Pattern LOGGER = Pattern.compile("[A-Za-z_$][\\w$]*(\\.[A-Za-z_$][\\w$]*)*");

    private final Problems problems;
    private final FeedConfigReader feed;
    private final AuthConfigReader access;
    private final Path folder;

    /** A missing key is reported in {@code file}; {@code folder} resolves relative paths. */
    RelayConfigReader(final Problems problems, final ConfigObject file, final Path folder) {
        this.problems = problems;
        this.folder = folder;
        feed = new FeedConfigReader(problems, file, folder);
        access = new AuthConfigReader(folder);
    }

    /** Reads everything, with {@code defaults} below what is {@code written}, and records the problems. */
    RelayConfig read(final ConfigObject written, final ConfigObject defaults) {
        final boolean isSeveral = written.get("feeds") instanceof ConfigObject feeds && !feeds.isEmpty();
        final ConfigObject merged = isSeveral ? written.withoutKey("feed").withFallback(defaults.withoutKey("feed"))
            : written.withFallback(defaults);
        final ConfigSection root = new ConfigSection(merged, "", problems);
        final ServerConfig server = server(root.section("server"));
        final RelayConfig.Upstreams shared = feed.read(root, written, server.threads())
            .with(LeaseConfig.read(root.section("lease"), folder));
        final RelayConfig.Upstreams upstreams = shared.with(RelayRole.read(root, shared));
        return new RelayConfig(
            upstreams,
            server,
            fanout(root.section("fanout")),
            relayLimits(root.section("limits")),
            ring(root.section("ring")),
            access.read(root),
            new RelayConfig.Operator(admin(root.section("admin")), log(root.section("log")),
                audit(root.section("audit")), telemetry(root.section("telemetry")), usage(root.section("usage")),
                record(root.section("record"), upstreams)));
    }

    private ServerConfig server(final ConfigSection section) {
        return new ServerConfig(
            new ServerConfig.Address(host(section), section.integer("port", REFUSED, 0, PORTS),
                TlsFiles.ofListener(section.section("tls"), folder)),
            section.integer("io-threads", REFUSED, 0, 256),
            new ServerConfig.Limits((int) section.bytes("send-buffer", REFUSED, 4 * KIB, 16 * MIB),
                section.integer("max-sessions", REFUSED, 1, 1_000_000),
                (int) section.bytes("max-frame", REFUSED, KIB, 16 * MIB)),
            edge(section),
            section.flag("public-metrics", false),
            section.flag("deflate", false),
            new ServerConfig.Life(section.flag("warm-up", true), section.durationMs("drain-time", REFUSED, 0, 5_000)));
    }

    private static ServerConfig.Edge edge(final ConfigSection section) {
        final ServerConfig.Edge edge = new ServerConfig.Edge(hostNames(section), origins(section), proxies(section),
            section.flag("proxy-protocol", false), new ServerConfig.Quotas(
                section.integer("max-sessions-per-address", REFUSED, 0, 1_000_000),
                section.integer("handshakes-per-second", REFUSED, 0, 1_000_000),
                section.integer("handshakes-per-second-per-address", REFUSED, 0, 1_000_000),
                section.integer("requests-per-second-per-address", REFUSED, 0, 1_000_000),
                section.integer("subscriptions-per-address", REFUSED, 0, 1_000_000_000),
                section.integer("symbols-per-address", REFUSED, 0, 1_000_000_000)));
        if (edge.proxyProtocol() && edge.trustedProxies().isEmpty()) {
            section.problem("proxy-protocol", "is only read from proxies in trusted-proxies, and there are none; list "
                + "their addresses");
        }
        return edge;
    }

    private static List<String> proxies(final ConfigSection section) {
        final List<String> proxies = section.texts("trusted-proxies");
        for (final String proxy : proxies) {
            if (AddressRange.parse(proxy) == null) {
                section.problem("trusted-proxies", "must be addresses like 10.0.0.5 or blocks like 10.0.0.0/8, got "
                    + SourceText.of(proxy));
            }
        }
        return proxies;
    }

    private static List<String> hostNames(final ConfigSection section) {
        final List<String> names = section.texts("host-names");
        for (final String name : names) {
            if (!name.matches("[A-Za-z0-9_-]+(\\.[A-Za-z0-9_-]+)*\\.?")) {
                section.problem("host-names", "must be names like relay.example.com, without a scheme and a port, got "
                    + SourceText.of(name));
            }
        }
        return names;
    }

    private static List<String> origins(final ConfigSection section) {
        final List<String> origins = section.texts("allowed-origins");
        for (final String origin : origins) {
            if (origin.equals("null")) {
                section.problem("allowed-origins", "null is the origin of every sandboxed page and every file; use "
                    + "\"*\" if every page may use the relay");
            } else if (!origin.matches("\\*|[a-z][a-z0-9+.-]*://[^/,\\s]+")) {
                section.problem("allowed-origins", "must be \"*\" or origins like https://example.com, without a path, "
                    + "got " + SourceText.of(origin));
            }
        }
        return origins;
    }

    private FanoutConfig fanout(final ConfigSection section) {
        final FanoutConfig fanout = new FanoutConfig(
            interval(section.section("interval")),
            section.bytes("journal", REFUSED, 0, 16 * GIB),
            section.durationMs("evict-blocked-after", REFUSED, 1_000, HOUR_MS),
            section.durationMs("heartbeat", REFUSED, 10, HOUR_MS),
            section.durationMs("ping-every", REFUSED, 10, HOUR_MS),
            section.durationMs("pong-within", REFUSED, 10, HOUR_MS),
            limits(section.section("limits")));
        if (fanout.pongWithinMs() != REFUSED && fanout.pongWithinMs() <= fanout.pingEveryMs()) {
            section.problemBetween("pong-within " + ConfigUnits.duration(fanout.pongWithinMs())
                + " must be longer than ping-every "
                + ConfigUnits.duration(fanout.pingEveryMs()), "pong-within", "ping-every");
        }
        return fanout;
    }

    private static FanoutConfig.Interval interval(final ConfigSection section) {
        final FanoutConfig.Interval interval = new FanoutConfig.Interval(
            section.durationMs("default", REFUSED, 0, HOUR_MS),
            section.durationMs("min", REFUSED, 0, HOUR_MS),
            section.durationMs("max", REFUSED, 0, HOUR_MS));
        final boolean allRead = interval.defaultMs() != REFUSED && interval.minMs() != REFUSED
            && interval.maxMs() != REFUSED;
        if (allRead && interval.minMs() > interval.maxMs()) {
            section.problemBetween("min " + ConfigUnits.duration(interval.minMs()) + " must not be longer than max "
                + ConfigUnits.duration(interval.maxMs()), "min", "max");
        } else if (allRead && (interval.defaultMs() < interval.minMs() || interval.defaultMs() > interval.maxMs())) {
            section.problemBetween("default " + ConfigUnits.duration(interval.defaultMs()) + " must lie between min "
                + ConfigUnits.duration(interval.minMs()) + " and max " + ConfigUnits.duration(interval.maxMs()),
                "default", "min", "max");
        }
        return interval;
    }

    private static FanoutConfig.Limits limits(final ConfigSection section) {
        return new FanoutConfig.Limits(
            section.integer("subscriptions", REFUSED, 1, 10_000),
            section.integer("symbols", REFUSED, 1, 1_000_000),
            section.integer("requests-per-second", REFUSED, 1, 10_000));
    }

    private static RelayConfig.Limits relayLimits(final ConfigSection section) {
        final ConfigSection memory = section.section("memory");
        return new RelayConfig.Limits(new RelayConfig.Memory(
            memory(memory, "partial-messages", 16),
            memory(memory, "responses", 16),
            memory(memory, "names", 32),
            memory(memory, "views", 8),
            memory(memory, "subscriptions", 4)),
            section.integer("work-per-second", REFUSED, 0, 1_000_000_000));
    }

    /** A key that is not set is a part of the heap, so that a larger heap serves more clients. */
    private static long memory(final ConfigSection section, final String key, final int partOfHeap) {
        final long derived = Math.max(MIB, Runtime.getRuntime().maxMemory() / partOfHeap);
        return section.bytes(key, derived, 64 * KIB, 64 * GIB);
    }

    private static RelayConfig.Ring ring(final ConfigSection section) {
        final RelayConfig.Ring ring = new RelayConfig.Ring(
            section.integer("slots", REFUSED, 16, 1 << 20),
            (int) section.bytes("bytes", REFUSED, 64 * KIB, GIB));
        if (ring.slots() != REFUSED && Integer.bitCount(ring.slots()) != 1) {
            final int below = Integer.highestOneBit(ring.slots());
            section.problem("slots", "must be a power of two, got " + ring.slots() + "; " + below + " and " + 2 * below
                + " are");
        }
        if (ring.slots() != REFUSED && ring.bytes() != REFUSED && ring.bytes() < (long) SLOT_BYTES * ring.slots()) {
            section.problemBetween("bytes " + ConfigUnits.bytes(ring.bytes()) + " must be at least " + SLOT_BYTES
                + " for each of the "
                + ring.slots() + " slots: " + ConfigUnits.bytes((long) SLOT_BYTES * ring.slots()), "bytes", "slots");
        }
        return ring;
    }

    private AdminConfig admin(final ConfigSection section) {
        final AdminConfig admin = new AdminConfig(
            section.flag("enabled", true),
            host(section),
            section.integer("port", REFUSED, 0, PORTS),
            section.text("token", null),
            TlsFiles.ofListener(section.section("tls"), folder));
        final boolean open = admin.token() == null || admin.token().isBlank();
        if (admin.enabled() && open && !new ServerConfig.Address(admin.host(), admin.port()).isLoopback()) {
            section.problem("host", "other machines can reach " + SourceText.of(admin.host())
                + ", so admin.token must be set; set PENSTOCK_ADMIN_TOKEN, or use 127.0.0.1");
        }
        return admin;
    }

    private static LogConfig log(final ConfigSection section) {
        final ConfigSection own = section.section("levels");
        final Map<String, LogConfig.Level> levels = new TreeMap<>();
        for (final String logger : own.keys()) {
            if (!LOGGER.matcher(logger).matches()) {
                own.problem(logger, "is no package or class; write it like \"penstock.feed\" = debug");
            }
            levels.put(logger, own.choice(logger, LogConfig.Level.INFO, LogConfig.Level.class));
        }
        return new LogConfig(section.choice("format", LogConfig.Format.TEXT, LogConfig.Format.class),
            section.choice("level", null, LogConfig.Level.class),
            Collections.unmodifiableMap(levels));
    }

    private AuditConfig audit(final ConfigSection section) {
        final String file = section.path("file", "must be the path of a file, or null for the log of the relay");
        return new AuditConfig(
            file == null ? null : folder.resolve(file).toString(),
            section.integer("one-in", REFUSED, 0, 1_000_000),
            section.integer("lines-per-second", REFUSED, 0, 1_000_000),
            section.bytes("file-size", REFUSED, 64 * KIB, GIB),
            section.integer("files", REFUSED, 1, 100));
    }

    private static RelayConfig.Telemetry telemetry(final ConfigSection section) {
        return new RelayConfig.Telemetry(section.path("dir", "must be the path of a directory"));
    }

    private UsageConfig usage(final ConfigSection section) {
        final String dir = section.path("dir", "must be the path of a directory, or null for no ledger");
        return new UsageConfig(dir == null ? null : folder.resolve(dir).toString(),
            section.durationMs("interval", REFUSED, 100, HOUR_MS));
    }

    private static RecordConfig record(final ConfigSection section, final RelayConfig.Upstreams upstreams) {
        final RecordConfig record = new RecordConfig(
            section.bytes("max-size", REFUSED, 64 * KIB, 64 * GIB),
            section.durationMs("max-age", REFUSED, 1_000, 24 * HOUR_MS),
            section.bytes("keep", REFUSED, MIB, 1_024 * GIB),
            section.durationMs("keep-for", REFUSED, 60_000, 366 * 24 * HOUR_MS),
            (int) section.bytes("buffer", REFUSED, 64 * KIB, GIB));
        final int below = Integer.highestOneBit(record.bufferBytes());
        if (record.bufferBytes() != REFUSED && below != record.bufferBytes()) {
            section.problem("buffer", "must be a power of two, got " + ConfigUnits.bytes(record.bufferBytes()) + "; "
                + ConfigUnits.bytes(below) + " is");
        }
        if (record.maxSizeBytes() != REFUSED && record.keepBytes() != REFUSED
                && record.keepBytes() < 2 * record.maxSizeBytes()) {
            section.problemBetween("keep " + ConfigUnits.bytes(record.keepBytes()) + " must be at least twice max-size "
                + ConfigUnits.bytes(record.maxSizeBytes()) + ": the file that is written, and one before it", "keep",
                "max-size");
        }
        upstreams.feeds().forEach((name, feed) -> {
            final long neededMs = feed.reception().delayed().byMs() + record.maxAgeMs();
            if (feed.reception().delayed().of() != null && record.keepForMs() < neededMs) {
                section.problem("keep-for", "must be at least " + ConfigUnits.duration(neededMs) + ": feeds." + name
                    + ".delayed.by and max-age, else its files are deleted before they are played");
            }
        });
        return record;
    }

    private static String host(final ConfigSection section) {
        final String host = section.text("host", LOOPBACK);
        if (host.matches("[A-Za-z0-9._-]+:[0-9]*")) {
            section.problem("host", "must be without a port, got " + SourceText.of(host)
                + "; the port has a key of its own");
        } else if (!host.matches("[A-Za-z0-9.:%_-]+")) {
            section.problem("host", "must be a host name or an address like 127.0.0.1 or ::1, got "
                + SourceText.of(host));
        } else {
            return host;
        }
        return LOOPBACK;
    }
}
