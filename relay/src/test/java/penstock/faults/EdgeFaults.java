package penstock.faults;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import penstock.system.RelayProcess;
import penstock.system.SubscriberFleet;
import penstock.testkit.FaultProxy;

/** Edges that stand still, and edges that begin. One thread. */
final class EdgeFaults {
    /** What an edge has to be ready within, in seconds. */
    private static final double READY_S = 2;
    private static final int TOPICS = 100_000;
    private static final int LOOK_MS = 25;
    private static final int SYMBOLS_EACH = 10;
    private static final int INTERVAL_MS = 100;
    private static final int STILL_MS = 5_000;
    private static final int WARM_UP_MS = 15_000;
    /** How much anything may be another one than without the fault. */
    private static final double UNCHANGED = 1.25;

    private EdgeFaults() {
    }

    /** An edge starts before an ingest with 100,000 topics, again and again. */
    static void ready(final FaultOptions options, final Figures figures) throws Exception {
        final String[] settings = {"feed.max-topics=" + 2 * TOPICS, "server.io-threads=1"};
        try (EdgeRig rig = new EdgeRig(new ManyTopics(TOPICS, options.perSecond(), options.seed()),
                List.of("-Xmx768m", "-Xms768m"), settings);
             FaultProxy way = new FaultProxy(rig.ingest.port, new Random(options.seed()))) {
            FaultRun.awaitOrFail("topics", 60_000, () -> topics(rig.ingest) == TOPICS);
            final double[] seconds = new double[options.count(5)];
            for (int i = 0; i < seconds.length; i++) {
                final int port = ProcessFaults.freePort();
                final int before = way.accepted.get();
                final CompletableFuture<RelayProcess> starting = CompletableFuture.supplyAsync(() -> {
                    try {
                        return rig.startEdge(0, port, way.port());
                    } catch (final IOException e) {
                        throw new CompletionException(e);
                    }
                });
                FaultRun.awaitOrFail("connection", 60_000, () -> way.accepted.get() > before);
                seconds[i] = FaultRun.secondsUntil(30_000, () -> {
                    // each look is a connection, which costs the edge more than a topic does
                    FaultRun.sleepMs(LOOK_MS);
                    return EdgesKilled.isReady(port);
                });
                figures.note("from connecting to /readyz 200", seconds[i], "s");
                final RelayProcess edge = starting.join();
                try {
                    figures.atLeast("topics that it has then", topics(edge), TOPICS, "");
                    figures.note("processor time of the edge since its start", ProcessFaults.cpuMs(edge) / 1e3, "s");
                    figures.note("bytes of the link", edge.metric("penstock_feed_bytes_total") / 1e6, "MB");
                } finally {
                    edge.close();
                    edge.process.onExit().join();
                }
            }
            Arrays.sort(seconds);
            figures.speedAtMost("median of " + seconds.length, seconds[seconds.length / 2], READY_S, "s");
            rig.assertNoErrors(figures);
        }
    }

    private static long topics(final RelayProcess relay) throws IOException, InterruptedException {
        return relay.metric("penstock_topics");
    }

    /** Sessions at one relay. */
    private static final class Place {
        final Latencies latencies = new Latencies();
        final List<Judge> judges = new ArrayList<>();
        final SubscriberFleet fleet;
        final RelayProcess relay;
        private final String name;

        Place(final String name, final RelayProcess relay, final NumberedVenue script, final int sessions)
                throws IOException {
            this.name = name;
            this.relay = relay;
            fleet = new SubscriberFleet(relay.port);
            for (int i = 0; i < sessions; i++) {
                final List<String> symbols = IntStream.range(0, SYMBOLS_EACH).mapToObj(NumberedVenue::symbol).toList();
                judges.add(new Judge(name + " " + i, script.market, symbols, INTERVAL_MS, latencies));
                fleet.open("/v1/ws?symbols=" + String.join(",", symbols) + "&interval=" + INTERVAL_MS, 0,
                    judges.get(i));
            }
        }

        boolean hasImages() {
            return judges.stream().allMatch(each -> each.symbols.stream().allMatch(symbol -> each.number(symbol) > 0));
        }

        long values() {
            return judges.stream().mapToLong(each -> each.values).sum();
        }

