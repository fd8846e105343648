package penstock.bench.load;

import java.util.List;
import penstock.bench.load.rig.FigureBar;
import penstock.bench.load.rig.LoadReport;
import penstock.bench.load.server.Candidate;
import penstock.bench.load.server.CandidateServers;
import picocli.CommandLine.Command;

/**
 * Ten thousand sessions: what does an operator who asks the admin API once a second add to the cost of an update? Owned
 * by the main thread.
 */
@Command(name = "watched", mixinStandardHelpOptions = true, sortOptions = false, showDefaultValues = true,
    description = "Ten thousand sessions: what does an operator who asks once a second add to the cost of an update?")
final class WatchedScenario extends FanOutScenario {
    private static final double BAR = 1.02;

    WatchedScenario() {
        super(10_000, 5, 5);
    }

    @Override
    List<Candidate> servers() {
        return CandidateServers.of(plan, CandidateServers.RELAY, CandidateServers.RELAY_WATCHED);
    }

    @Override
    void judge(final LoadReport report) {
        report.ratio("cpu per update, " + CandidateServers.RELAY_WATCHED, "cpu per update, " + CandidateServers.RELAY,
            FigureBar.atMost(BAR));
        report.ratio("p99, " + CandidateServers.RELAY_WATCHED, "p99, " + CandidateServers.RELAY, null);
    }
}
