package penstock.bench.load;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import org.HdrHistogram.Histogram;
import penstock.bench.load.client.ClientSwarm;
import penstock.bench.load.client.SwarmSession;
import penstock.bench.load.client.UpdateStats;
import penstock.bench.load.feed.FeedShape;
import penstock.bench.load.feed.PacedFeed;
import penstock.bench.load.rig.FigureBar;
import penstock.bench.load.rig.LoadReport;
import penstock.bench.load.rig.RigClock;
import penstock.bench.load.server.Candidate;
import penstock.bench.load.server.CandidateServers;
import penstock.bench.load.server.ServerProcess;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Every update to every session and none skipped, faster and faster: the highest rate at which all arrive, and 99 of
 * 100 soon. The rate is raised by a factor until it does not hold, then the gap between what held and what did not is
 * halved. A server that fell behind is replaced before the next try. Owned by the main thread.
 */
@Command(name = "all-rate", mixinStandardHelpOptions = true, sortOptions = false, showDefaultValues = true,
    description = "Mode all, faster and faster: what is the highest rate at which nothing is lost and p99 stays low?")
final class AllRateScenario extends LoadScenario {
    private static final double BAR = 0.6;
    private static final double ENOUGH = 0.98;
    private static final double SETTLE_SECONDS = 1;
    private static final int MAX_PER_SECOND = 50_000;
    /** One stall of the machine decides over the 50 ms of a window of 4 s. */
    private static final int ATTEMPTS = 2;

    @Option(names = "--sessions", description = "sessions")
    private int sessions = 1_000;

    @Option(names = "--symbols", description = "symbols")
    private int symbols = 100;

    @Option(names = "--bytes", description = "minimum bytes of an update; 0 = no padding, about 125")
    private int bytes;

    @Option(names = "--from", description = "updates per second to begin with")
    private int from = 1_000;

    @Option(names = "--factor", description = "factor from one rate to the next")
    private double factor = 1.5;

    @Option(names = "--refine",
        description = "how often the gap between a rate that holds and one that does not is halved")
    private int refine = 4;

    @Option(names = "--limit", description = "ms that 99 of 100 updates must not exceed")
    private int limitMs = 50;

    @Option(names = "--warm-up", description = "seconds at the first rate, after each start")
    private int warmUpSeconds = 5;

    AllRateScenario() {
        super(5, 4);
    }

    @Override
    void run(final LoadReport report) throws Exception {
        plan.require(symbols >= 1 && symbols <= PacedFeed.MAX_SYMBOLS, "--symbols is 1 to " + PacedFeed.MAX_SYMBOLS);
        plan.require(sessions >= 1 && from >= 1 && factor > 1.01 && refine >= 1,
            "--sessions, --from and --refine are at least 1, --factor is more than 1");
        final List<Candidate> candidates =
            CandidateServers.of(plan, CandidateServers.RELAY, CandidateServers.RELAY_RAW, CandidateServers.FLOOR);
        try (PacedFeed feed = new PacedFeed(FeedShape.quotes(from, symbols).withBytes(bytes))) {
            for (int round = 0; round < plan.rounds(); round++) {
                for (int i = 0; i < candidates.size(); i++) {
                    final Candidate candidate = candidates.get((round + i) % candidates.size());
                    progress("round %d of %d: %s", round + 1, plan.rounds(), candidate.name());
                    final double highest = highest(candidate, feed, report);
                    report.figure("highest rate, " + candidate.name(), "deliveries/s", highest);
                }
            }
        }
        for (final Candidate candidate : candidates) {
            final FigureBar bar = candidate.name().startsWith(CandidateServers.RELAY) ? FigureBar.atLeast(BAR) : null;
            report.ratio("highest rate, " + candidate.name(), "highest rate, " + CandidateServers.FLOOR, bar);
        }
    }