        long lost(final NumberedVenue script) {
            return judges.stream().mapToLong(each -> each.symbols.stream().filter(symbol ->
                each.number(symbol) != script.last(Integer.parseInt(symbol.substring(1)))).count()).sum();
        }

        int snapshots() {
            return judges.stream().mapToInt(each -> each.snapshots).sum();
        }

        int stales() {
            return judges.stream().mapToInt(each -> each.stales).max().orElse(0);
        }
    }

    /** How a place fares for some seconds. */
    private record Spell(double p50Ms, double p99Ms, double valuesPerSecond, double cores, double taken,
            double messages) {
        static List<Spell> measure(final List<Place> places, final long ms) throws Exception {
            final List<long[]> before = new ArrayList<>();
            for (final Place place : places) {
                place.latencies.clear();
                before.add(look(place));
            }
            FaultRun.sleepMs(ms);
            final List<Spell> all = new ArrayList<>();
            for (int i = 0; i < places.size(); i++) {
                final Place place = places.get(i);
                final long[] now = look(place);
                final double seconds = (now[0] - before.get(i)[0]) / 1e9;
                all.add(new Spell(place.latencies.ms(0.5), place.latencies.ms(0.99),
                    (now[1] - before.get(i)[1]) / seconds, (now[2] - before.get(i)[2]) / 1e3 / seconds,
                    (now[3] - before.get(i)[3]) / seconds, (now[4] - before.get(i)[4]) / seconds));
            }
            return all;
        }

        private static long[] look(final Place place) throws Exception {
            final long updates = place.relay.metric("penstock_feed_updates_total");
            return new long[] {System.nanoTime(), place.values(), ProcessFaults.cpuMs(place.relay), updates,
                place.relay.metric("penstock_feed_frames_total")};
        }

        void print(final String where, final Figures figures) {
            figures.note(where + ": updates taken, per second", taken, "");
            figures.note(where + ": messages that brought them, per second", messages, "");
            figures.note(where + ": cores", cores, "");
            figures.note(where + ": latency of its sessions, p50", p50Ms, "ms");
            figures.note(where + ": latency of its sessions, p99", p99Ms, "ms");
        }

    }

    /** How a place fares while an edge stands still, compared with the spell before, over all rounds. */
    private static final class Change {
        private final String where;
        private final List<Spell> ratios = new ArrayList<>();

        Change(final Place place) {
            where = place.name;
        }

        void add(final Spell calm, final Spell during) {
            ratios.add(new Spell(during.p50Ms / calm.p50Ms, during.p99Ms / calm.p99Ms,
                during.valuesPerSecond / calm.valuesPerSecond, during.cores / calm.cores, during.taken / calm.taken,
                during.messages / calm.messages));
        }

        void judge(final Figures figures) {
            final String of = ", of those before, median of " + ratios.size();
            figures.speedAtLeast(where + ": updates taken" + of, median(Spell::taken), 1 / UNCHANGED, "");
            figures.speedAtLeast(where + ": values delivered" + of, median(Spell::valuesPerSecond), 1 / UNCHANGED, "");
            figures.speedAtMost(where + ": cores" + of, median(Spell::cores), UNCHANGED, "");
            figures.speedAtMost(where + ": p50" + of, median(Spell::p50Ms), UNCHANGED, "");
            figures.speedAtMost(where + ": p99" + of, median(Spell::p99Ms), UNCHANGED, "");
        }

        private double median(final ToDoubleFunction<Spell> figure) {
            return ratios.stream().mapToDouble(figure).sorted().skip(ratios.size() / 2).findFirst().orElseThrow();
        }
    }

