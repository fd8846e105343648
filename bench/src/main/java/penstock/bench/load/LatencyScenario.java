package penstock.bench.load;

import penstock.bench.load.rig.FigureBar;
import penstock.bench.load.rig.LoadReport;
import penstock.bench.load.server.CandidateServers;
import picocli.CommandLine.Command;

/**
 * Every update to every session with cores to spare: what does a server add to the latency of an update? Owned by the
 * main thread.
 */
@Command(name = "latency", mixinStandardHelpOptions = true, sortOptions = false, showDefaultValues = true,
    description = "Every update to fewer sessions, with cores to spare: how late is it in the middle?")
final class LatencyScenario extends FanOutScenario {
    private static final double LATE_BAR = 1.15;

    LatencyScenario() {
        super(200, 100, 100);
    }

    @Override
    void judge(final LoadReport report) {
        for (final CandidateRun run : runs()) {
            final boolean isRelay = run.name().startsWith(CandidateServers.RELAY);
            report.ratio("p50, " + run.name(), "p50, " + CandidateServers.FLOOR, isRelay ? FigureBar.atMost(LATE_BAR)
                : null);
            report.ratio(run.cost(), "cpu per update, " + CandidateServers.FLOOR, null);
        }
    }
}
