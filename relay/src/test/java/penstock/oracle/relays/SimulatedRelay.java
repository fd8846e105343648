package penstock.oracle.relays;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import penstock.changes.ChangeLog;
import penstock.config.relay.FeedConfig;
import penstock.config.relay.RelayConfig;
import penstock.edge.EdgeFeeds;
import penstock.edge.IngestFeeds;
import penstock.edge.RelayId;
import penstock.fanout.SessionSettings;
import penstock.fanout.SessionTimeouts;
import penstock.fanout.Shard;
import penstock.fanout.ShardProxy;
import penstock.feed.FeedEnds;
import penstock.feed.FeedPlan;
import penstock.feed.FeedProxy;
import penstock.finding.FindingWatch;
import penstock.ingest.IngestLease;
import penstock.lease.LeaseTerms;
import penstock.lease.SimulatedLease;
import penstock.link.LinkPlan;
import penstock.link.LinkProxy;
import penstock.memory.MemoryShare;
import penstock.oracle.SimulatedFeedThread;
import penstock.oracle.SimulatedIoThread;
import penstock.oracle.SimulatedSocket;
import penstock.oracle.Timeline;
import penstock.oracle.VenueFile;
import penstock.recording.RecordingClock;
import penstock.recording.delay.DelayedFeeds;
import penstock.recording.write.RelayRecorder;
import penstock.ring.FeedPulse;
import penstock.ring.TickPublisher;
import penstock.ring.TickRing;
import penstock.running.FeedGauges;
import penstock.running.FeedPlaces;
import penstock.running.FeedThread;
import penstock.running.PlannedFeed;
import penstock.running.RunningFeeds;
import penstock.running.ServedFeeds;
import penstock.telemetry.Counter;
import penstock.telemetry.Counters;
import penstock.telemetry.Telemetry;
import penstock.testkit.TestShards;
import penstock.time.FeedClock;
import penstock.topic.Channel;
import penstock.topic.Feed;
import penstock.topic.TopicTable;
import penstock.venue.Venue;

/**
 * A relay in a simulated process, wired like a real one but for the network, the threads and the store of the lease:
 * an ingest, which stands by behind the others while it has no lease, or an edge. One thread.
 */
final class SimulatedRelay {
    private static final long MS = 1_000_000;
    private static final SessionTimeouts TIMEOUTS =
        new SessionTimeouts(1_000 * MS, 3_000 * MS, 4_000 * MS, 6_000 * MS);

    final SimulatedProcess process;
    private final Network network;
    private final Telemetry telemetry = new Telemetry();
    private final Counters counters = new Counters("shard");
    private final SessionSettings settings = new SessionSettings("0", 100, TIMEOUTS, SimulatedSocket.LIMITS);
    private final List<SimulatedSocket.Place> places = new ArrayList<>();
    private final List<ShardProxy> proxies = new ArrayList<>();
    private final Timeline.Actor feed;
    private final FeedPulse pulse = new FeedPulse();
    private final TickPublisher publisher;
    private final EdgeFeeds edge;
    private final RunningFeeds feeds;
    /** Null of an edge. */
    private final IngestFeeds sharing;
    private final IngestLease lease;

    /** Where a relay goes: the ingests that share a lease, or the relays in front of an edge. */
    private SimulatedRelay(final Network network, final SimulatedProcess process, final List<String> sources,
            final RelayConfig config, final Venue venue, final SimulatedEtcd etcd, final LeaseTerms terms) {
        this.network = network;
        this.process = process;
        feed = process.newThread();
        final RelayId id = RelayId.of(process.name);
        edge = new EdgeFeeds(id, settings::hops);
        final FeedPlaces feedPlaces = new FeedPlaces();
        final PlannedFeed planned = venue == null ? null : planned(feedPlaces, venue, config);
        if (planned == null) {
            feeds = null;
            sharing = null;
            lease = null;
        } else {
            lease = IngestLease.over(new SimulatedLease(new ProcessLeaseThread(process, process.newThread()),
                etcd.key(process.name), terms, process.name, id.text().replace('~', '-')), config, telemetry,
                new ChangeLog(() -> process.epochUs(network.timeline.nowNs()) / 1_000));
            feeds = new RunningFeeds(feedPlaces, channels(planned), lease::add, lease::remove);
            sharing = new IngestFeeds(feeds, edge, id, settings::hops);
        }
        final ServedFeeds served = sharing == null ? edge : sharing;
        final TickRing ring = new TickRing(8 << network.random.nextInt(6), 1 << 12 + network.random.nextInt(6));
        final long journalBytes = 1 << 12 + network.random.nextInt(9);
        final Timeline.Actor io = process.newThread();
        final SimulatedIoThread thread =
            new SimulatedIoThread(io, process.timeline::nowNs, process::epochUs);
        final Shard shard = new Shard(thread, ring.poller(counters), new TopicTable(planned == null ? List.of()
            : channels(planned), 0, 0, journalBytes), settings, TestShards.metrics(counters, telemetry.errors(),
            MemoryShare.unlimited()));
        shard.watch(pulse);
        shard.interest().reportLater(served::interest);
        places.add(new SimulatedSocket.Place(network.timeline, network.world, io, shard));
        proxies.add(new ShardProxy(thread, shard));
        publisher = ring.publisher(telemetry.counters("feed"),
            proxies.stream().<Runnable>map(each -> each::wake).toList(), served::newConflator);
        final FeedClock clock = clock();
        final List<String> urls = sources.stream().map(each -> "ws://" + each + ":1/v1/ws").toList();
        edge.open((relayId, target) -> LinkProxy.of(LinkPlan.of(urls, relayId, 1_000), (url, listener) -> {
            final SimulatedLink link = new SimulatedLink(network, process, feed, url, listener);
            link.connect();
            return link;
        }, clock, new SplittableRandom(network.random.nextLong()), target, telemetry), publisher, telemetry);
    }

