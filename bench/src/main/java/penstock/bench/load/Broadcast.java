package penstock.bench.load;

import picocli.CommandLine.Command;

/** Everything to everybody, each update alone: what does an update delivered cost? Owned by the main thread. */
@Command(name = "broadcast", mixinStandardHelpOptions = true, sortOptions = false, showDefaultValues = true,
    description = "Every update to every session, each alone: what does the delivery of one cost, and how late is it?")
final class Broadcast extends FanOut {
    private static final double RAW_BAR = 1.05;
    private static final double ENVELOPE_BAR = 1.20;
    private static final double LATE_BAR = 1.1;

    Broadcast() {
        super(1_000, 200, 100);
    }

    @Override
    void judge(final Report report) {
        for (final Entrant entrant : entrants()) {
            final boolean isRelay = entrant.name().startsWith(Contestants.RELAY);
            final Bar cost = !isRelay ? null : Bar.atMost(entrant.isTelling() ? ENVELOPE_BAR : RAW_BAR);
            report.ratio(entrant.cost(), "cpu per update, " + Contestants.FLOOR, cost);
            report.ratio("p99, " + entrant.name(), "p99, " + Contestants.FLOOR, isRelay ? Bar.atMost(LATE_BAR) : null);
        }
    }
}
