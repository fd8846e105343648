package penstock.bench.load;

import java.io.IOException;
import java.util.Map;
import penstock.bench.load.client.LinkReaders;
import penstock.bench.load.feed.FeedShape;
import penstock.bench.load.feed.PacedFeed;
import penstock.bench.load.rig.FigureBar;
import penstock.bench.load.rig.LoadReport;
import penstock.bench.load.rig.RigClock;
import penstock.bench.load.server.RelayProcess;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What do relays behind a relay cost it, and how much later are their subscribers? Owned by the main thread. */
@Command(name = "links", mixinStandardHelpOptions = true, sortOptions = false, showDefaultValues = true,
    header = "Relays behind a relay: what a link costs, and how much later an edge's subscribers are.",
    description = {"",
        "Reported: the relay's processor time for each link and update of the feed (bar 0.12 µs), from windows with "
            + "and without links in turn; how often its ring was full (bar 0); and how much later the median update is "
            + "at a subscriber of an edge than at one of the relay itself (bar 1.5 ms), at --edge-rate. Links are read "
            + "and not decoded; the edge is a relay.",
            ""})
final class LinksScenario extends LoadScenario {
    private static final String COST = "µs of CPU for each link and update";
    private static final String FULL = "times the ring was full";
    private static final String PLACE = "behind a link";
    private static final double MAX_COST = 0.12;
    private static final double MAX_LATER_MS = 1.5;
    private static final double SETTLE_SECONDS = 2;
    private static final double WARM_UP_SECONDS = 10;

    @Option(names = "--rate", description = "updates per second over all symbols")
    private int rate = 50_000;

    @Option(names = "--symbols", description = "symbols of the feed")
    private int symbols = 1_000;

    @Option(names = "--links", description = "relays behind the relay")
    private int links = 16;

    @Option(names = "--edge-rate", description = "updates per second while an edge is compared; 0 = it is not")
    private int edgeRate = 20_000;

    LinksScenario() {
        super(3, 10);
    }

    @Override
    void run(final LoadReport report) throws Exception {
        plan.require(links >= 1 && symbols >= 1 && symbols <= PacedFeed.MAX_SYMBOLS,
            "--links is at least 1, --symbols at most " + PacedFeed.MAX_SYMBOLS);
        try (PacedFeed feed = new PacedFeed(FeedShape.quotes(rate, symbols));
            RelayProcess relay = new RelayProcess(plan, feed, "")) {
            warmUp(relay);
            for (int round = 1; round <= plan.rounds(); round++) {
                progress("round %d of %d: %d links, %,d updates a second", round, plan.rounds(), links, rate);
                cost(report, feed, relay);
            }
            report.figure(FULL, "", relay.metric("penstock_ring_full_total"));
            if (edgeRate > 0) {
                feed.pace(edgeRate);
                try (RelayProcess edge = EdgeDelay.linked(plan, relay)) {
                    new EdgeDelay(plan, relay, Map.of(PLACE, edge)).measure(report, feed);
                }
            }
        }
        report.bar(COST, FigureBar.atMost(MAX_COST));
        report.bar(FULL, FigureBar.atMost(0));
        if (edgeRate > 0) {
            report.bar(EdgeDelay.FIGURE + PLACE, FigureBar.atMost(MAX_LATER_MS));
        }
    }

    /** The compilers are done with what links need before the first window. */
    private void warmUp(final RelayProcess relay) throws IOException {
        final LinkReaders readers = LinkReaders.ofRelay(relay.port(), links);
        RigClock.until(RigClock.afterSeconds(WARM_UP_SECONDS));
        readers.close();
        RigClock.until(RigClock.afterSeconds(SETTLE_SECONDS));
    }

    /** A window without links, and one with them. */
    private void cost(final LoadReport report, final PacedFeed feed, final RelayProcess relay) throws IOException {
        final double without = relay.cores(plan.seconds());
        try (LinkReaders readers = LinkReaders.ofRelay(relay.port(), links)) {
            RigClock.until(RigClock.afterSeconds(SETTLE_SECONDS));
            final long before = readers.bytes();
            final double with = relay.cores(plan.seconds());
            report.figure(COST, "µs", (with - without) * 1e6 / links / rate);
            report.figure("bytes of a link for each update", "B",
                (double) (readers.bytes() - before) / plan.seconds() / links / rate);
            report.figure("cores with links", "", with);
            report.truth("each link is open to the end", readers.ended() == 0);
        }
        report.latency("the rig: feed late", feed.takeLateness());
    }
}
