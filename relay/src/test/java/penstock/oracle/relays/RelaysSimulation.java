package penstock.oracle.relays;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import penstock.oracle.Invariant;
import penstock.oracle.Market;
import penstock.oracle.Timeline;
import penstock.oracle.Verdict;
import penstock.testkit.Seeds;

/**
 * One schedule of several relays in virtual time, on one thread: ingests that share a lease and one venue, edges, and
 * clients that go from edge to edge, with everything that chance decides drawn from one seed. Processes pause and are
 * killed, the network is cut between any two, slow or half-open, etcd is away or forgets the key, clocks are set.
 *
 * <p>What it leaves out: etcd never forgets the key in a schedule in which a clock is set; of three ingests, which may
 * follow each other in a row, no edges are in a row; where a process stood still beside its successor, clients may be
 * shown older values when they begin again. One thread.
 */
public final class RelaysSimulation {
    private static final IngestConfig CONFIG = IngestConfig.read();
    private static final long MS = 1_000_000;
    private static final int STEPS = 70;
    private static final long HEARTBEAT_NS = 500 * MS;
    private static final long STEP_NS = 250 * MS;
    private static final int CALM_STEPS = 40;
    /** One of so many schedules has thin lines and more updates than a journal keeps, and clients that do not stay. */
    private static final int THIN_EVERY = 16;
    /** Clients come back, and have everything again. */
    private static final int CATCH_UP_STEPS = 8;
    /** All relays are live again so long after the process with the connection is killed, looked at each step. */
    private static final long LIVE_AGAIN_NS = CONFIG.terms().leaseNs() + 1_000 * MS + STEP_NS;

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
    private final Faults faults;
    /** One edge is behind the other one. */
    private final boolean isInRow;
    private final boolean isThin;
    private long heartbeatNs;
    private long liveAgainNs;

    /** Not begun. */
    public RelaysSimulation(final long seed) {
        this.seed = seed;
        random = Seeds.random(seed);
        timeline = new Timeline(random);
        network = new Network(timeline, random);
        market = new Market(seed, IngestConfig.SYMBOLS);
        venue = new SharedVenue(network, market, verdict);
        etcd = new SimulatedEtcd(network);
        isThin = random.nextInt(THIN_EVERY) == 0;
        for (int i = 1 + random.nextInt(3); i > 0; i--) {
            ingests.add("ingest-" + i);
        }
        for (int i = isThin ? 2 : 1 + random.nextInt(2); i > 0; i--) {
            edges.add("edge-" + i);
        }
        // three ingests may stand in a row themselves, and more than four relays in a row are refused
        isInRow = edges.size() > 1 && ingests.size() < 3 && random.nextBoolean();
        ingests.forEach(this::start);
        edges.forEach(this::start);
        faults = new Faults(network, venue, etcd, Stream.concat(ingests.stream(), edges.stream()).toList(),
            this::start);
        for (int i = 2 + random.nextInt(3); i > 0; i--) {
            clients.add(new HoppingClient("client-" + i, network, edges, venue, verdict));
        }
    }

    private void start(final String address) {
        final SimulatedProcess process = new SimulatedProcess(address, timeline, 0);
        final SimulatedRelay relay = ingests.contains(address)
            ? SimulatedRelay.ingest(network, process, ingests, CONFIG, venue, etcd)
            : SimulatedRelay.edge(network, process, isInRow && !address.equals("edge-1") ? List.of("edge-1") : ingests);
        relays.add(relay);
        relay.start();
    }

    /** Runs from the first start to the last check. */
    public void run() {
        for (int step = 0; step < STEPS && verdict.count() == 0; step++) {
            if (isThin) {
                faults.happenToLines();
            } else {
                faults.happen();
            }
            ticks();
            clients.forEach(this::act);
            pass(random.nextInt(20) == 0 ? random.nextLong(3_000 * MS) : random.nextLong(300 * MS));
        }
        if (verdict.count() == 0) {
            calmDown();
        }
        relays.forEach(SimulatedRelay::close);
    }

    private void act(final HoppingClient client) {
        if (random.nextInt(isThin ? 2 : 6) == 0) {
            if (client.isConnected()) {
                client.act();
            } else {
                client.connect();
            }
        }
    }

    private void ticks() {
        for (int i = random.nextInt(random.nextInt(6) > 0 ? 10 : isThin ? 800 : 80); i > 0; i--) {
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
        final long untilNs = faults.calmDown();
        while (timeline.nowNs() < untilNs && verdict.count() == 0) {
            settle(1);
        }
        network.log("calm");
        settle(CALM_STEPS);
        checkQuiet("after the faults");
        if (verdict.count() == 0 && ingests.size() > 1 && venue.connected() != null) {
            final SimulatedRelay killed = network.at(venue.connected().name);
            killed.kill(venue);
            final long killedNs = timeline.nowNs();
            while (timeline.nowNs() - killedNs < LIVE_AGAIN_NS && !areLive(killed.epoch())) {
                settle(1);
            }
            liveAgainNs = timeline.nowNs() - killedNs;
            settle(CATCH_UP_STEPS);
            checkQuiet("after the ingest was killed");
        }
    }

    /** Whether all relays that run are live, with the same epoch, which is above {@code before}. */
    private boolean areLive(final long before) {
        final List<SimulatedRelay> alive = alive();
        return alive.stream().allMatch(relay -> relay.isLive() && relay.epoch() > before)
            && alive.stream().mapToLong(SimulatedRelay::epoch).distinct().count() == 1;
    }

    private List<SimulatedRelay> alive() {
        return relays.stream().filter(relay -> !relay.process.isDead()).toList();
    }

    private void settle(final int steps) {
        for (int step = 0; step < steps && verdict.count() == 0; step++) {
            market.topics().forEach(venue::tick);
            clients.forEach(RelaysSimulation::behave);
            pass(STEP_NS);
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
        network.log("checked " + when);
        if (!areLive(0)) {
            verdict.breach(Invariant.I3, when + " the relays are " + alive());
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

    /** How long it took after the process with the connection was killed until all relays were live again. */
    public long liveAgainNs() {
        return liveAgainNs;
    }

    /** How often a process was connected beside one that stood still. */
    public int besidePaused() {
        return venue.besidePaused;
    }

    /** Subscriptions that went on at another relay where they were. */
    public int resumedElsewhere() {
        return clients.stream().mapToInt(client -> client.checker.resumedElsewhere()).sum();
    }

    /** Updates that a relay reported missing to a client that had them by another one. */
    public long countedAgain() {
        return clients.stream().mapToLong(client -> client.checker.countedAgain()).sum();
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
