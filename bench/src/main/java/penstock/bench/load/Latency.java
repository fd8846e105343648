package penstock.bench.load;

import picocli.CommandLine.Command;

/**
 * Everything to everybody with cores to spare: what does a server add to the way of an update? Owned by the main
 * thread.
 */
@Command(name = "latency", mixinStandardHelpOptions = true, sortOptions = false, showDefaultValues = true,
    description = "Every update to fewer sessions, with cores to spare: how late is it in the middle?")
final class Latency extends FanOut {
    private static final double LATE_BAR = 1.15;

    Latency() {
        super(200, 100, 100);
    }

    @Override
    void judge(final Report report) {
        for (final Entrant entrant : entrants()) {
            final boolean isRelay = entrant.name().startsWith(Contestants.RELAY);
            report.ratio("p50, " + entrant.name(), "p50, " + Contestants.FLOOR, isRelay ? Bar.atMost(LATE_BAR) : null);
            report.ratio(entrant.cost(), "cpu per update, " + Contestants.FLOOR, null);
        }
    }
}