    /** Deliveries per second; NaN when no rate that was tried holds. */
    private double highest(final Candidate candidate, final PacedFeed feed, final LoadReport report) throws Exception {
        double highestHeld = Double.NaN;
        double failed = Double.NaN;
        Histogram best = null;
        Trial trial = null;
        try {
            double next = from;
            for (int left = refine; left > 0 && next < MAX_PER_SECOND; left -= Double.isNaN(failed) ? 0 : 1) {
                Histogram latencies = null;
                for (int attempt = 0; attempt < ATTEMPTS && latencies == null; attempt++) {
                    if (trial == null) {
                        feed.pace(Math.min(from, (int) next));
                        trial = new Trial(candidate, feed);
                    }
                    latencies = trial.at((int) next);
                    if (latencies == null) {
                        trial.close();
                        trial = null;
                    }
                }
                if (latencies != null) {
                    highestHeld = next;
                    best = latencies;
                    next = Double.isNaN(failed) ? next * factor : Math.sqrt(highestHeld * failed);
                } else {
                    failed = next;
                    next = Double.isNaN(highestHeld) ? next / factor : Math.sqrt(highestHeld * failed);
                }
            }
        } finally {
            feed.pace(from);
            if (trial != null) {
                trial.close();
            }
        }
        if (best != null) {
            report.latency(candidate.name() + " at its highest rate", best);
        }
        report.latency("the rig: feed late", feed.takeLateness());
        return highestHeld * sessions;
    }

    /** A server with its sessions, as long as it keeps up. */
    private final class Trial implements AutoCloseable {
        private final PacedFeed feed;
        private final String name;
        private final ServerProcess server;
        private final ClientSwarm swarm;
        private final UpdateStats stats = new UpdateStats();

        Trial(final Candidate candidate, final PacedFeed feed) throws IOException {
            this.feed = feed;
            name = candidate.name();
            server = candidate.start(feed, plan);
            swarm = new ClientSwarm("swarm");
            final List<SwarmSession> clients =
                swarm.open(server.port(), sessions, i -> server.options(List.of(), "mode=all", stats));
            RigClock.await("updates for every session of " + name, 60, () ->
                !swarm.failures().isEmpty() || clients.stream().allMatch(session -> session.updates > 0));
            RigClock.until(RigClock.afterSeconds(warmUpSeconds));
        }

        /** The latencies at this rate, or null when it does not hold. */
        Histogram at(final int rate) {
            feed.pace(rate);
            final long fromNs = RigClock.afterSeconds(SETTLE_SECONDS);
            final long toNs = fromNs + plan.seconds() * 1_000_000_000L;
            swarm.openWindows(fromNs, toNs, stats);
            RigClock.until(fromNs);
            final long rigBefore = FanOutScenario.rigCpuNs();
            RigClock.until(toNs);
            final double rigCores = (FanOutScenario.rigCpuNs() - rigBefore) / 1e9 / plan.seconds();
            RigClock.until(toNs + limitMs * 2_000_000L);
            return swarm.ask(() -> {
                final long expected = (long) sessions * rate * plan.seconds();
                final double p99Ms = stats.latencies().getValueAtPercentile(99) / 1e6;
                final boolean isWhole = stats.updates() >= expected * ENOUGH
                    && stats.latencies().getTotalCount() >= expected * ENOUGH && stats.skipped() == 0
                    && stats.gaps() == 0
                    && stats.disordered() == 0 && swarm.goneCount() == 0;
                final boolean holds = isWhole && p99Ms < limitMs;
                progress("  %s at %,d/s: %s (%,d of %,d expected, p99 %s ms, %,d skipped, rig %.2f cores)", name, rate,
                    holds ? "holds" : "does not hold", stats.updates(), expected,
                    String.format(Locale.ROOT, "%.1f", p99Ms), stats.skipped(), rigCores);
                return holds ? stats.latencies() : null;
            });
        }

        @Override
        public void close() throws IOException {
            swarm.close();
            server.close();
        }
    }
}
