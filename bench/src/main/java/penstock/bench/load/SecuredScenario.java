package penstock.bench.load;

import java.util.List;
import penstock.bench.load.rig.FigureBar;
import penstock.bench.load.rig.LoadReport;
import penstock.bench.load.server.Candidate;
import penstock.bench.load.server.CandidateServers;
import picocli.CommandLine.Command;

/**
 * Every update to every session: what do tokens with products add to the cost of one, and what does TLS 1.3, beside a
 * floor with the same TLS? Owned by the main thread.
 */
@Command(name = "secured", mixinStandardHelpOptions = true, sortOptions = false, showDefaultValues = true,
    description = "Every update to every session: what do tokens with products add to its cost, and what does TLS?")
final class SecuredScenario extends FanOutScenario {
    private static final double TOKENS_BAR = 1.02;

    SecuredScenario() {
        super(500, 100, 100);
    }

    @Override
    List<Candidate> servers() {
        return CandidateServers.of(plan, CandidateServers.RELAY, CandidateServers.RELAY_JWT,
            CandidateServers.RELAY_TLS, CandidateServers.FLOOR, CandidateServers.FLOOR_TLS);
    }

    @Override
    void judge(final LoadReport report) {
        compare(report, CandidateServers.RELAY_JWT, CandidateServers.RELAY, FigureBar.atMost(TOKENS_BAR));
        compare(report, CandidateServers.RELAY_TLS, CandidateServers.FLOOR_TLS, null);
        compare(report, CandidateServers.RELAY, CandidateServers.FLOOR, null);
    }

    private void compare(final LoadReport report, final String name, final String with, final FigureBar cost) {
        report.ratio("cpu per update, " + name, "cpu per update, " + with, cost);
        report.ratio("p50, " + name, "p50, " + with, null);
        report.ratio("p99, " + name, "p99, " + with, null);
    }
}
