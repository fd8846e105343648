package penstock.oracle;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.SplittableRandom;
import penstock.config.VenueSettings;
import penstock.config.relay.FeedConfig;
import penstock.fanout.SessionTimeouts;
import penstock.fanout.Shard;
import penstock.fanout.ShardProxy;
import penstock.feed.FeedPlan;
import penstock.feed.FeedProxy;
import penstock.feed.tick.SessionState;
import penstock.memory.MemoryShare;
import penstock.ring.FeedPulse;
import penstock.ring.TickPublisher;
import penstock.ring.TickRing;
import penstock.telemetry.Counter;
import penstock.telemetry.Counters;
import penstock.telemetry.Telemetry;
import penstock.testkit.Seeds;
import penstock.testkit.TestShards;
import penstock.text.Address;
import penstock.topic.Channel;
import penstock.topic.TopicTable;
import penstock.venue.spec.ChannelSpec;

/**
 * One run of the relay's own feed, ring, topics and fan-out in virtual time, on one thread, with everything that chance
 * decides drawn from one seed: what the venue sends, which faults happen, and which thread runs next. One thread.
 */
public final class Simulation {
    private static final int SELDOM = 200;
    private static final int MOST_NS = 5_000_000;
    private static final int NUMBERED_BEFORE = 1_000_000;
    private static final long MS = 1_000_000;
    private static final int STEPS = 400;
    private static final long HEARTBEAT_NS = 500 * MS;
    /** An update is on its way through the relay and to a reader for so long at most. */
    private static final long LAG_NS = 400 * MS;
    /** Until a silent connection is noticed, and everyone is sent it. */
    private static final long SILENT_NS = VenueFile.SILENCE_MS * MS + LAG_NS;
    private static final int CALM_STEPS = 80;
    /** Steps between two changes of rights. */
    private static final int CHANGE_EVERY = 15;
    private static final long EPOCH = 7;
    private final long seed;
    private final Random random;
    private final Timeline timeline;
    private final Timeline.Actor feedActor;
    private final List<Timeline.Actor> shardActors = new ArrayList<>();
    private final Market market;
    private final SimulatedVenue venue;
    private final FeedProxy feed;
    private final FeedPulse pulse = new FeedPulse();
    private final List<SimulatedClient> clients = new ArrayList<>();
    private final Verdict verdict = new Verdict();
    /** Null if the relay serves everyone. */
    private final SimulatedAccess access;
    private final Counters counters = new Counters("shard");
    private final Telemetry telemetry = new Telemetry();
    private long heartbeatNs;
    private long calmSinceNs;

    /** Not begun. */
    public Simulation(final long seed) {
        this.seed = seed;
        random = Seeds.random(seed);
        timeline = new Timeline(random);
        feedActor = timeline.newActor();
        final Timeline.Actor world = timeline.newActor();
        market = new Market(seed, 2 + random.nextInt(5));
        final boolean isRedundant = random.nextInt(3) == 0;
        if (isRedundant) {
            // early in a count, a connection that lags far behind looks like a new one
            market.topics().forEach(topic -> topic.begin(NUMBERED_BEFORE));
        }
        venue = new SimulatedVenue(timeline, feedActor, market, random, isRedundant);
        access = random.nextBoolean() ? null
            : new SimulatedAccess(timeline, new MarketProducts(market, random), random, telemetry);
        final FeedPlan plan = plan(isRedundant);
        final List<Channel> channels = channels(plan);
        final TickRing ring = new TickRing(8 << random.nextInt(7), 1 << 11 + random.nextInt(9));
        final List<ShardProxy> proxies = new ArrayList<>();
        final List<SimulatedSocket.Place> places = new ArrayList<>();
        final long journalBytes = 1 << 12 + random.nextInt(9);
        for (int i = random.nextInt(2); i >= 0; i--) {
            final Timeline.Actor actor = timeline.newActor();
            final SimulatedIoThread thread = new SimulatedIoThread(actor, this::busyNowNs, Simulation::epochUs);
            final Shard shard = TestShards.shard(thread, ring.poller(counters),
                new TopicTable(channels(plan), EPOCH, 0, journalBytes),
                new SessionTimeouts(1_000 * MS, 10_000 * MS, 15_000 * MS, 20_000 * MS), SimulatedSocket.LIMITS,
                counters, telemetry.errors());
            shard.watch(pulse);
            shardActors.add(actor);
            places.add(new SimulatedSocket.Place(timeline, world, actor, shard));
            final ShardProxy proxy = new ShardProxy(thread, shard);
            if (access != null) {
                access.guard(shard, proxy);
            }
            proxies.add(proxy);
        }
        final TickPublisher publisher = ring.publisher(telemetry.counters("feed"),
            proxies.stream().<Runnable>map(shard -> shard::wake).toList(),
            channel -> channels.get(channel).newConflator());
        feed = FeedProxy.of(plan, venue, new SimulatedFeedThread(feedActor, timeline::nowNs, Simulation::epochUs),
            new SplittableRandom(random.nextLong()), publisher, telemetry, what -> {
                throw new AssertionError("fatal: " + what);
            });
        proxies.forEach(ShardProxy::start);
        beat();
        for (int i = 1 + random.nextInt(5); i > 0; i--) {
            clients.add(new SimulatedClient("client " + i, places, random, market, access, verdict));
        }
    }

