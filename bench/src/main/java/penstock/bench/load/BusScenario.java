package penstock.bench.load;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;
import penstock.bench.load.client.LinkReaders;
import penstock.bench.load.feed.FeedShape;
import penstock.bench.load.feed.PacedFeed;
import penstock.bench.load.rig.FigureBar;
import penstock.bench.load.rig.LoadReport;
import penstock.bench.load.rig.RigClock;
import penstock.bench.load.server.NatsProcess;
import penstock.bench.load.server.RelayProcess;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * What does a feed on NATS cost the relay and the server, and how much later are subscribers behind it than behind a
 * link? Owned by the main thread.
 */
@Command(name = "bus", mixinStandardHelpOptions = true, sortOptions = false, showDefaultValues = true,
    header = "A feed on NATS: what it costs relay and server, and how much later than a link it is.",
    description = {"",
        "Reported: the processor time of the relay for each update that it publishes, against a relay beside it that "
            + "does not; the time of the NATS server for each reader and update; and how much later the median update "
            + "is at a subscriber of an edge on the bus, and of one behind a link, than at one of the relay itself, at "
            + "--edge-rate. Readers read and do not decode; the edges are relays. Needs nats-server 2.9 or later.",
            ""})
final class BusScenario extends LoadScenario {
    private static final String FULL = "times the ring was full";
    private static final double SETTLE_SECONDS = 2;
    private static final double WARM_UP_SECONDS = 10;
    private static final String SUBJECT = "penstock.load";

    @Option(names = "--rate", description = "updates per second over all symbols")
    private int rate = 50_000;

    @Option(names = "--symbols", description = "symbols of the feed")
    private int symbols = 1_000;

    @Option(names = "--readers", description = "clients of the NATS server that read everything")
    private int readers = 16;

    @Option(names = "--edge-rate", description = "updates per second while edges are compared; 0 = they are not")
    private int edgeRate = 20_000;

    BusScenario() {
        super(3, 10);
    }

    @Override
    void run(final LoadReport report) throws Exception {
        plan.require(readers >= 1 && symbols >= 1 && symbols <= PacedFeed.MAX_SYMBOLS,
            "--readers is at least 1, --symbols at most " + PacedFeed.MAX_SYMBOLS);
        try (PacedFeed feed = new PacedFeed(FeedShape.quotes(rate, symbols)); NatsProcess nats = new NatsProcess(plan);
            RelayProcess published = new RelayProcess(plan, feed,
                "bus.nats { url = \"" + nats.url() + "\", subject = \"penstock.{feed}\" }")) {
            try (RelayProcess plain = new RelayProcess(plan, feed, "")) {
                final LinkReaders clients = LinkReaders.ofNats(nats.port(), readers, SUBJECT + ".*");
                RigClock.until(RigClock.afterSeconds(WARM_UP_SECONDS));
                clients.close();
                for (int round = 1; round <= plan.rounds(); round++) {
                    progress("round %d of %d: %d readers, %,d updates a second", round, plan.rounds(), readers, rate);
                    cost(report, plain, published, nats);
                    report.latency("the rig: feed late", feed.takeLateness());
                }
            }
            report.figure(FULL, "", published.metric("penstock_ring_full_total"));
            report.figure("writes that were conflated in front of the bus", "",
                published.metric("penstock_bus_held_total"));
            if (edgeRate > 0) {
                feed.pace(edgeRate);
                later(report, feed, published, nats);
            }
        }
        report.bar(FULL, FigureBar.atMost(0));
    }

    private void cost(final LoadReport report, final RelayProcess plain, final RelayProcess published,
            final NatsProcess nats) throws IOException {
        try (LinkReaders clients = LinkReaders.ofNats(nats.port(), readers, SUBJECT + ".*")) {
            RigClock.until(RigClock.afterSeconds(SETTLE_SECONDS));
            final long bytes = clients.bytes();
            final long ofPlain = plain.cpuMicros();
            final long ofPublished = published.cpuMicros();
            final double ofServer = nats.cores(plan.seconds());
            final double updates = (double) plan.seconds() * rate;
            report.figure("µs of CPU of the relay for each update on the bus", "µs",
                (published.cpuMicros() - ofPublished - (plain.cpuMicros() - ofPlain)) / updates);
            report.figure("µs of CPU of the NATS server for each reader and update", "µs",
                ofServer * 1e6 / readers / rate);
            report.figure("bytes of a reader for each update", "B", (clients.bytes() - bytes) / updates / readers);
            report.truth("each reader is connected to the end", clients.ended() == 0);
        }
    }

    private void later(final LoadReport report, final PacedFeed feed, final RelayProcess relay, final NatsProcess nats)
            throws Exception {
        final Map<String, RelayProcess> edges = new LinkedHashMap<>();
        try (RelayProcess linked = EdgeDelay.linked(plan, relay);
            RelayProcess onBus = new RelayProcess(plan, nats.url(), "penstock", "feed.bus.subject = " + SUBJECT)) {
            edges.put("behind a link", linked);
            edges.put("behind the bus", onBus);
            new EdgeDelay(plan, relay, edges).measure(report, feed);
        }
    }
}