    /** An edge behind any of {@code sources}. */
    static SimulatedRelay edge(final Network network, final SimulatedProcess process, final List<String> sources) {
        return new SimulatedRelay(network, process, sources, null, null, null, null);
    }

    /** One of the ingests that share a lease. */
    static SimulatedRelay ingest(final Network network, final SimulatedProcess process, final List<String> all,
            final IngestConfig config, final SharedVenue venue, final SimulatedEtcd etcd) {
        // it has a state, which belongs to one process
        final Venue rules = VenueFile.rules();
        final SimulatedRelay relay =
            new SimulatedRelay(network, process, all, config.relay(), rules, etcd, config.terms());
        relay.open(config, rules, venue);
        return relay;
    }

    private FeedClock clock() {
        return new SimulatedFeedThread(feed, process.timeline::nowNs, process::epochUs);
    }

    private void open(final IngestConfig config, final Venue rules, final SharedVenue venue) {
        final RecordingClock received = RecordingClock.system();
        final FeedThread thread = new FeedThread(clock(),
            (planned, layer, onFatal) -> {
                final FeedClock clock = clock();
                return FeedProxy.of(planned.plan(), layer.apply(venue.of(process, feed), clock), clock,
                    new SplittableRandom(network.random.nextLong()), publisher, telemetry, onFatal);
            }, publisher, new FeedEnds(1), new RelayRecorder(config.relay(), received, telemetry),
            new DelayedFeeds(received));
        feeds.open(thread, List.of(planned(new FeedPlaces(), rules, config.relay())));
        feeds.count(new FeedGauges(telemetry, new FindingWatch(telemetry,
            () -> process.epochUs(network.timeline.nowNs())), feeds, places.get(0).shard().topics()));
        lease.onUnfenced(what -> {
            network.log(process + ": " + what);
            kill(venue);
        });
    }

    private static PlannedFeed planned(final FeedPlaces places, final Venue venue, final RelayConfig config) {
        final FeedConfig its = config.feeds().values().iterator().next();
        return new PlannedFeed("feed", venue.name(), its,
            FeedPlan.of(places.of("feed", null, venue.channels()), venue, its), null, null);
    }

    private static List<Channel> channels(final PlannedFeed planned) {
        final Feed feed = new Feed(0, planned.name(), 0);
        final List<Channel> channels = new ArrayList<>();
        planned.plan().venue().channels().forEach(spec -> channels.add(new Channel(feed, channels.size(), spec.name(),
            spec.conflation().spelling(), spec.isDefault(), MemoryShare.unlimited())));
        return channels;
    }

    /** Everything begins. */
    void start() {
        network.log(process + " starts");
        network.add(this);
        proxies.forEach(ShardProxy::start);
        beat();
        if (sharing == null) {
            edge.follow(() -> { });
        } else {
            lease.as(sharing);
            sharing.start();
            lease.start(List.of());
        }
    }

    private void beat() {
        pulse.beat();
        feed.executeAfter(this::beat, FeedPulse.EVERY_MS * MS);
    }

    /** The process ends at once, and its connections with it. */
    void kill(final SharedVenue venue) {
        process.kill();
        venue.kill(process);
        network.kill(this);
    }

    String address() {
        return process.name;
    }

    SimulatedSocket.Place anyPlace() {
        return places.get(network.random.nextInt(places.size()));
    }

    /** Whether a handshake would succeed now. On the io thread. */
    boolean admits(final SimulatedSocket.Place place, final boolean isLink) {
        return !place.shard().isDraining() && place.shard().topics().epoch() > 0
            && (!isLink || settings.isSource());
    }

    /** Whether its feed is live. */
    boolean isLive() {
        final List<Feed> all = places.get(0).shard().topics().feeds();
        return !all.isEmpty() && all.stream().allMatch(Feed::isReady);
    }

    long epoch() {
        return places.get(0).shard().topics().epoch();
    }

    /** What it logged as errors; null = nothing. */
    String errors() {
        return telemetry.errors().entries().isEmpty() && counters.get(Counter.HANDLER_FAILURES) == 0 ? null
            : telemetry.errors().entries().toString();
    }

    void close() {
        telemetry.close();
    }

    /** How it is, for a failure. */
    @Override
    public String toString() {
        return process + " (" + (process.isDead() ? "dead" : isLive() ? "live" : "not live") + ", epoch " + epoch()
            + (lease == null ? "" : ", " + lease.status().role() + ": " + lease.status().words())
            + (edge.reading() == null ? "" : ", link " + edge.reading().where()) + ")";
    }
}
