package penstock.bench.load;

import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** How long thousands of connects at once take, and whether any is refused. Owned by the main thread. */
@Command(name = "connect-storm", mixinStandardHelpOptions = true, sortOptions = false, showDefaultValues = true,
    header = "Connects as fast as they come.",
    description = {"",
        "Told: seconds until the last upgrade is answered, of the relay (bar 0.7 s) and of the floor, each freshly "
            + "started,"
            + " in each round both"
            + " in turn, another first. True must be that none is refused.", ""})
final class ConnectStorm extends Scenario {
    private static final double MOST_SECONDS = 0.7;
    private static final double WARM_UP_SECONDS = 2;
    private static final double NS_PER_SECOND = 1e9;

    @Option(names = "--connections", defaultValue = "5000", description = "connections")
    private int connections;

    @Option(names = "--in-flight", defaultValue = "256", description = "begun and not yet answered, at a time")
    private int inFlight;

    ConnectStorm() {
        super(5, 1);
    }

    @Override
    void run(final Report report) throws Exception {
        final List<Contestant> contestants = Contestants.of(plan, Contestants.RELAY_RAW, Contestants.FLOOR);
        try (PacedFeed feed = new PacedFeed(FeedShape.quotes(10, 2))) {
            for (int round = 0; round < plan.rounds(); round++) {
                progress("round %d of %d", round + 1, plan.rounds());
                for (int i = 0; i < contestants.size(); i++) {
                    storm(report, contestants.get((round + i) % contestants.size()), feed);
                }
            }
        }
        report.bar(figure(Contestants.RELAY_RAW), Bar.atMost(MOST_SECONDS));
        report.ratio(figure(Contestants.RELAY_RAW), figure(Contestants.FLOOR), null);
    }

    private void storm(final Report report, final Contestant contestant, final PacedFeed feed) throws Exception {
        try (ServerProcess server = contestant.start(feed, plan); Fleet fleet = new Fleet("storm")) {
            Clock.until(Clock.afterSeconds(WARM_UP_SECONDS));
            final Terms terms = server.terms(List.of(), "", new Tally());
            final long startNs = System.nanoTime();
            final List<FleetSession> all = fleet.open(server.port(), connections, inFlight, i -> terms);
            final long endNs = all.stream().mapToLong(session -> session.openNs).max().orElse(startNs);
            report.figure(figure(contestant.name()), "s", (endNs - startNs) / NS_PER_SECOND);
            report.truth("none is refused by " + contestant.name() + ": " + fleet.failures(), fleet.goneCount() == 0);
        }
    }

    private static String figure(final String contestant) {
        return "until all are answered, " + contestant;
    }
}
