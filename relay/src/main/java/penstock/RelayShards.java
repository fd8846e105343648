package penstock;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntFunction;
import org.xnio.XnioIoThread;
import penstock.audit.AuditLog;
import penstock.fanout.SessionSettings;
import penstock.fanout.Shard;
import penstock.fanout.ShardMetrics;
import penstock.fanout.ShardProxy;
import penstock.fanout.ShardThread;
import penstock.fanout.subscription.Interest;
import penstock.feed.FeedPlan;
import penstock.identity.AccessControl;
import penstock.memory.MemoryShare;
import penstock.ring.FeedPulse;
import penstock.ring.TickRing;
import penstock.server.IoThread;
import penstock.telemetry.Counters;
import penstock.telemetry.ShardLatencies;
import penstock.telemetry.Telemetry;
import penstock.topic.TopicTable;
import penstock.usage.session.RelayUsage;
import penstock.usage.session.ShardUsage;

/**
 * The shards of a relay: one per io thread, each with its own copy of the topics. Created by the thread that starts the
 * relay; each shard belongs to its io thread.
 */
final class RelayShards {
    private final RelayPlan plan;
    private final SessionSettings settings;
    private final Telemetry telemetry;
    private final AuditLog audit;
    /** Null if usage is not counted. */
    private final RelayUsage usage;
    private final FeedPulse pulse;
    private final long startMs = System.currentTimeMillis();
    private final Map<XnioIoThread, Shard> byThread = new LinkedHashMap<>();
    private final Map<ShardThread, Shard> byOwnThread = new LinkedHashMap<>();
    private final List<ShardProxy> proxies = new ArrayList<>();
    private final List<MemoryShare> shares = new ArrayList<>();

    RelayShards(final RelayPlan plan, final SessionSettings settings, final Telemetry telemetry, final AuditLog audit,
            final RelayUsage usage, final FeedPulse pulse) {
        this.plan = plan;
        this.settings = settings;
        this.telemetry = telemetry;
        this.audit = audit;
        this.usage = usage;
        this.pulse = pulse;
    }

    /** Adds one on each of {@code threads}; {@code interest} learns, by run, what is wanted of a feed on demand. */
    void addTo(final List<XnioIoThread> threads, final TickRing ring, final AccessControl control,
            final IntFunction<Interest> interest) {
        for (final XnioIoThread thread : threads) {
            final String owner = RelayThreads.shard(proxies.size());
            final Counters counters = telemetry.counters(owner);
            final MemoryShare memory = new MemoryShare(plan.memory(), threads.size());
            shares.add(memory);
            // another relay in front of this one gives it its epoch, feeds and channels
            final TopicTable topics = new TopicTable(plan.channels(memory, startMs * 1000),
                plan.isEpochAwaited() ? 0 : startMs, startMs * 1000,
                plan.config().fanout().journalBytes() / threads.size());
            final IoThread ioThread = new IoThread(thread, telemetry.errors());
            final ShardUsage counted = usage == null ? null : usage.addShard(ioThread::execute, ioThread::executeAfter);
            if (usage != null) {
                topics.group(counted::group);
            }
            final ShardMetrics metrics = new ShardMetrics(counters, telemetry.errors(),
                ShardLatencies.of(telemetry, owner), memory, audit, counted);
            final Shard shard = new Shard(ioThread, ring.poller(counters), topics, settings, metrics);
            shard.watch(pulse);
            shard.authenticate(control);
            shard.interest().reportLater(interest);
            for (final FeedPlan feed : plan.feeds()) {
                final int number = feed.place().number();
                if (feed.isOnDemand()) {
                    shard.interest().serveOnDemand(topics.feeds().get(number), interest.apply(number),
                        plan.planned().get(number).config().onDemand().maxSymbolsPerSession());
                }
            }
            proxies.add(new ShardProxy(ioThread, shard));
            byThread.put(thread, shard);
            byOwnThread.put(ioThread, shard);
        }
    }

    /** In the order of their threads. */
    List<Shard> all() {
        return List.copyOf(byThread.values());
    }

    Map<XnioIoThread, Shard> byThread() {
        return byThread;
    }

    Map<ShardThread, Shard> byOwnThread() {
        return byOwnThread;
    }

    List<ShardProxy> proxies() {
        return proxies;
    }

    /** What clients may make each of them hold. */
    List<MemoryShare> shares() {
        return shares;
    }

    /** Sessions open now. */
    int sessionCount() {
        return byThread.values().stream().mapToInt(Shard::sessionCount).sum();
    }
}
