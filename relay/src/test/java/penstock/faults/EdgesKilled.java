package penstock.faults;

import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import penstock.system.ProxyProcess;
import penstock.system.RelayProcess;
import penstock.system.SubscriberFleet;

/**
 * Six edges behind HAProxy with the configuration that is shipped for both, and sessions that come back. Each edge is
 * killed, and started again, one after the other. One thread.
 */
final class EdgesKilled {
    private static final int EDGES = 6;
    private static final int SESSIONS = 1_000;
    private static final int SYMBOLS_EACH = 10;
    private static final int INTERVAL_MS = 1_000;
    private static final long PATIENCE_MS = 60_000;
    /** What a client may be without newer values. */
    private static final double BACK_S = 10;

    private final FaultOptions options;
    private final Figures figures;
    private final EdgeRig rig;
    private final NumberedVenue script;
    private final ProxyProcess proxy;
    private final SubscriberFleet fleet;
    private final List<MovingSession> sessions = new ArrayList<>();

    private EdgesKilled(final FaultOptions options, final Figures figures, final EdgeRig rig,
            final NumberedVenue script, final ProxyProcess proxy, final SubscriberFleet fleet) {
        this.options = options;
        this.figures = figures;
        this.rig = rig;
        this.script = script;
        this.proxy = proxy;
        this.fleet = fleet;
    }

    /** SIGKILL of each edge, one after the other. */
    static void run(final FaultOptions options, final Figures figures) throws Exception {
        final NumberedVenue script = new NumberedVenue(options.seed(), options.perSecond());
        try (EdgeRig rig = new EdgeRig(script, List.of(), "server.io-threads=1")) {
            for (int i = 0; i < EDGES; i++) {
                rig.addEdge();
            }
            final int[] ports = rig.edges.stream().mapToInt(edge -> edge.port).toArray();
            try (ProxyProcess proxy = ProxyProcess.startBeforeEdges(rig.folder, ports[0],
                     IntStream.of(ports).skip(1).toArray());
                 SubscriberFleet fleet = new SubscriberFleet(proxy.port)) {
                FaultRun.awaitOrFail("ready HAProxy", PATIENCE_MS, () -> isReady(proxy.port));
                new EdgesKilled(options, figures, rig, script, proxy, fleet).run();
            }
        }
    }

    private void run() throws Exception {
        final Random random = new Random(options.seed());
        final int count = options.sessions(SESSIONS);
        for (int i = 0; i < count; i++) {
            final List<String> symbols = IntStream.range(0, SYMBOLS_EACH)
                .map(each -> (each + random.nextInt(NumberedVenue.SYMBOLS / SYMBOLS_EACH) * SYMBOLS_EACH))
                .distinct().mapToObj(NumberedVenue::symbol).toList();
            sessions.add(new MovingSession("session " + i, script.market, symbols, INTERVAL_MS, fleet, random));
            FaultRun.sleepMs(1);
        }
        await("images", () -> sessions.stream().allMatch(each -> each.symbols.stream().allMatch(symbol ->
            each.number(symbol) > 0)));
        for (int i = 0; i < options.count(EDGES); i++) {
            kill(i % EDGES);
        }
        assertWhole();
    }

    private void kill(final int i) throws Exception {
        final RelayProcess edge = rig.edges.get(i);
        figures.note("sessions of edge " + i + ", which is killed", open(edge), "");
        final long lost = losses();
        edge.signal("KILL");
        edge.process.waitFor();
        final long[] numbers = IntStream.range(0, NumberedVenue.SYMBOLS).mapToLong(script::last).toArray();
        final CompletableFuture<RelayProcess> next = CompletableFuture.supplyAsync(() -> {
            try {
                return rig.startEdge(i, edge.port, rig.ingest.port);
            } catch (final IOException e) {
                throw new CompletionException(e);
            }
        });
        figures.atMost("until every session has newer values", secondsUntil(() -> sessions.stream().allMatch(each ->
            each.symbols.stream().allMatch(symbol ->
                each.number(symbol) >= numbers[Integer.parseInt(symbol.substring(1))]))), BACK_S, "s");
        figures.note("connections lost", losses() - lost, "");
        await("next edge", next::isDone);
        rig.edges.set(i, next.join());
        await("live edge", () -> EdgeRig.isReady(rig.edges.get(i)));
        // until HAProxy has asked it twice
        final long untilNs = System.nanoTime() + 3_000_000_000L;
        await("HAProxy", () -> System.nanoTime() - untilNs >= 0);
    }

    private void assertWhole() throws Exception {
        script.stop();
        figures.atMost("until every session has the newest of each symbol", secondsUntil(() -> lost() == 0), 5, "s");
        figures.atMost("updates lost: newest values that a session does not have", lost(), 0, "");
        long open = 0;
        for (final RelayProcess edge : rig.edges) {
            figures.holds("edge is live", EdgeRig.isReady(edge));
            open += open(edge);
        }
        figures.between("sessions at live edges", open, sessions.size(), sessions.size(), "");
        figures.note("connections lost", losses(), "");
        figures.note("attempts that were refused", sessions.stream().mapToInt(each -> each.refusals).sum(), "");
        figures.note("times that a session went on where it was", sessions.stream().mapToInt(MovingSession::resumed)
            .sum(), "");
        final List<String> breaches = sessions.stream().flatMap(each -> each.breaches().stream()).toList();
        breaches.stream().limit(5).forEach(each -> System.out.println("    " + each));
        figures.atMost("breaches: order, ledger, values never sent or not asked for", breaches.size(), 0, "");
        rig.assertNoErrors(figures);
    }

    private long losses() {
        return sessions.stream().mapToInt(each -> each.losses).sum();
    }

    private long lost() {
        return sessions.stream().mapToLong(each -> each.symbols.stream().filter(symbol ->
            each.number(symbol) != script.last(Integer.parseInt(symbol.substring(1)))).count()).sum();
    }

    private static long open(final RelayProcess edge) throws Exception {
        return edge.metric("penstock_sessions");
    }

    private void await(final String what, final Callable<Boolean> holds) throws Exception {
        if (secondsUntil(holds) == Double.POSITIVE_INFINITY) {
            throw new IllegalStateException("no " + what + " within " + PATIENCE_MS / 1_000 + " s; HAProxy said "
                + proxy.said());
        }
    }

    /** Sessions come back meanwhile. */
    private double secondsUntil(final Callable<Boolean> holds) throws Exception {
        return FaultRun.secondsUntil(PATIENCE_MS, () -> {
            sessions.forEach(MovingSession::tend);
            return holds.call();
        });
    }

    /** Whether something on a port of this machine answers that it has live prices. */
    static boolean isReady(final int port) throws IOException {
        final HttpURLConnection asked =
            (HttpURLConnection) URI.create("http://127.0.0.1:" + port + "/readyz").toURL().openConnection();
        try {
            return asked.getResponseCode() == 200;
        } catch (final IOException e) {
            return false;
        } finally {
            asked.disconnect();
        }
    }
}
