package penstock.bench.load;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import penstock.bench.load.client.LatencyWindow;
import penstock.bench.load.client.LoadClient;
import penstock.bench.load.client.SubscriptionStats;
import penstock.bench.load.feed.FeedShape;
import penstock.bench.load.feed.PacedFeed;
import penstock.bench.load.rig.LoadReport;
import penstock.bench.load.rig.RigClock;
import penstock.bench.load.server.RelayProcess;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * What do hundreds of clients of mode all that stop to read cost the relay, and the others? In each round the others
 * are alone first; then they come, read, stall, and read again; each must get exactly one gap for what it missed. The
 * others have quotes at 100 ms or all trades, half of each. What the stall costs shows against them alone: clients that
 * read are work, and that they rest would hide it. Owned by the main thread.
 */
@Command(name = "stalled-all", mixinStandardHelpOptions = true, sortOptions = false, showDefaultValues = true,
    description = "What do hundreds of clients of mode all that stop to read cost the relay, and the others?")
final class StalledAllScenario extends LoadScenario {
    private static final int QUOTES_INTERVAL_MS = 100;
    private static final double WARM_UP_SECONDS = 5;
    private static final double SETTLE_SECONDS = 0.5;
    private static final double RECOVERY_SECONDS = 20;
    /**
     * A small receive buffer: otherwise the kernel holds megabytes for each client that does not read, and nothing
     * shows.
     */
    private static final int RECEIVE_BYTES = 4096;
    /** Approximate size of a trade's entry in the journal. */
    private static final int ENTRY_BYTES = 240;
    /**
     * The journal holds at least this part of the stall, which gives clients that come back together time to read
     * before they are overtaken again.
     */
    private static final double LAPS = 6;
    private static final double BYTES_PER_MB = 1e6;
    private static final List<String> PHASES =
        List.of("0 without them", "1 they read", "2 they stall", "3 they come back",
        "4 they read again");

    private final LatencyWindow healthyQuotes = new LatencyWindow();
    private final LatencyWindow healthyTrades = new LatencyWindow();
    private final LatencyWindow direct = new LatencyWindow();
    private final List<String> memory = new ArrayList<>();
    private long gaps;
    private long missed;

    @Option(names = "--quotes", description = "quotes per second")
    private int quoteRate = 1_500;

    @Option(names = "--trades", description = "trades per second; hundreds take each of them")
    private int tradeRate = 100;

    @Option(names = "--symbols", description = "symbols")
    private int symbols = 20;

    @Option(names = "--others", description = "healthy sessions beside them")
    private int otherCount = 200;

    @Option(names = "--stalled", description = "sessions that stop to read")
    private int stalledCount = 500;

    StalledAllScenario() {
        super(5, 30);
    }

    @Override
    void run(final LoadReport report) throws Exception {
        plan.require(symbols >= 1 && symbols <= PacedFeed.MAX_SYMBOLS, "--symbols is 1 to " + PacedFeed.MAX_SYMBOLS);
        final long lapBytes = (long) (tradeRate * plan.seconds() / LAPS * ENTRY_BYTES);
        final long journalBytes = Math.max(64 * 1024, Long.highestOneBit(lapBytes) * 2);
        report.fact("fanout.journal", journalBytes);
        try (PacedFeed feed = new PacedFeed(new FeedShape(quoteRate, tradeRate, symbols, 0, PacedFeed.COARSE_TICK_NS));
            RelayProcess relay = new RelayProcess(plan, feed, "server { send-buffer = 8k, io-threads = 1 }\n"
                + "fanout.journal = " + journalBytes);
            LoadClient healthy = new LoadClient("healthy");
            LoadClient stalling = new LoadClient("stalling")) {
            healthy.openDirect(feed.port(), direct);
            for (int i = 0; i < otherCount; i++) {
                healthy.open(relay.port(), 0, i % 2 == 0 ? SubscriptionStats.quotes(QUOTES_INTERVAL_MS, healthyQuotes)
                    : SubscriptionStats.trades(healthyTrades));
            }
            RigClock.await("sessions", 30, healthy::isReady);
            for (int round = 0; round <= plan.rounds(); round++) {
                if (round > 0) {
                    memory("alone", relay);
                    phase(PHASES.get(0), plan.seconds(), report, healthy, feed, relay);
                }
                for (int i = 0; i < stalledCount; i++) {
                    stalling.open(relay.port(), RECEIVE_BYTES, SubscriptionStats.trades(null));
                }
                RigClock.await("sessions that will stall", 30, stalling::isReady);
                RigClock.until(RigClock.afterSeconds(WARM_UP_SECONDS));
                if (round > 0) {
                    round(report, healthy, stalling, feed, relay);
                    report.fact("round " + round + ", MB resident / live heap and direct buffers",
                        String.join(", ", memory));
                    memory.clear();
                }
                List.copyOf(stalling.sessions()).forEach(stalling::drop);
            }
            check(report, healthy, stalling, relay);
        }
        for (final String stream : List.of("quotes", "trades")) {
            report.compare(PHASES.get(2) + ": " + stream, PHASES.get(0) + ": " + stream);
            report.compare(PHASES.get(3) + ": " + stream, PHASES.get(1) + ": " + stream);
            report.compare(PHASES.get(4) + ": " + stream, PHASES.get(1) + ": " + stream);
        }
    }

