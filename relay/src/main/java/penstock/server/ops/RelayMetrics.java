package penstock.server.ops;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import penstock.changes.Change;
import penstock.changes.ChangeLog;
import penstock.fanout.Shard;
import penstock.lease.LeaseStatus;
import penstock.link.LinkReading;
import penstock.ring.FeedState;
import penstock.ring.TickPublisher;
import penstock.ring.UpdateSlice;
import penstock.telemetry.Counter;
import penstock.telemetry.StandardStreams;
import penstock.telemetry.Telemetry;
import penstock.text.Version;
import penstock.topic.Feed;
import penstock.wire.MessageBuffer;

/**
 * The figures of the relay as symbols of the channel {@code $metrics}: {@code relay}, {@code changes}, one for each
 * feed, stage and io thread. Rates are those of the last two seconds, percentiles those of the last minute.
 *
 * <p>Owned by the ops thread.
 */
final class RelayMetrics {
    private static final Map<String, Double> PERCENTILES = percentiles();
    private static final long US_PER_MS = 1_000;
    private static final long NS_PER_US = 1_000;
    private static final long NS_PER_MS = 1_000_000;
    private static final long MS_PER_S = 1_000;

    private final RelayReadings relay;
    private final ChangeLog changes;
    private final TickPublisher publisher;
    private final long startedMs;
    private final Map<String, Integer> topics = new HashMap<>();
    private final Map<String, RateWindow> rates = new HashMap<>();
    private final Map<String, StageWindow> stages = new LinkedHashMap<>();
    private final OperatingSystemMXBean process =
        (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
    private final FlatObject value = new FlatObject();
    private final UpdateSlice update = new UpdateSlice();
    private boolean isAnnounced;

    /** Publishes with {@code publisher}, whose only channel is that of the metrics. */
    RelayMetrics(final RelayReadings relay, final ChangeLog changes, final TickPublisher publisher, final long nowNs,
            final long nowMs) {
        this.relay = relay;
        this.changes = changes;
        this.publisher = publisher;
        startedMs = nowMs;
        final Telemetry telemetry = relay.telemetry();
        for (final Counter counter : List.of(Counter.FEED_UPDATES, Counter.UPDATES_DELIVERED, Counter.UPDATES_CONFLATED,
                Counter.BYTES_SENT, Counter.WRITES, Counter.WRITES_BLOCKED)) {
            rate(counter.name(), () -> telemetry.sum(counter), nowNs);
        }
        rate("cpu", process::getProcessCpuTime, nowNs);
        addFeeds(nowNs);
        for (final String stage : List.of("ingest", "ring", "dwell", "queueing", "write", "age")) {
            stages.put(stage, new StageWindow(() -> telemetry.recorders("penstock_" + stage + "_seconds"), nowNs));
        }
    }

    /** Feeds come while the relay runs; one that comes back counts on. */
    private void addFeeds(final long nowNs) {
        for (final FeedReadings feed : relay.feeds()) {
            if (feed != null && !rates.containsKey("feed." + feed.name())) {
                rate("feed." + feed.name(), () -> feed.counters().get(Counter.FEED_UPDATES), nowNs);
            }
        }
    }

    private static Map<String, Double> percentiles() {
        final Map<String, Double> all = new LinkedHashMap<>();
        all.put("p50", 0.5);
        all.put("p75", 0.75);
        all.put("p90", 0.9);
        all.put("p95", 0.95);
        all.put("p99", 0.99);
        all.put("p995", 0.995);
        all.put("p999", 0.999);
        all.put("p9995", 0.9995);
        all.put("p9999", 0.9999);
        return all;
    }

    /** Keeps marks for rates and percentiles: twice a second, whether or not anyone looks. */
    void mark(final long nowNs) {
        addFeeds(nowNs);
        rates.values().forEach(each -> each.mark(nowNs));
        stages.values().forEach(each -> each.mark(nowNs));
    }

    /** Publishes everything as it is now; unchanged fields cost subscribers nothing, as they ask for what changed. */
    void publish(final long nowNs, final long nowMs) {
        if (!isAnnounced) {
            isAnnounced = true;
            publisher.feedState(0, FeedState.LIVE, null, nowMs * US_PER_MS, -1);
        }
        publish("relay", relay(nowMs), nowNs, nowMs);
        final List<Feed> feeds = relay.shards().get(0).topics().feeds();
        for (final Feed feed : feeds) {
            publish("feed." + feed.name(), feed(feed), nowNs, nowMs);
        }
        stages.forEach((name, stage) -> publish("stage." + name, stage(stage), nowNs, nowMs));
        for (int i = 0; i < relay.shards().size(); i++) {
            publish("fanout-" + i, shard(relay.shards().get(i)), nowNs, nowMs);
        }
        publish("changes", changes(), nowNs, nowMs);
        publisher.flush();
    }

    private void publish(final String symbol, final MessageBuffer text, final long nowNs, final long nowMs) {
        final int topic = topics.computeIfAbsent(symbol, name -> {
            final byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
            return publisher.addTopic(0, bytes, 0, bytes.length);
        });
        publisher.publish(topic, nowMs * US_PER_MS, nowNs,
            update.set(text.bytes(), 0, text.length(), 0, text.length()));
    }

    private MessageBuffer relay(final long nowMs) {
        final Telemetry telemetry = relay.telemetry();
        final List<Feed> feeds = relay.shards().get(0).topics().feeds();
        final long live = feeds.stream().filter(Feed::isReady).count();
        final Runtime runtime = Runtime.getRuntime();
        value.begin();
        final RoleReadings role = relay.role();
        value.put("role", role.role().get().word());
        if (role.lease() != null) {
            final LeaseStatus lease = role.lease().get();
            value.put("lease", lease.role().word()).put("holder", lease.holder()).put("epoch", lease.epoch());
        }
        final LinkReading link = role.inFront();
        if (link != null) {
            value.put("link", link.where().state()).put("hop", link.hops().size())
                .put("front", link.hops().isEmpty() ? link.where().url() : link.hops().get(link.hops().size() - 1))
                .put("epoch", link.epoch()).put("linkSince", link.where().sinceUs());
            if (link.lagNs() >= 0) {
                value.putMs("linkLag", link.lagNs() / NS_PER_US);
            }
        }
        return value.put("version", Version.TEXT).put("uptime", (nowMs - startedMs) / MS_PER_S)
            .put("feeds", feeds.size()).put("live", live).put("draining", relay.isDraining().getAsBoolean())
            .put("sessions", relay.shards().stream().mapToInt(Shard::sessionCount).sum())
            .put("subscriptions", relay.shards().stream().mapToInt(Shard::subscriptionCount).sum())
            .put("topics", relay.shards().get(0).topics().size())
            .put("received", perSecond(Counter.FEED_UPDATES)).put("delivered", perSecond(Counter.UPDATES_DELIVERED))
            .put("conflated", perSecond(Counter.UPDATES_CONFLATED)).put("bytes", perSecond(Counter.BYTES_SENT))
            .put("writes", perSecond(Counter.WRITES)).put("blocked", perSecond(Counter.WRITES_BLOCKED))
            .put("ringFull", telemetry.sum(Counter.RING_FULL)).put("missed", telemetry.sum(Counter.UPDATES_IN_GAPS))
            .put("errors", telemetry.errors().count()).put("linesDropped", StandardStreams.droppedLines())
            .put("cpu", rates.get("cpu").perSecond() / NS_PER_MS).put("cores", runtime.availableProcessors())
            .put("heapUsed", runtime.totalMemory() - runtime.freeMemory()).put("heapMax", runtime.maxMemory()).end();
    }

    private MessageBuffer feed(final Feed feed) {
        value.begin().put("state", feed.status().spelling()).put("ready", feed.isReady())
            .put("since", feed.status().sinceUs()).put("reason", feed.status().reason());
        // merged channels are of a feed without connections
        final FeedReadings own = feed.number() < relay.feeds().size() ? relay.feeds().get(feed.number()) : null;
        final LinkReading link = relay.role().inFront();
        if (link != null) {
            putLink(link);
        } else if (own != null) {
            value.put("connections", own.connections().getAsInt()).put("wanted", own.wanted().getAsInt())
                .put("updates", perSecond(own))
                .put("lost", own.counters().get(Counter.FEED_DISCONNECTS))
                .put("gaps", own.counters().get(Counter.FEED_GAPS)).put("detail", own.detail().get());
            final long lagUs = own.lagUs().getAsLong();
            if (lagUs >= 0) {
                value.putMs("lag", lagUs);
            }
        }
        return value.end();
    }

    /** All feeds of another relay come over one link: what it carries of each is known if there is only one. */
    private void putLink(final LinkReading link) {
        final Telemetry telemetry = relay.telemetry();
        value.put("connections", link.where().isLive() ? 1 : 0);
        if (relay.shards().get(0).topics().feeds().size() == 1) {
            value.put("wanted", relay.shards().get(0).topics().size()).put("updates", perSecond(Counter.FEED_UPDATES));
        }
        value.put("lost", telemetry.sum(Counter.FEED_DISCONNECTS)).put("gaps", telemetry.sum(Counter.FEED_GAPS))
            .put("detail", link.where().detail());
        if (link.lagNs() >= 0) {
            value.putMs("lag", link.lagNs() / NS_PER_US);
        }
    }

    /** A percentile is left out while there is less than one latency beyond it. */
    private MessageBuffer stage(final StageWindow stage) {
        final long count = stage.look();
        value.begin().put("count", count);
        PERCENTILES.forEach((name, share) -> {
            if (count * (1 - share) >= 1) {
                value.putMs(name, stage.percentileUs(share, count));
            }
        });
        return value.end();
    }

    private MessageBuffer shard(final Shard shard) {
        return value.begin().put("sessions", shard.sessionCount()).put("subscriptions", shard.subscriptionCount())
            .putMs("longestHold", shard.work().holds().longestNs() / US_PER_MS).end();
    }

    private MessageBuffer changes() {
        value.begin().put("version", changes.version()).put("newest", changes.newest());
        final List<Change> last = changes.read(null, 1);
        if (!last.isEmpty()) {
            final Change newest = last.get(0);
            value.put("at", newest.lastMs() * US_PER_MS).put("kind", newest.kind().text())
                .put("subject", newest.subject()).put("text", newest.text());
        }
        return value.end();
    }

    private long perSecond(final Counter counter) {
        return rates.get(counter.name()).perSecond();
    }

    /** Of a feed that has just come nothing is known. */
    private long perSecond(final FeedReadings feed) {
        final RateWindow rate = rates.get("feed." + feed.name());
        return rate == null ? 0 : rate.perSecond();
    }

    private void rate(final String name, final LongSupplier count, final long nowNs) {
        rates.put(name, new RateWindow(count, nowNs));
    }
}
