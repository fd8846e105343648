package penstock.bench.load;

import java.io.IOException;
import java.util.List;
import org.HdrHistogram.Histogram;
import penstock.bench.load.client.LatencyWindow;
import penstock.bench.load.client.LoadClient;
import penstock.bench.load.client.LoadSession;
import penstock.bench.load.client.SubscriptionStats;
import penstock.bench.load.feed.FeedShape;
import penstock.bench.load.feed.PacedFeed;
import penstock.bench.load.rig.LoadReport;
import penstock.bench.load.rig.RigClock;
import penstock.bench.load.server.RelayProcess;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Does one session that has all trades and quotes at 250 ms get either later than a session that has only them? Beside
 * it the others take quotes at 100 ms. In each round trades alone, quotes alone and both, in turn another first. Owned
 * by the main thread.
 */
@Command(name = "trades-and-quotes", mixinStandardHelpOptions = true, sortOptions = false, showDefaultValues = true,
    description = "Does a session with all trades and quotes get either later than one that has only them?")
final class TradesAndQuotesScenario extends LoadScenario {
    private static final int INTERVAL_MS = 250;
    private static final int OTHERS_INTERVAL_MS = 100;
    private static final double WARM_UP_SECONDS = 5;
    private static final double SETTLE_SECONDS = 0.5;
    private static final List<String> VARIANTS = List.of("trades alone", "quotes alone", "both");

    private final LatencyWindow trades = new LatencyWindow();
    private final LatencyWindow quotes = new LatencyWindow();
    private final LatencyWindow others = new LatencyWindow();
    private final LatencyWindow direct = new LatencyWindow();

    @Option(names = "--quotes", description = "quotes per second")
    private int quoteRate = 1_500;

    @Option(names = "--trades", description = "trades per second")
    private int tradeRate = 500;

    @Option(names = "--symbols", description = "symbols")
    private int symbols = 20;

    @Option(names = "--others", description = "healthy sessions beside them")
    private int otherCount = 200;

    TradesAndQuotesScenario() {
        super(5, 30);
    }

    @Override
    void run(final LoadReport report) throws Exception {
        plan.require(symbols >= 1 && symbols <= PacedFeed.MAX_SYMBOLS, "--symbols is 1 to " + PacedFeed.MAX_SYMBOLS);
        try (PacedFeed feed = new PacedFeed(new FeedShape(quoteRate, tradeRate, symbols, 0, PacedFeed.COARSE_TICK_NS));
            RelayProcess relay = new RelayProcess(plan, feed, "");
            LoadClient clients = new LoadClient("others");
            LoadClient client = new LoadClient("mixed")) {
            client.openDirect(feed.port(), direct);
            for (int i = 0; i < otherCount; i++) {
                clients.open(relay.port(), 0, SubscriptionStats.quotes(OTHERS_INTERVAL_MS, others));
            }
            RigClock.await("sessions", 30, clients::isReady);
            RigClock.until(RigClock.afterSeconds(WARM_UP_SECONDS));
            for (int round = 0; round < plan.rounds(); round++) {
                for (int i = 0; i < VARIANTS.size(); i++) {
                    measure(VARIANTS.get((round + i) % VARIANTS.size()), report, client, clients, feed, relay);
                }
            }
            clients.sessions()
                .forEach(session ->
                report.truth("the ledger of every other session is exact", session.streams[0].isExact()));
            report.truth("no session failed: " + client.failures() + clients.failures(),
                client.failures().isEmpty() && clients.failures().isEmpty());
            report.truth("nothing was lost in front of the ring", relay.metric("penstock_ring_dropped_total") == 0);
        }
        report.compare("both: trades", "trades alone: trades");
        report.compare("both: quotes", "quotes alone: quotes");
    }

    private void measure(final String variant, final LoadReport report, final LoadClient client,
            final LoadClient clients,
                         final PacedFeed feed, final RelayProcess relay) throws IOException {
        final boolean hasTrades = !variant.startsWith("quotes");
        final boolean hasQuotes = !variant.startsWith("trades");
        final SubscriptionStats tradeStream = SubscriptionStats.trades(trades);
        final SubscriptionStats quoteStream = SubscriptionStats.quotes(INTERVAL_MS, quotes);
        final LoadSession session = client.open(relay.port(), 0, !hasQuotes ? new SubscriptionStats[] {tradeStream}
            : hasTrades ? new SubscriptionStats[] {tradeStream, quoteStream} : new SubscriptionStats[] {quoteStream});
        RigClock.await("the mixed session", 10, client::isReady);
        final long fromNs = RigClock.afterSeconds(SETTLE_SECONDS);
        final long toNs = RigClock.afterSeconds(SETTLE_SECONDS + plan.seconds());
        open(client, fromNs, toNs, trades, quotes, direct);
        open(clients, fromNs, toNs, others);
        feed.takeLateness();
        RigClock.until(toNs + (long) (SETTLE_SECONDS * 1e9));
        if (hasTrades) {
            report.latency(variant + ": trades", latencies(client, trades));
            report.truth("trades are complete: no gap, none conflated", tradeStream.gaps == 0
                && tradeStream.conflated == 0);
            report.truth("trades come in order, none twice", tradeStream.isExact() && tradeStream.updates > 0);
        }
        if (hasQuotes) {
            report.latency(variant + ": quotes", latencies(client, quotes));
            report.truth("the ledger of quotes is exact", quoteStream.isExact() && quoteStream.updates > 0);
            report.truth("quotes are conflated", quoteStream.conflated > 0);
        }
        report.latency(variant + ": others", latencies(clients, others));
        report.latency("the rig: feed late", feed.takeLateness());
        report.latency("the rig: feed to client, no relay", latencies(client, direct));
        client.drop(session);
    }

    private static void open(final LoadClient client, final long fromNs, final long toNs,
            final LatencyWindow... windows) {
        client.ask(() -> {
            for (final LatencyWindow window : windows) {
                window.open(fromNs, toNs);
            }
            return null;
        });
    }

    private static Histogram latencies(final LoadClient client, final LatencyWindow window) {
        return client.ask(window::latencies);
    }
}