    private void round(final LoadReport report, final LoadClient healthy, final LoadClient stalling,
                       final PacedFeed feed, final RelayProcess relay) throws IOException, InterruptedException {
        memory("reading", relay);
        phase(PHASES.get(1), plan.seconds(), report, healthy, feed, relay);
        stalling.pause(stalling.sessions(), true);
        // a third of the stall for the kernel's buffers to fill, before memory is looked at for the first time
        RigClock.until(RigClock.afterSeconds(plan.seconds() / 3.0));
        memory("stalled", relay);
        phase(PHASES.get(2), plan.seconds() * 2 / 3.0, report, healthy, feed, relay);
        memory("still stalled", relay);
        final long[] before =
            stalling.ask(() -> stalling.sessions().stream().mapToLong(session -> session.streams[0].updates).toArray());
        stalling.pause(stalling.sessions(), false);
        phase(PHASES.get(3), Math.min(2, plan.seconds()), report, healthy, feed, relay);
        report.truth("all that stalled are up to date again within " + RECOVERY_SECONDS + " s",
            RigClock.within(RECOVERY_SECONDS, () ->
            stalling.ask(() -> stalling.sessions().stream().allMatch(session -> session.streams[0].gaps > 0))));
        RigClock.until(RigClock.afterSeconds(SETTLE_SECONDS));
        phase(PHASES.get(4), plan.seconds(), report, healthy, feed, relay);
        memory("reading again", relay);
        gaps += stalling.ask(() -> stalling.sessions().stream().mapToLong(session -> session.streams[0].gaps).sum());
        missed += stalling.ask(() -> stalling.sessions().stream().mapToLong(session -> session.streams[0].missed)
            .sum());
        stalling.ask(() -> {
            for (int i = 0; i < before.length; i++) {
                final SubscriptionStats stream = stalling.sessions().get(i).streams[0];
                report.truth("each stall is reported in exactly one gap", stream.gaps == 1);
                report.truth("the ledger of each that stalled is exact", stream.isExact());
                report.truth("each that stalled gets trades again", stream.updates > before[i]);
            }
            return null;
        });
    }

    private void phase(final String phase, final double seconds, final LoadReport report, final LoadClient healthy,
            final PacedFeed feed,
                       final RelayProcess relay) {
        final long fromNs = System.nanoTime();
        final long toNs = RigClock.afterSeconds(seconds);
        healthy.ask(() -> {
            healthyQuotes.open(fromNs, toNs);
            healthyTrades.open(fromNs, toNs);
            direct.open(fromNs, toNs);
            return null;
        });
        feed.takeLateness();
        final long cpu = relay.cpuMicros();
        RigClock.until(toNs);
        report.fact("relay's cores in use, last of: " + phase,
            String.format("%.2f", (relay.cpuMicros() - cpu) / 1e6 / seconds));
        RigClock.until(toNs + (long) (SETTLE_SECONDS * 1e9));
        report.latency(phase + ": quotes", healthy.ask(healthyQuotes::latencies));
        report.latency(phase + ": trades", healthy.ask(healthyTrades::latencies));
        report.latency("the rig: feed late", feed.takeLateness());
        report.latency("the rig: feed to client, no relay", healthy.ask(direct::latencies));
    }

    private void memory(final String when, final RelayProcess relay) throws IOException, InterruptedException {
        final long live = relay.liveBytes();
        memory.add(String.format("%s %.1f / %.1f", when, relay.residentBytes() / BYTES_PER_MB, live / BYTES_PER_MB));
        RigClock.until(RigClock.afterSeconds(SETTLE_SECONDS)); // the collection is over and caught up with
    }

    private void check(final LoadReport report, final LoadClient healthy, final LoadClient stalling,
                       final RelayProcess relay) {
        report.fact("gaps", gaps);
        report.fact("trades missed by each that stalled, per stall", missed / Math.max(1, gaps));
        report.truth("the relay counts the same gaps",
            relay.metric("penstock_gaps_sent_total") == (long) plan.rounds() * stalledCount);
        report.truth("nothing was lost in front of the ring", relay.metric("penstock_ring_dropped_total") == 0);
        healthy.sessions().stream().filter(session -> session.streams.length > 0).forEach(session -> {
            report.truth("the ledger of every healthy session is exact", session.streams[0].isExact());
            report.truth("no healthy session has a gap", session.streams[0].gaps == 0);
        });
        report.truth("no session failed: " + healthy.failures() + stalling.failures(),
            healthy.failures().isEmpty() && stalling.failures().isEmpty());
    }
}
