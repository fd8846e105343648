package penstock.bench.load;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Option;

/**
 * Sessions that take quotes at interval 0 from one server after the other, another first in each round. A server lives for its
 * measurement: start, connect, warm up, window, stop. Its cost is the processor time of its process per update that arrived in the window;
 * a round in which updates were lost, or came late by the window's length, is not taken: an overloaded server batches and looks cheap.
 * Owned by the main thread.
 */
abstract class FanOut extends Scenario {
    /** The window of an update for each server: {@code interval} of the relay. */
    static final String AT_ONCE = "interval=0";
    private static final double SETTLE_SECONDS = 1;
    /** Of what was owed; the rest is on its way when the window closes. */
    private static final double ENOUGH = 0.98;
    private static final int READY_SECONDS = 60;

    @Option(names = "--sessions", description = "sessions")
    int sessions;

    @Option(names = "--rate", description = "updates per second, over all symbols")
    int rate;

    @Option(names = "--symbols", description = "symbols")
    int symbols;

    @Option(names = "--bytes", description = "bytes of an update at least; 0 = as small as they are, about 125")
    int bytes;

    @Option(names = "--warm-up", description = "seconds of full load before each window")
    int warmUpSeconds = 5;

    FanOut(final int sessions, final int rate, final int symbols) {
        super(5, 10);
        this.sessions = sessions;
        this.rate = rate;
        this.symbols = symbols;
    }

    /** The symbols of a session; empty = all. */
    abstract Collection<String> symbolsOf(int session);

    /** How many of the feed's symbols a session has. */
    abstract int symbolCount();

    /** What is measured in each round. */
    abstract List<Entrant> entrants();

    /** Tells ratios and bars, once all rounds are over. */
    abstract void judge(Report report);

    @Override
    final void run(final Report report) throws Exception {
        plan.require(symbols >= 1 && symbols <= PacedFeed.MOST_SYMBOLS, "--symbols is 1 to " + PacedFeed.MOST_SYMBOLS);
        plan.require(sessions >= 1 && rate >= 1 && symbolCount() <= symbols, "too few sessions, updates or symbols");
        try (PacedFeed feed = new PacedFeed(FeedShape.quotes(rate, symbols).withBytes(bytes))) {
            final List<Entrant> entrants = entrants();
            for (int round = 0; round < plan.rounds(); round++) {
                for (int i = 0; i < entrants.size(); i++) {
                    final Entrant entrant = entrants.get((round + i) % entrants.size());
                    progress("round %d of %d: %s", round + 1, plan.rounds(), entrant.name());
                    measure(entrant, round + 1, report, feed);
                }
            }
        }
        judge(report);
    }

    private void measure(final Entrant entrant, final int round, final Report report, final PacedFeed feed) throws Exception {
        final Tally tally = new Tally();
        final Tally direct = new Tally();
        try (ServerProcess server = entrant.contestant().start(feed, plan); Fleet fleet = new Fleet("fleet")) {
            fleet.open(feed.port(), 1, i -> Terms.of("/", null, direct));
            final List<FleetSession> crowd = fleet.open(server.port(), sessions, i ->
                server.terms(symbolsOf(i), entrant.query(), tally));
            if (!fleet.failures().isEmpty()) {
                throw new IllegalStateException(entrant.name() + ": sessions failed: " + fleet.failures());
            }
            Clock.await("updates for every session of " + entrant.name(), READY_SECONDS, () ->
                !fleet.failures().isEmpty() || crowd.stream().allMatch(session -> session.updates > 0));
            Clock.until(Clock.afterSeconds(warmUpSeconds));
            feed.takeLateness();
            final long fromNs = Clock.afterSeconds(0.01);
            final long toNs = fromNs + plan.seconds() * 1_000_000_000L;
            fleet.openWindows(fromNs, toNs, tally, direct);
            Clock.until(fromNs);
            final long cpuBefore = server.cpuMicros();
            final long rigBefore = rigCpuNs();
            Clock.until(toNs);
            final long cpuMicros = server.cpuMicros() - cpuBefore;
            final double rigCores = (rigCpuNs() - rigBefore) / 1e9 / plan.seconds();
            Clock.until(Clock.afterSeconds(SETTLE_SECONDS));
            report.figure("the rig: cores in use, " + entrant.name(), "cores", rigCores);
            report.latency("the rig: feed late", feed.takeLateness());
            report.latency("the rig: feed to client, no server", fleet.ask(direct::latencies));
            report.truth("no session failed, " + entrant.name() + ": " + fleet.failures(), fleet.goneCount() == 0);
            fleet.ask(() -> {
                tell(entrant, round, report, tally, cpuMicros);
                return null;
            });
        }
    }

    private void tell(final Entrant entrant, final int round, final Report report, final Tally tally, final long cpuMicros) {
        final long owed = (long) sessions * plan.seconds() * rate * symbolCount() / symbols;
        final boolean isPaced = tally.updates() + tally.skipped() >= owed * ENOUGH;
        final boolean isWhole = entrant.mayFold() ? tally.skipped() == tally.conflated() : tally.skipped() == 0;
        final boolean isTaken = isPaced && isWhole;
        if (!isTaken) {
            report.fact("round " + round + " not taken, " + entrant.name(), String.format(Locale.ROOT,
                "of %,d updates owed %,d came, %,d did not though newer ones did", owed, tally.updates(), tally.skipped()));
        }
        report.truth("updates come in order, none twice, " + entrant.name(), tally.disordered() == 0);
        report.truth("what does not come is told, " + entrant.name(), !entrant.isTelling() || tally.skipped() == tally.conflated());
        final Histogram latencies = tally.latencies();
        report.latency(entrant.name(), latencies);
        final long paidFor = entrant.mayFold() ? tally.updates() + tally.conflated() : tally.updates();
        report.figure(entrant.cost(), "us", isTaken ? (double) cpuMicros / paidFor : Double.NaN);
        report.figure("p50, " + entrant.name(), "ms", isTaken ? latencies.getValueAtPercentile(50) / 1e6 : Double.NaN);
        report.figure("p99, " + entrant.name(), "ms", isTaken ? latencies.getValueAtPercentile(99) / 1e6 : Double.NaN);
    }

    /** Of the rig's own process: what it takes from the cores that it shares with the server. */
    static long rigCpuNs() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
            .getProcessCpuTime();
    }

    /**
     * One thing measured in each round.
     *
     * @param name       as it is told
     * @param contestant the server
     * @param query      what its sessions ask of the relay, besides symbols
     * @param mayFold    a folded update counts like one that came
     */
    record Entrant(String name, Contestant contestant, String query, boolean mayFold) {
        static Entrant of(final Contestant contestant) {
            return new Entrant(contestant.name(), contestant, AT_ONCE, false);
        }

        /** The relay's envelope tells what it folds. */
        boolean isTelling() {
            return contestant.name().equals(Contestants.RELAY);
        }

        String cost() {
            return (mayFold ? "cpu per update owed, " : "cpu per update, ") + name;
        }
    }
}
