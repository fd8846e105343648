package penstock.config.relay;

import com.typesafe.config.ConfigUtil;
import java.util.LinkedHashMap;
import java.util.Map;
import penstock.config.Inline;

/**
 * The whole configuration of a relay, checked. Its text is the effective configuration as HOCON, secrets masked.
 * Immutable.
 */
public record RelayConfig(@Inline Upstreams upstreams, ServerConfig server, FanoutConfig fanout, Limits limits,
        Ring ring, @Inline Access access, @Inline Operator operator) {

    /**
     * Where the data comes from: one feed, or several.
     *
     * @param feed  the only one; null if there are {@code feeds}
     * @param feeds by their names, the default one first; empty if there is one without a name of its own
     * @param merge by their names: channels that are made of those of several feeds
     * @param lease which of several relays is connected
     * @param role  what this relay is among others
     */
    public record Upstreams(FeedConfig feed, Map<String, FeedConfig> feeds, Map<String, MergeConfig> merge,
            LeaseConfig lease, RelayRole role) {
        /** Shared with no other relay. */
        public Upstreams(final FeedConfig feed, final Map<String, FeedConfig> feeds,
                final Map<String, MergeConfig> merge) {
            this(feed, feeds, merge, LeaseConfig.NONE, RelayRole.STANDALONE);
        }

        /** The same, by this lease. */
        Upstreams with(final LeaseConfig shared) {
            return new Upstreams(feed, feeds, merge, shared, role);
        }

        /** The same in this role. */
        Upstreams with(final RelayRole its) {
            return new Upstreams(feed, feeds, merge, lease, its);
        }
    }

    /**
     * Limits of the whole relay.
     *
     * @param workPerSecond topics and comparisons that the clients of one address may ask for per second; 0 = no limit
     */
    public record Limits(Memory memory, int workPerSecond) {
    }

    /**
     * Bytes of heap that all clients together can make the relay hold. The io threads share each limit equally.
     *
     * @param partialMessagesBytes messages that have not arrived in full
     * @param responsesBytes       HTTP answers that clients have not read yet
     * @param namesBytes           symbols and patterns that subscriptions wait for
     * @param viewsBytes           selections of fields and depths, and what is encoded for them
     * @param subscriptionsBytes   subscriptions and their tables of topics
     */
    public record Memory(long partialMessagesBytes, long responsesBytes, long namesBytes, long viewsBytes,
            long subscriptionsBytes) {
    }

    /**
     * Who may see what.
     *
     * @param products by their names
     * @param bus      where the feeds are published beside the sessions, for all who may read there
     */
    public record Access(AuthConfig auth, Map<String, AuthConfig.Product> products, BusConfig bus) {
    }

    /** Capacity between the feed thread and the io threads; {@code slots} is a power of two. */
    public record Ring(int slots, int bytes) {
    }

    /**
     * Where the relay keeps the counters and errors that {@code relay stat} and {@code relay errors} read.
     *
     * @param dir null = derived from user and port
     */
    public record Telemetry(String dir) {
    }

    /** What the operator sees of a running relay: metrics, the logs, the mapped file, the ledger, recordings. */
    public record Operator(AdminConfig admin, LogConfig log, AuditConfig audit, Telemetry telemetry,
            UsageConfig usage, RecordConfig record) {
    }

    /** Whether this relay is behind another one, whose feeds it has. */
    public boolean isEdge() {
        return upstreams.feed() != null && upstreams.feed().identity().venue().equals(FeedConfig.RELAY);
    }

    /** The feed of a client that names none. */
    public FeedConfig feed() {
        return upstreams.feed() != null ? upstreams.feed() : upstreams.feeds().values().iterator().next();
    }

    /**
     * The feeds by the keys where their configuration stands, like {@code feeds.kraken}; the default one first. A relay
     * behind another one has none of its own.
     */
    public Map<String, FeedConfig> feeds() {
        if (isEdge()) {
            return Map.of();
        }
        if (upstreams.feed() != null) {
            return Map.of("feed", upstreams.feed());
        }
        final Map<String, FeedConfig> feeds = new LinkedHashMap<>();
        upstreams.feeds().forEach((name, feed) -> feeds.put("feeds." + ConfigUtil.joinPath(name), feed));
        return feeds;
    }

    /** What this relay is among others, as far as its configuration says. */
    public RelayRole role() {
        return upstreams.role();
    }

    /** Which of several relays is connected to the venues. */
    public LeaseConfig lease() {
        return upstreams.lease();
    }

    /** Authentication of subscribers. */
    public AuthConfig auth() {
        return access.auth();
    }

    /** The products that may be granted, by their names. */
    public Map<String, AuthConfig.Product> products() {
        return access.products();
    }

    /** Where the feeds are published beside the sessions. */
    public BusConfig bus() {
        return access.bus();
    }

    /** The operator's listener. */
    public AdminConfig admin() {
        return operator.admin();
    }

    /** What the log has. */
    public LogConfig log() {
        return operator.log();
    }

    /** The log of sessions. */
    public AuditConfig audit() {
        return operator.audit();
    }

    /** The mapped file of counters and errors. */
    public Telemetry telemetry() {
        return operator.telemetry();
    }

    /** The usage ledger. */
    public UsageConfig usage() {
        return operator.usage();
    }

    /** The recordings. */
    public RecordConfig record() {
        return operator.record();
    }

    /** The effective configuration as HOCON, with every key and masked secrets. */
    public String toHocon() {
        return EffectiveConfig.lines(this);
    }

    @Override
    public String toString() {
        return EffectiveConfig.oneLine(this);
    }
}
