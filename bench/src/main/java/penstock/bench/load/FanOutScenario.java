package penstock.bench.load;

import com.sun.management.OperatingSystemMXBean;
import java.lang.management.ManagementFactory;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import org.HdrHistogram.Histogram;
import penstock.bench.load.client.ClientOptions;
import penstock.bench.load.client.ClientSwarm;
import penstock.bench.load.client.SwarmSession;
import penstock.bench.load.client.UpdateStats;
import penstock.bench.load.feed.FeedShape;
import penstock.bench.load.feed.PacedFeed;
import penstock.bench.load.rig.LoadReport;
import penstock.bench.load.rig.RigClock;
import penstock.bench.load.server.Candidate;
import penstock.bench.load.server.CandidateServers;
import penstock.bench.load.server.ServerProcess;
import picocli.CommandLine.Option;

/**
 * Sessions that take quotes at interval 0 from one server after the other, another first in each round. A server lives
 * for its measurement: start, connect, warm up, window, stop. Its cost is the processor time of its process per update
 * that arrived in the window; a round in which updates were lost, or came late by the window's length, is not taken: an
 * overloaded server batches and looks cheap. Owned by the main thread.
 */
abstract class FanOutScenario extends LoadScenario {
    /** Options of a session: nothing is conflated unless its socket is blocked. */
    static final String AT_ONCE = "interval=0";
    private static final int OPENING_RATE = 200;
    private static final double SETTLE_SECONDS = 1;
    /** Part of the expected updates that must arrive; the rest is in flight when the window closes. */
    private static final double ENOUGH = 0.98;
    /** Largest deviation from the expected number; more means that a queue grew or shrank in the window. */
    private static final double MAX_AHEAD = 0.05;
    private static final int READY_SECONDS = 60;

    @Option(names = "--sessions", description = "sessions")
    int sessions;

    @Option(names = "--rate", description = "updates per second, over all symbols")
    int rate;

    @Option(names = "--symbols", description = "symbols")
    int symbols;

    @Option(names = "--bytes", description = "minimum bytes of an update; 0 = no padding, about 125")
    int bytes;

    @Option(names = "--warm-up", description = "seconds of full load before each window")
    int warmUpSeconds = 5;