    private FeedPlan plan(final boolean isRedundant) {
        final List<String> symbols = new ArrayList<>();
        for (int i = 0; i < market.symbols(); i++) {
            symbols.add("S" + i);
        }
        return FeedPlan.of(VenueFile.rules(),
            new FeedConfig(new FeedConfig.Identity("oracle", "oracle"),
                List.of(new Address("ws://a.invalid/"), new Address("ws://b.invalid/")),
                new FeedConfig.Topics(List.of("quote", "stats", "book", "trade"), symbols),
                new FeedConfig.Access(Map.of(), null), new FeedConfig.OnDemand(1_000, 100, 100, 0), isRedundant,
                VenueSettings.DEFAULT));
    }

    private static List<Channel> channels(final FeedPlan plan) {
        final List<Channel> channels = new ArrayList<>();
        for (final ChannelSpec spec : plan.venue().channels()) {
            channels.add(new Channel(channels.size(), spec.name(), spec.conflation().spelling(), spec.isDefault(),
                MemoryShare.unlimited()));
        }
        return channels;
    }

    private void beat() {
        pulse.beat();
        feedActor.executeAfter(this::beat, FeedPulse.EVERY_MS * MS);
    }

    /** Updates that the venue has sent. */
    public long updates() {
        return market.sent();
    }

    /** Entries that clients have received. */
    public long entries() {
        return clients.stream().mapToLong(client -> client.entries()).sum();
    }

    /** Gaps that clients have received. */
    public long gaps() {
        return clients.stream().mapToLong(client -> client.gaps()).sum();
    }

    /** Upstream connections that were open and were lost. */
    public int upstreamLosses() {
        return venue.losses;
    }

    /** Connections that clients lost. */
    public int clientLosses() {
        return clients.stream().mapToInt(client -> client.losses).sum();
    }

    /** What the checkers found. */
    public Verdict verdict() {
        return verdict;
    }

    /** Runs from the first connection to the last check. */
    public void run() {
        feed.start();
        for (int step = 0; step < STEPS && verdict.count() == 0; step++) {
            fault();
            if (access != null && random.nextInt(CHANGE_EVERY) == 0) {
                access.disturb();
            }
            ticks();
            clients.forEach(this::act);
            pass(random.nextInt(20) == 0 ? random.nextLong(3_000 * MS) : random.nextLong(25 * MS));
            check();
        }
        if (verdict.count() == 0) {
            calmDown();
        }
        telemetry.close();
    }

    private void act(final SimulatedClient client) {
        if (random.nextInt(12) > 0) {
            return;
        }
        if (client.isConnected()) {
            client.act();
        } else {
            client.connect();
        }
    }

