package penstock.bench.load;

import java.util.List;
import penstock.bench.load.client.ClientOptions;
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

/** How long thousands of connects at once take, and whether any is refused. Owned by the main thread. */
@Command(name = "connect-storm", mixinStandardHelpOptions = true, sortOptions = false, showDefaultValues = true,
    header = "Connects as fast as they come.",
    description = {"",
        "Reported: seconds until the last upgrade is answered, of the relay (bar 0.7 s) and of the floor, each freshly "
            + "started, in each round both in turn, another first. True must be that none is refused.", ""})
final class ConnectStormScenario extends LoadScenario {
    private static final double MAX_SECONDS = 0.7;
    private static final double WARM_UP_SECONDS = 2;
    private static final double NS_PER_SECOND = 1e9;

    @Option(names = "--connections", defaultValue = "5000", description = "connections")
    private int connections;

    @Option(names = "--in-flight", defaultValue = "256", description = "begun and not yet answered, at a time")
    private int inFlight;

    ConnectStormScenario() {
        super(5, 1);
    }

    @Override
    void run(final LoadReport report) throws Exception {
        final List<Candidate> candidates =
            CandidateServers.of(plan, CandidateServers.RELAY_RAW, CandidateServers.FLOOR);
        try (PacedFeed feed = new PacedFeed(FeedShape.quotes(10, 2))) {
            for (int round = 0; round < plan.rounds(); round++) {
                progress("round %d of %d", round + 1, plan.rounds());
                for (int i = 0; i < candidates.size(); i++) {
                    storm(report, candidates.get((round + i) % candidates.size()), feed);
                }
            }
        }
        report.bar(figure(CandidateServers.RELAY_RAW), FigureBar.atMost(MAX_SECONDS));
        report.ratio(figure(CandidateServers.RELAY_RAW), figure(CandidateServers.FLOOR), null);
    }

    private void storm(final LoadReport report, final Candidate candidate, final PacedFeed feed) throws Exception {
        try (ServerProcess server = candidate.start(feed, plan); ClientSwarm swarm = new ClientSwarm("storm")) {
            RigClock.until(RigClock.afterSeconds(WARM_UP_SECONDS));
            final ClientOptions options = server.options(List.of(), "", new UpdateStats());
            final long startNs = System.nanoTime();
            final List<SwarmSession> all = swarm.open(server.port(), connections, inFlight, i -> options);
            final long endNs = all.stream().mapToLong(session -> session.openNs).max().orElse(startNs);
            report.figure(figure(candidate.name()), "s", (endNs - startNs) / NS_PER_SECOND);
            report.truth("none is refused by " + candidate.name() + ": " + swarm.failures(), swarm.goneCount() == 0);
        }
    }

    private static String figure(final String candidate) {
        return "until all are answered, " + candidate;
    }
}
