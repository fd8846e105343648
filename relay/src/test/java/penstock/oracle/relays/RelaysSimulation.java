package penstock.oracle.relays;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import penstock.oracle.Invariant;
import penstock.oracle.Market;
import penstock.oracle.Timeline;
import penstock.oracle.Verdict;
import penstock.testkit.Seeds;

/**
 * One schedule of several relays in virtual time, on one thread: ingests that share a lease and one venue, edges, and
 * clients that go from edge to edge, with everything that chance decides drawn from one seed. One thread.
 */
public final class RelaysSimulation {
    private static final IngestConfig CONFIG = IngestConfig.read();
    private static final long MS = 1_000_000;
    private static final int STEPS = 80;
    private static final long HEARTBEAT_NS = 500 * MS;
    private static final int CALM_STEPS = 40;
    /** A feed is live again so long after the process with the connection is killed. */
    private static final long LIVE_AGAIN_NS = CONFIG.terms().leaseNs() + CONFIG.terms().fenceNs() + 1_000 * MS;

    private final long seed;
    private final Random random;
    private final Timeline timeline;
    private final Network network;
    private final Verdict verdict = new Verdict();
    private final Market market;
    private final SharedVenue venue;
    private final SimulatedEtcd etcd;
    private final List<String> ingests = new ArrayList<>();
    private final List<String> edges = new ArrayList<>();
    private final List<SimulatedRelay> relays = new ArrayList<>();
    private final List<HoppingClient> clients = new ArrayList<>();
    private long heartbeatNs;

    /** Not begun. */
    public RelaysSimulation(final long seed) {
        this.seed = seed;
        random = Seeds.random(seed);
        timeline = new Timeline(random);
        network = new Network(timeline, random);
        market = new Market(seed, IngestConfig.SYMBOLS);
        venue = new SharedVenue(network, market, verdict);
        etcd = new SimulatedEtcd(network);
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            ingests.add("ingest-" + i);
        }
        for (int i = 1 + random.nextInt(2); i > 0; i--) {
            edges.add("edge-" + i);
        }
        ingests.forEach(this::start);
        edges.forEach(this::start);
        for (int i = 2 + random.nextInt(3); i > 0; i--) {
            clients.add(new HoppingClient("client-" + i, network, edges, market, verdict));
        }
    }

    private void start(final String address) {
        final SimulatedProcess process = new SimulatedProcess(address, timeline, 0);
        final SimulatedRelay relay = ingests.contains(address)
            ? SimulatedRelay.ingest(network, process, ingests, CONFIG, venue, etcd)
            : SimulatedRelay.edge(network, process, ingests);
        relays.add(relay);
        relay.start();
    }

    /** Runs from the first start to the last check. */
    public void run() {
        for (int step = 0; step < STEPS && verdict.count() == 0; step++) {
            ticks();
            clients.forEach(this::act);
            pass(random.nextInt(20) == 0 ? random.nextLong(3_000 * MS) : random.nextLong(300 * MS));
        }
        if (verdict.count() == 0) {
            calmDown();
        }
    }

    private void act(final HoppingClient client) {
        if (random.nextInt(6) == 0) {
            if (client.isConnected()) {
                client.act();
            } else {
                client.connect();
            }
        }
    }

    private void ticks() {
        for (int i = random.nextInt(random.nextInt(6) == 0 ? 80 : 10); i > 0; i--) {
            venue.tick(market.topics().get(random.nextInt(market.topics().size())));
        }
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
            }
        }
        venue.check();
    }

    /** No more faults: everything recovers, and everyone has everything. */
    private void calmDown() {
        network.log("calm");
        settle(CALM_STEPS);
        checkQuiet("after the faults");
        if (verdict.count() == 0 && ingests.size() > 1 && venue.connected() != null) {
            network.at(venue.connected().name).kill(venue);
            settle((int) (LIVE_AGAIN_NS / (500 * MS)));
            checkQuiet("after the ingest was killed");
        }
    }

    private void settle(final int steps) {
        for (int step = 0; step < steps && verdict.count() == 0; step++) {
            market.topics().forEach(venue::tick);
            clients.forEach(RelaysSimulation::behave);
            pass(500 * MS);
        }
    }

    private static void behave(final HoppingClient client) {
        if (client.isConnected()) {
            client.readAll();
            client.subscribeIfIdle();
        } else {
            client.connect();
        }
    }

    private void checkQuiet(final String when) {
        final List<SimulatedRelay> alive = relays.stream().filter(relay -> !relay.process.isDead()).toList();
        if (!alive.stream().allMatch(SimulatedRelay::isLive)
                || alive.stream().mapToLong(SimulatedRelay::epoch).distinct().count() > 1) {
            verdict.breach(Invariant.I3, when + " the relays are " + alive);
        }
        clients.forEach(client -> client.checker.checkQuiet());
        relays.stream().filter(relay -> relay.errors() != null).forEach(relay ->
            verdict.breach(Invariant.I1, relay.address() + " logged errors: " + relay.errors()));
    }

    /** Updates that the venue has sent. */
    public long updates() {
        return market.sent();
    }

    /** How often a relay has connected to the venue. */
    public int connects() {
        return venue.opened;
    }

    /** Subscriptions that went on at another relay where they were. */
    public int resumedElsewhere() {
        return clients.stream().mapToInt(client -> client.checker.resumedElsewhere()).sum();
    }

    /** What the checkers found. */
    public Verdict verdict() {
        return verdict;
    }

    @Override
    public String toString() {
        return "seed " + seed + ": " + String.join("\n", verdict.breaches()) + "\nfaults\n  "
            + String.join("\n  ", network.faults) + "\nrelays\n  "
            + String.join("\n  ", relays.stream().map(SimulatedRelay::toString).toList());
    }
}