    private void fault() {
        final SimulatedLine line = venue.anyOpen();
        switch (random.nextInt(120)) {
            case 0 -> venue.refusedPercent = random.nextInt(2) * random.nextInt(100);
            case 1 -> clients.stream().filter(SimulatedClient::isConnected).forEach(SimulatedClient::cut);
            case 2 -> disturb(shardActors.get(random.nextInt(shardActors.size())), 500);
            case 3 -> disturb(feedActor, 1_500);
            default -> {
                if (line != null) {
                    fault(line);
                }
            }
        }
    }

    private void fault(final SimulatedLine line) {
        switch (random.nextInt(120)) {
            case 0 -> line.reset();
            case 1 -> line.garbage();
            case 2 -> line.goAway();
            case 3 -> line.breakSilently();
            case 4, 5 -> line.stall(random.nextLong(1_500 * MS));
            case 6, 7 -> line.delay(1 + random.nextLong(200 * MS));
            case 8, 9 -> line.delay(1 + random.nextLong(3 * MS));
            case 10, 11, 12 -> line.nonsense();
            default -> { }
        }
    }

    private void disturb(final Timeline.Actor actor, final int mostMs) {
        actor.stall(random.nextLong(mostMs * MS));
        calmSinceNs = Math.max(calmSinceNs, actor.stalledUntilNs());
    }

    /** Now and then a task takes some milliseconds. */
    private long busyNowNs() {
        if (random.nextInt(SELDOM) == 0) {
            timeline.spend(random.nextInt(MOST_NS));
        }
        return timeline.nowNs();
    }

    private static long epochUs(final long atNs) {
        return MarketTopic.BASE_US + atNs / 1_000;
    }

    private void ticks() {
        for (int i = random.nextInt(random.nextInt(6) == 0 ? 120 : 20); i > 0; i--) {
            final MarketTopic topic = market.topics().get(random.nextInt(market.topics().size()));
            switch (random.nextInt(300)) {
                case 0 -> venue.loseOne(topic);
                case 1 -> venue.repeat(topic);
                case 2 -> venue.swap(topic);
                case 3 -> venue.countAgain(topic);
                default -> venue.tick(topic);
            }
        }
        venue.flush();
    }

    private void pass(final long ns) {
        long left = ns;
        while (left > 0) {
            final long slice = Math.min(left, HEARTBEAT_NS);
            timeline.advance(slice);
            left -= slice;
            if (timeline.nowNs() - heartbeatNs >= HEARTBEAT_NS) {
                heartbeatNs = timeline.nowNs();
                venue.heartbeat();
                venue.flush();
            }
        }
    }

    private void check() {
        final long nowNs = timeline.nowNs();
        if (nowNs - calmSinceNs > LAG_NS) {
            final boolean isSilent = market.arrivedNs() > 0 && nowNs - market.arrivedNs() > SILENT_NS;
            clients.forEach(client -> client.checkFresh(isSilent, nowNs, LAG_NS));
        }
    }

    /** No more faults: everything recovers, and everyone has everything. */
    private void calmDown() {
        venue.refusedPercent = 0;
        if (access != null) {
            access.calmDown();
        }
        for (int step = 0; step < CALM_STEPS; step++) {
            market.topics().forEach(venue::tick);
            venue.flush();
            clients.forEach(this::behave);
            pass(500 * MS);
        }
        market.topics().forEach(venue::tick);
        venue.flush();
        pass(1_000 * MS);
        if (feed.state() != SessionState.LIVE) {
            verdict.breach(Invariant.I3, "the feed is " + feed.state() + ": " + feed.detail());
        }
        clients.forEach(SimulatedClient::checkQuiet);
        if (!telemetry.errors().entries().isEmpty() || counters.get(Counter.HANDLER_FAILURES) > 0) {
            verdict.breach(Invariant.I1, "the relay logged errors: " + telemetry.errors().entries());
        }
    }

    private void behave(final SimulatedClient client) {
        if (!client.isConnected()) {
            client.connect();
        }
        client.readAll();
        client.subscribeIfIdle();
    }

    @Override
    public String toString() {
        return "seed " + seed + ": " + String.join("\n", verdict.breaches()) + "\nfaults\n  "
            + String.join("\n  ", venue.faults);
    }
}
