package penstock.server.ops;

import java.util.ArrayList;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.xnio.XnioIoThread;
import penstock.audit.AuditLog;
import penstock.config.relay.RelayConfig;
import penstock.fanout.SessionSettings;
import penstock.fanout.SessionTimeouts;
import penstock.fanout.Shard;
import penstock.fanout.ShardMetrics;
import penstock.fanout.ShardProxy;
import penstock.identity.AccessControl;
import penstock.memory.MemoryShare;
import penstock.memory.MemoryUse;
import penstock.ring.ConflationClass;
import penstock.ring.TickPublisher;
import penstock.ring.TickRing;
import penstock.server.IoThread;
import penstock.server.RelayServer;
import penstock.telemetry.Counters;
import penstock.telemetry.ErrorLog;
import penstock.telemetry.ShardLatencies;
import penstock.text.Version;
import penstock.topic.Channel;
import penstock.topic.Feed;
import penstock.topic.TopicTable;

/**
 * A shard on each io thread with the channel {@code $metrics} alone, behind a small ring of its own. What it counts is
 * counted nowhere else, so that the metrics of the relay are those of its subscribers.
 *
 * <p>Created by the thread that starts the relay; each shard belongs to its io thread.
 */
final class MetricsShards {
    /** The channel, and the feed that it is of. */
    static final String CHANNEL = "$metrics";
    static final String FEED = "relay";

    /** More than there are symbols, so that a publication does not wait for room. */
    private static final int SLOTS = 512;
    private static final int PAYLOAD_BYTES = 256 * 1024;
    private static final int INTERVAL_MS = 500;
    private static final long SECOND_NS = 1_000_000_000;
    private static final SessionTimeouts TIMEOUTS =
        new SessionTimeouts(5 * SECOND_NS, 20 * SECOND_NS, 60 * SECOND_NS, 60 * SECOND_NS);
    /** What the pages of operators may make one io thread hold, of each use. */
    private static final long MEMORY_BYTES = 4 << 20;

    private final Map<XnioIoThread, Shard> shards = new LinkedHashMap<>();
    private final Map<XnioIoThread, Counters> counters = new LinkedHashMap<>();
    private final List<ShardProxy> proxies = new ArrayList<>();
    private final TickPublisher publisher;

    /** On {@code threads}, for those whom {@code access} lets in. */
    MetricsShards(final List<XnioIoThread> threads, final RelayConfig config, final ErrorLog errors,
            final AccessControl access, final long nowMs) {
        final TickRing ring = new TickRing(SLOTS, PAYLOAD_BYTES);
        final AuditLog audit = new AuditLog();
        final Map<MemoryUse, Long> limits = new EnumMap<>(MemoryUse.class);
        for (final MemoryUse use : MemoryUse.values()) {
            limits.put(use, MEMORY_BYTES);
        }
        final SessionSettings settings =
            new SessionSettings(Version.TEXT, INTERVAL_MS, TIMEOUTS, RelayServer.limits(config));
        for (final XnioIoThread thread : threads) {
            final IoThread ioThread = new IoThread(thread, errors);
            final Counters own = new Counters("ops-" + shards.size());
            final MemoryShare memory = new MemoryShare(limits, 1);
            final Shard shard = new Shard(ioThread, ring.poller(own),
                new TopicTable(List.of(channel(memory, nowMs)), nowMs, nowMs * 1_000), settings,
                new ShardMetrics(own, errors, new ShardLatencies(), memory, audit, null));
            shard.authenticate(access);
            shards.put(thread, shard);
            counters.put(thread, own);
            proxies.add(new ShardProxy(ioThread, shard));
        }
        final Channel first = channel(MemoryShare.unlimited(), nowMs);
        publisher = ring.publisher(new Counters("ops"), proxies.stream().<Runnable>map(each -> each::wake).toList(),
            channel -> first.newConflator());
    }

    private static Channel channel(final MemoryShare memory, final long nowMs) {
        return new Channel(new Feed(0, FEED, nowMs * 1_000), 0, CHANNEL, ConflationClass.MERGE.spelling(), true,
            memory);
    }

    /** Serves their sessions to operators. */
    void addTo(final RelayServer server, final AccessControl access) {
        server.addSessions(shards, counters, access);
    }

    /** The writing end; of the thread that publishes first. */
    TickPublisher publisher() {
        return publisher;
    }

    /** Whether anybody looks. Any thread. */
    boolean isWatched() {
        return shards.values().stream().anyMatch(shard -> shard.sessionCount() > 0);
    }

    /** Begins their housekeeping. */
    void start() {
        proxies.forEach(ShardProxy::start);
    }

    /** Closes their sessions within {@code ms}. */
    void drain(final long ms) {
        proxies.forEach(proxy -> proxy.drain(ms));
    }
}