    /** SIGSTOP of one of two edges for five seconds, again and again. */
    static void stopped(final FaultOptions options, final Figures figures) throws Exception {
        final int perSecond = options.perSecond(100_000);
        final NumberedVenue script = new NumberedVenue(options.seed(), perSecond);
        try (EdgeRig rig = new EdgeRig(script, List.of(), "server.io-threads=1")) {
            rig.addEdge();
            rig.addEdge();
            final int sessions = options.sessions(4);
            final Place ingest = new Place("ingest", rig.ingest, script, sessions);
            final Place other = new Place("other edge", rig.edges.get(0), script, sessions);
            final Place still = new Place("stopped edge", rig.edges.get(1), script, sessions);
            final List<Place> all = List.of(ingest, other, still);
            FaultRun.awaitOrFail("images", 30_000, () -> all.stream().allMatch(Place::hasImages));
            FaultRun.sleepMs(WARM_UP_MS);
            final List<Change> changes = List.of(new Change(ingest), new Change(other));
            for (int i = 0; i < options.count(5); i++) {
                stop(all, script, perSecond, figures, changes);
            }
            changes.forEach(each -> each.judge(figures));
            script.stop();
            final double seconds =
                FaultRun.secondsUntil(10_000, () -> all.stream().allMatch(each -> each.lost(script) == 0));
            figures.speedAtMost("until every session has the newest of each symbol", seconds, 1, "s");
            final List<String> breaches = new ArrayList<>();
            for (final Place each : all) {
                breaches.addAll(each.fleet.breaches());
                each.judges.forEach(judge -> breaches.addAll(judge.breaches()));
                figures.atMost(each.name + ": updates lost", each.lost(script), 0, "");
                each.fleet.close();
            }
            breaches.stream().limit(5).forEach(each -> System.out.println("    " + each));
            figures.atMost("breaches: order, ledger, values never sent", breaches.size(), 0, "");
            rig.assertNoErrors(figures);
        }
    }

    private static void stop(final List<Place> places, final NumberedVenue script, final int perSecond,
            final Figures figures, final List<Change> changes) throws Exception {
        final Place still = places.get(2);
        final List<Place> others = places.subList(0, 2);
        final List<Spell> calm = Spell.measure(others, STILL_MS);
        final int snapshots = still.snapshots();
        final int stales = still.stales();
        final long begun = still.relay.metric("penstock_link_begun_total");
        final long connects = still.relay.metric("penstock_feed_connects_total");
        final String conflated = "penstock_edge_conflated_total{edge=\"" + EdgeRig.name(1) + "\"}";
        final long before = places.get(0).relay.metric(conflated);
        still.relay.signal("STOP");
        final long sent = script.market.sent();
        final long stoppedNs = System.nanoTime();
        final List<Spell> during = Spell.measure(others, STILL_MS);
        final double sentPerSecond = (script.market.sent() - sent) / ((System.nanoTime() - stoppedNs) / 1e9);
        final double late = places.get(0).relay.fraction("penstock_edge_late_seconds{edge=\"" + EdgeRig.name(0)
            + "\"}");
        final long[] numbers = IntStream.range(0, SYMBOLS_EACH).mapToLong(script::last).toArray();
        final long heldBack = places.get(0).relay.metric(conflated) - before;
        still.relay.signal("CONT");
        final double fresh = FaultRun.secondsUntil(30_000, () -> still.judges.stream().allMatch(judge ->
            IntStream.range(0, SYMBOLS_EACH).allMatch(i -> judge.number(NumberedVenue.symbol(i)) >= numbers[i])));
        FaultRun.sleepMs(2_000);
        for (int i = 0; i < 2; i++) {
            calm.get(i).print(others.get(i).name + " before", figures);
            during.get(i).print(others.get(i).name + " during", figures);
        }
        figures.speedAtLeast("updates that the venue sends during, per second", sentPerSecond, 0.95 * perSecond, "");
        figures.speedAtLeast("of them, those that the ingest takes", during.get(0).taken / sentPerSecond, 0.95, "");
        for (int i = 0; i < 2; i++) {
            changes.get(i).add(calm.get(i), during.get(i));
        }
        figures.speedAtMost("other edge: how late the ingest is with it", late, 0.1, "s");
        figures.atLeast("updates conflated for the stopped edge at the ingest", heldBack, 1, "");
        figures.speedAtMost("once it runs, until its sessions have newer values", fresh, 1, "s");
        figures.atMost("times that its sessions were stale", still.stales() - stales, 1.0, "");
        figures.note("connections of its link meanwhile", still.relay.metric("penstock_feed_connects_total") - connects,
            "");
        figures.atMost("beginnings of its link with all images",
            still.relay.metric("penstock_link_begun_total") - begun, 0, "");
        figures.atMost("snapshots that its sessions were sent", still.snapshots() - snapshots, 0, "");
    }
}
