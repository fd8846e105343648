package penstock.bench.load;

import java.io.IOException;
import java.util.List;
import org.HdrHistogram.Histogram;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * Does one session that has all trades and quotes at 250 ms get either later than a session that has only them? Beside
 * it the others take quotes at 100 ms. In each round trades alone, quotes alone and both, in turn another first. Owned
 * by the main thread.
 */
@Command(name = "trades-and-quotes", mixinStandardHelpOptions = true, sortOptions = false, showDefaultValues = true,
    description = "Does a session with all trades and quotes get either later than one that has only them?")
final class TradesAndQuotes extends Scenario {
    private static final int INTERVAL_MS = 250;
    private static final int OTHERS_INTERVAL_MS = 100;
    private static final double WARM_UP_SECONDS = 5;
    private static final double SETTLE_SECONDS = 0.5;
    private static final List<String> VARIANTS = List.of("trades alone", "quotes alone", "both");

    private final Window trades = new Window();
    private final Window quotes = new Window();
    private final Window others = new Window();
    private final Window direct = new Window();

    @Option(names = "--quotes", description = "quotes per second")
    private int quoteRate = 1_500;

    @Option(names = "--trades", description = "trades per second")
    private int tradeRate = 500;

    @Option(names = "--symbols", description = "symbols")
    private int symbols = 20;

    @Option(names = "--others", description = "healthy sessions besides")
    private int otherCount = 200;

    TradesAndQuotes() {
        super(5, 30);
    }

    @Override
    void run(final Report report) throws Exception {
        plan.require(symbols >= 1 && symbols <= PacedFeed.MOST_SYMBOLS, "--symbols is 1 to " + PacedFeed.MOST_SYMBOLS);
        try (PacedFeed feed = new PacedFeed(new FeedShape(quoteRate, tradeRate, symbols, 0, PacedFeed.COARSE_TICK_NS));
            RelayProcess relay = new RelayProcess(plan, feed, "");
            LoadClient crowd = new LoadClient("others");
            LoadClient client = new LoadClient("mixed")) {
            client.openDirect(feed.port(), direct);
            for (int i = 0; i < otherCount; i++) {
                crowd.open(relay.port(), 0, Stream.quotes(OTHERS_INTERVAL_MS, others));
            }
            Clock.await("sessions", 30, crowd::isReady);
            Clock.until(Clock.afterSeconds(WARM_UP_SECONDS));
            for (int round = 0; round < plan.rounds(); round++) {
                for (int i = 0; i < VARIANTS.size(); i++) {
                    measure(VARIANTS.get((round + i) % VARIANTS.size()), report, client, crowd, feed, relay);
                }
            }
            crowd.sessions()
                .forEach(session ->
                report.truth("the ledger of every other session is exact", session.streams[0].isExact()));
            report.truth("nobody failed: " + client.failures() + crowd.failures(),
                client.failures().isEmpty() && crowd.failures().isEmpty());
            report.truth("nothing was lost in front of the ring", relay.metric("penstock_ring_dropped_total") == 0);
        }
        report.compare("both: trades", "trades alone: trades");
        report.compare("both: quotes", "quotes alone: quotes");
    }

    private void measure(final String variant, final Report report, final LoadClient client, final LoadClient crowd,
                         final PacedFeed feed, final RelayProcess relay) throws IOException {
        final boolean hasTrades = !variant.startsWith("quotes");
        final boolean hasQuotes = !variant.startsWith("trades");
        final Stream tradeStream = Stream.trades(trades);
        final Stream quoteStream = Stream.quotes(INTERVAL_MS, quotes);
        final LoadSession session = client.open(relay.port(), 0, !hasQuotes ? new Stream[] {tradeStream}
            : hasTrades ? new Stream[] {tradeStream, quoteStream} : new Stream[] {quoteStream});
        Clock.await("the mixed session", 10, client::isReady);
        final long fromNs = Clock.afterSeconds(SETTLE_SECONDS);
        final long toNs = Clock.afterSeconds(SETTLE_SECONDS + plan.seconds());
        open(client, fromNs, toNs, trades, quotes, direct);
        open(crowd, fromNs, toNs, others);
        feed.takeLateness();
        Clock.until(toNs + (long) (SETTLE_SECONDS * 1e9));
        if (hasTrades) {
            report.latency(variant + ": trades", latencies(client, trades));
            report.truth("trades are complete: no gap, none folded", tradeStream.gaps == 0
                && tradeStream.conflated == 0);
            report.truth("trades come in order, none twice", tradeStream.isExact() && tradeStream.updates > 0);
        }
        if (hasQuotes) {
            report.latency(variant + ": quotes", latencies(client, quotes));
            report.truth("the ledger of quotes is exact", quoteStream.isExact() && quoteStream.updates > 0);
            report.truth("quotes are folded", quoteStream.conflated > 0);
        }
        report.latency(variant + ": others", latencies(crowd, others));
        report.latency("the rig: feed late", feed.takeLateness());
        report.latency("the rig: feed to client, no relay", latencies(client, direct));
        client.drop(session);
    }

    private static void open(final LoadClient client, final long fromNs, final long toNs, final Window... windows) {
        client.ask(() -> {
            for (final Window window : windows) {
                window.open(fromNs, toNs);
            }
            return null;
        });
    }

    private static Histogram latencies(final LoadClient client, final Window window) {
        return client.ask(window::latencies);
    }
}