    FanOutScenario(final int sessions, final int rate, final int symbols) {
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

    /** Measurements of each round: each server once, unless the scenario says otherwise. */
    List<CandidateRun> runs() {
        return servers().stream().map(CandidateRun::of).toList();
    }

    /** The servers to compare. */
    List<Candidate> servers() {
        return CandidateServers.of(plan, CandidateServers.RELAY_RAW, CandidateServers.RELAY, CandidateServers.FLOOR,
            CandidateServers.NAIVE);
    }

    /** Reports ratios and bars after all rounds. */
    abstract void judge(LoadReport report);

    @Override
    final void run(final LoadReport report) throws Exception {
        plan.require(symbols >= 1 && symbols <= PacedFeed.MAX_SYMBOLS, "--symbols is 1 to " + PacedFeed.MAX_SYMBOLS);
        plan.require(sessions >= 1 && rate >= 1 && symbolCount() <= symbols, "too few sessions, updates or symbols");
        try (PacedFeed feed = new PacedFeed(FeedShape.quotes(rate, symbols).withBytes(bytes))) {
            final List<CandidateRun> runs = runs();
            for (int round = 0; round < plan.rounds(); round++) {
                for (int i = 0; i < runs.size(); i++) {
                    final CandidateRun run = runs.get((round + i) % runs.size());
                    progress("round %d of %d: %s", round + 1, plan.rounds(), run.name());
                    try {
                        measure(run, round + 1, report, feed);
                    } catch (final IllegalStateException e) {
                        failed(run, round + 1, report, e);
                    }
                }
            }
        }
        judge(report);
    }

    private void measure(final CandidateRun run, final int round, final LoadReport report, final PacedFeed feed)
            throws Exception {
        final UpdateStats stats = new UpdateStats();
        final UpdateStats direct = new UpdateStats();
        try (ServerProcess server = run.candidate().start(feed, plan); ClientSwarm swarm = new ClientSwarm("swarm")) {
            swarm.open(feed.port(), 1, i -> ClientOptions.of("/", null, direct));
            // a server that sends everything until a session has named its list must not be overloaded before that
            feed.pace(Math.min(rate, OPENING_RATE));
            final List<SwarmSession> clients = swarm.open(server.port(), sessions, i ->
                server.options(symbolsOf(i), run.query(), stats));
            if (!swarm.failures().isEmpty()) {
                throw new IllegalStateException("sessions failed: " + swarm.failures());
            }
            RigClock.await("updates for every session of " + run.name(), READY_SECONDS, () ->
                !swarm.failures().isEmpty() || clients.stream().allMatch(session -> session.updates > 0));
            feed.pace(rate);
            RigClock.until(RigClock.afterSeconds(warmUpSeconds));
            feed.takeLateness();
            final long fromNs = RigClock.afterSeconds(0.01);
            final long toNs = fromNs + plan.seconds() * 1_000_000_000L;
            swarm.openWindows(fromNs, toNs, stats, direct);
            RigClock.until(fromNs);
            final long cpuBefore = server.cpuMicros();
            final long rigBefore = rigCpuNs();
            RigClock.until(toNs);
            final long cpuMicros = server.cpuMicros() - cpuBefore;
            final double rigCores = (rigCpuNs() - rigBefore) / 1e9 / plan.seconds();
            RigClock.until(RigClock.afterSeconds(SETTLE_SECONDS));
            report.figure("the rig: cores in use, " + run.name(), "cores", rigCores);
            report.latency("the rig: feed late", feed.takeLateness());
            report.latency("the rig: feed to client, no server", swarm.ask(direct::latencies));
            if (swarm.goneCount() > 0) {
                throw new IllegalStateException(swarm.goneCount() + " sessions failed: " + swarm.failures());
            }
            swarm.ask(() -> {
                tell(run, round, report, stats, cpuMicros);
                return null;
            });
            report.truth("no session failed, " + run.name(), true);
        } finally {
            feed.pace(rate);
        }
    }

    private void failed(final CandidateRun run, final int round, final LoadReport report,
            final IllegalStateException why) {
        progress("  %s", why.getMessage());
        report.fact("round " + round + " not taken, " + run.name(), why.getMessage());
        figures(run, report, Double.NaN, Double.NaN, Double.NaN);
        if (run.name().startsWith(CandidateServers.RELAY)) {
            report.truth("no session failed, " + run.name(), false);
        }
    }

    private static void figures(final CandidateRun run, final LoadReport report, final double cost, final double p50Ns,
            final double p99Ns) {
        report.figure(run.cost(), "us", cost);
        report.figure("p50, " + run.name(), "ms", p50Ns / 1e6);
        report.figure("p99, " + run.name(), "ms", p99Ns / 1e6);
    }

    private void tell(final CandidateRun run, final int round, final LoadReport report, final UpdateStats stats,
            final long cpuMicros) {
        final long expected = (long) sessions * plan.seconds() * rate * symbolCount() / symbols;
        // both: a server that is seconds behind delivers the expected number, but none of this window
        final long arrived = stats.updates() + stats.skipped();
        final long inTime = stats.latencies().getTotalCount() + stats.skipped();
        final boolean isPaced = inTime >= expected * ENOUGH && Math.abs(arrived - expected) <= expected * MAX_AHEAD;
        final boolean isWhole = run.mayConflate() ? stats.skipped() == stats.conflated() : stats.skipped() == 0;
        final boolean isTaken = isPaced && isWhole;
        if (!isTaken) {
            report.fact("round " + round + " not taken, " + run.name(), String.format(Locale.ROOT,
                "of %,d expected updates %,d came, %,d of them in time; %,d did not come though newer ones did",
                expected,
                stats.updates(),
                stats.latencies().getTotalCount(), stats.skipped()));
        }
        report.truth("updates come in order, none twice, " + run.name(), stats.disordered() == 0);
        if (run.hasEnvelope()) {
            report.truth("every update that does not come is reported, " + run.name(),
                stats.skipped() == stats.conflated());
        }
        final Histogram latencies = stats.latencies();
        report.latency(run.name(), latencies);
        final long paidFor = run.mayConflate() ? stats.updates() + stats.conflated() : stats.updates();
        if (isTaken) {
            figures(run, report, (double) cpuMicros / paidFor, latencies.getValueAtPercentile(50),
                latencies.getValueAtPercentile(99));
        } else {
            figures(run, report, Double.NaN, Double.NaN, Double.NaN);
        }
    }

    /** Processor time of the rig's own process, which shares the cores with the server. */
    static long rigCpuNs() {
        return ((OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
            .getProcessCpuTime();
    }

    /**
     * One thing measured in each round.
     *
     * @param name        in the report
     * @param candidate   the server
     * @param query       of its sessions, in addition to symbols
     * @param mayConflate a conflated update counts like one that arrived
     */
    record CandidateRun(String name, Candidate candidate, String query, boolean mayConflate) {
        static CandidateRun of(final Candidate candidate) {
            return new CandidateRun(candidate.name(), candidate, AT_ONCE, false);
        }

        /** True if the server reports conflated updates. */
        boolean hasEnvelope() {
            return CandidateServers.hasEnvelope(candidate.name());
        }

        String cost() {
            return (mayConflate ? "cpu per update sent or conflated, " : "cpu per update, ") + name;
        }
    }
}
