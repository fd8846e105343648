package penstock.bench.load;

import penstock.bench.load.rig.FigureBar;
import penstock.bench.load.rig.LoadReport;
import penstock.bench.load.server.CandidateServers;
import picocli.CommandLine.Command;

/** Every update to every session, each alone: what does a delivered update cost? Owned by the main thread. */
@Command(name = "broadcast", mixinStandardHelpOptions = true, sortOptions = false, showDefaultValues = true,
    description = "Every update to every session, each alone: what does the delivery of one cost, and how late is it?")
final class BroadcastScenario extends FanOutScenario {
    private static final double RAW_BAR = 1.05;
    private static final double ENVELOPE_BAR = 1.20;
    private static final double LATE_BAR = 1.1;

    BroadcastScenario() {
        super(1_000, 200, 100);
    }

    @Override
    void judge(final LoadReport report) {
        for (final CandidateRun run : runs()) {
            final boolean isRelay = run.name().startsWith(CandidateServers.RELAY);
            final FigureBar cost = !isRelay ? null : FigureBar.atMost(run.hasEnvelope() ? ENVELOPE_BAR : RAW_BAR);
            report.ratio(run.cost(), "cpu per update, " + CandidateServers.FLOOR, cost);
            report.ratio("p99, " + run.name(), "p99, " + CandidateServers.FLOOR, isRelay ? FigureBar.atMost(LATE_BAR)
                : null);
        }
    }
}
