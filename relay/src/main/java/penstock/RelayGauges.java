package penstock;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.TimeUnit;
import penstock.changes.ChangeKind;
import penstock.changes.ChangeLog;
import penstock.config.relay.RelayConfig;
import penstock.config.relay.RelayRole;
import penstock.edge.EdgeFeeds;
import penstock.fanout.Shard;
import penstock.finding.FindingWatch;
import penstock.identity.rights.Rights;
import penstock.ingest.IngestLease;
import penstock.link.LinkReading;
import penstock.memory.MemoryShare;
import penstock.memory.MemoryUse;
import penstock.ring.TickPublisher;
import penstock.running.ServedFeeds;
import penstock.server.auth.Edges;
import penstock.server.links.EdgeWatch;
import penstock.server.ops.RoleReadings;
import penstock.telemetry.HoldMeter;
import penstock.telemetry.LatencyRecorder;
import penstock.telemetry.Telemetry;

/** The gauges and latencies of a relay. Registered once, by the thread that starts it. */
final class RelayGauges {
    private static final long NS_PER_SECOND = 1_000_000_000;

    private RelayGauges() {
    }

    /** The first shard answers for all: every shard learns the same topics. */
    static void register(final Telemetry telemetry, final List<Shard> shards) {
        final Shard shard = shards.get(0);
        telemetry.gauge("penstock_sessions", "Sessions open now.",
            () -> shards.stream().mapToInt(Shard::sessionCount).sum());
        telemetry.gauge("penstock_subscriptions", "Subscriptions open now.",
            () -> shards.stream().mapToInt(Shard::subscriptionCount).sum());
        telemetry.gauge("penstock_topics", "Known topics.", () -> shard.topics().size());
        for (int i = 0; i < shards.size(); i++) {
            final HoldMeter holds = shards.get(i).work().holds();
            telemetry.seconds("penstock_longest_hold_seconds", "Longest time that a task has held the io thread.",
                NS_PER_SECOND, holds::longestNs, "owner", RelayThreads.shard(i));
        }
    }

    /** Bytes that clients make the relay hold, by use; {@code rights}: null if no service takes products away. */
    static void register(final Telemetry telemetry, final Collection<MemoryShare> shares, final Rights rights) {
        for (final MemoryUse use : MemoryUse.values()) {
            telemetry.gauge("penstock_memory_bytes", "Bytes of heap that clients make the relay hold.",
                () -> shares.stream().mapToLong(share -> share.used(use)).sum(), "use", use.key());
        }
        telemetry.gauge("penstock_rights_age_seconds",
            "Age of the oldest answer of auth.rights.url that counts for an open session.",
            () -> rights == null ? Telemetry.UNKNOWN : rights.ageSeconds());
    }

    /** What is wrong with the relay, by its counts. */
    static FindingWatch findings(final Telemetry telemetry, final RoleReadings role, final EdgeWatch edges) {
        final FindingWatch watch = new FindingWatch(telemetry,
            () -> TimeUnit.MILLISECONDS.toMicros(System.currentTimeMillis()));
        if (role.lease() != null) {
            watch.watch(role.lease());
        }
        if (role.link() != null) {
            watch.watchLink(role.link());
        }
        watch.watchEdges(edges::late);
        return watch;
    }

    /** What the relay is among others. {@code shard}: any of it; {@code edge}: null unless it is behind another one. */
    static RoleReadings role(final RelayConfig config, final String id, final Shard shard, final Edges edges,
            final IngestLease lease, final EdgeFeeds edge) {
        return new RoleReadings(id,
            () -> config.role() == RelayRole.STANDALONE && edges.count() > 0 ? RelayRole.INGEST : config.role(),
            () -> {
                final LinkReading link = edge == null ? null : edge.reading();
                return link == null ? shard.topics().epoch() : link.epoch();
            },
            lease.isShared() ? lease::status : null, edge == null ? null : edge::reading);
    }

    /** Each state of a feed is a change that the operator sees. */
    static void watch(final TickPublisher publisher, final ServedFeeds feeds, final ChangeLog changes) {
        publisher.watch((feed, state, reason) -> changes.add(ChangeKind.FEED, feeds.name(feed),
            reason == null ? state.spelling() : state.spelling() + ": " + reason));
    }

    /** Of the feed thread. */
    static LatencyRecorder ingest(final Telemetry telemetry) {
        return telemetry.latency("penstock_ingest_seconds", "Time from reading an update's frame until the update is "
            + "in the ring; measured for one update of 17, and for each that waited for room.", RelayThreads.FEED);
    }
}
