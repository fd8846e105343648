package penstock.bench.load;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Option;

/**
 * Sessions that take quotes at interval 0 from one server after the other, another first in each round. A server lives
 * for its measurement: start, connect, warm up, window, stop. Its cost is the processor time of its process per update
 * that arrived in the window; a round in which updates were lost, or came late by the window's length, is not taken: an
 * overloaded server batches and looks cheap. Owned by the main thread.
 */
abstract class FanOut extends Scenario {
    /** What a session asks of the relay: nothing is folded but what its socket does not take. */
    static final String AT_ONCE = "interval=0";
    private static final int OPENING_RATE = 200;
    private static final double SETTLE_SECONDS = 1;
    /** Of what was owed; the rest is on its way when the window closes. */
    private static final double ENOUGH = 0.98;
    /** Of what was owed: more or less of it at the edges of the window means that a queue grew or shrank. */
    private static final double MOST_AHEAD = 0.05;
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

    /** The symbols of a session; empty = all, unless the scenario says otherwise. */
    Collection<String> symbolsOf(final int session) {
        return List.of();
    }

    /** How many of the feed's symbols a session has. */
    int symbolCount() {
        return symbols;
    }

    /** What is measured in each round: each server once, unless the scenario says otherwise. */
    List<Entrant> entrants() {
        return servers().stream().map(Entrant::of).toList();
    }

    /** The servers to compare. */
    final List<Contestant> servers() {
        return Contestants.of(plan, Contestants.RELAY_RAW, Contestants.RELAY, Contestants.FLOOR, Contestants.NAIVE);
    }

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
                    try {
                        measure(entrant, round + 1, report, feed);
                    } catch (final IllegalStateException e) {
                        failed(entrant, round + 1, report, e);
                    }
                }
            }
        }
        judge(report);
    }

    private void measure(final Entrant entrant, final int round, final Report report, final PacedFeed feed)
            throws Exception {
        final Tally tally = new Tally();
        final Tally direct = new Tally();
        try (ServerProcess server = entrant.contestant().start(feed, plan); Fleet fleet = new Fleet("fleet")) {
            fleet.open(feed.port(), 1, i -> Terms.of("/", null, direct));
            // who sends everything before a session has named its list must not drown before it begins
            feed.pace(Math.min(rate, OPENING_RATE));
            final List<FleetSession> crowd = fleet.open(server.port(), sessions, i ->
                server.terms(symbolsOf(i), entrant.query(), tally));
            if (!fleet.failures().isEmpty()) {
                throw new IllegalStateException("sessions failed: " + fleet.failures());
            }
            Clock.await("updates for every session of " + entrant.name(), READY_SECONDS, () ->
                !fleet.failures().isEmpty() || crowd.stream().allMatch(session -> session.updates > 0));
            feed.pace(rate);
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
            if (fleet.goneCount() > 0) {
                throw new IllegalStateException(fleet.goneCount() + " sessions failed: " + fleet.failures());
            }
            fleet.ask(() -> {
                tell(entrant, round, report, tally, cpuMicros);
                return null;
            });
            report.truth("no session failed, " + entrant.name(), true);
        } finally {
            feed.pace(rate);
        }
    }

    private void failed(final Entrant entrant, final int round, final Report report, final IllegalStateException why) {
        progress("  %s", why.getMessage());
        report.fact("round " + round + " not taken, " + entrant.name(), why.getMessage());
        figures(entrant, report, Double.NaN, Double.NaN, Double.NaN);
        if (entrant.name().startsWith(Contestants.RELAY)) {
            report.truth("no session failed, " + entrant.name(), false);
        }
    }

    private static void figures(final Entrant entrant, final Report report, final double cost, final double p50Ns,
            final double p99Ns) {
        report.figure(entrant.cost(), "us", cost);
        report.figure("p50, " + entrant.name(), "ms", p50Ns / 1e6);
        report.figure("p99, " + entrant.name(), "ms", p99Ns / 1e6);
    }

    private void tell(final Entrant entrant, final int round, final Report report, final Tally tally,
            final long cpuMicros) {
        final long owed = (long) sessions * plan.seconds() * rate * symbolCount() / symbols;
        // both: who is seconds behind delivers as many as are owed, but none of the window's
        final long arrived = tally.updates() + tally.skipped();
        final long inTime = tally.latencies().getTotalCount() + tally.skipped();
        final boolean isPaced = inTime >= owed * ENOUGH && Math.abs(arrived - owed) <= owed * MOST_AHEAD;
        final boolean isWhole = entrant.mayFold() ? tally.skipped() == tally.conflated() : tally.skipped() == 0;
        final boolean isTaken = isPaced && isWhole;
        if (!isTaken) {
            report.fact("round " + round + " not taken, " + entrant.name(), String.format(Locale.ROOT,
                "of %,d updates owed %,d came, %,d of them in time; %,d did not come though newer ones did", owed,
                tally.updates(),
                tally.latencies().getTotalCount(), tally.skipped()));
        }
        report.truth("updates come in order, none twice, " + entrant.name(), tally.disordered() == 0);
        if (entrant.isTelling()) {
            report.truth("what does not come is told, " + entrant.name(), tally.skipped() == tally.conflated());
        }
        final Histogram latencies = tally.latencies();
        report.latency(entrant.name(), latencies);
        final long paidFor = entrant.mayFold() ? tally.updates() + tally.conflated() : tally.updates();
        if (isTaken) {
            figures(entrant, report, (double) cpuMicros / paidFor, latencies.getValueAtPercentile(50),
                latencies.getValueAtPercentile(99));
        } else {
            figures(entrant, report, Double.NaN, Double.NaN, Double.NaN);
        }
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
