package penstock.bench.load;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import penstock.bench.load.client.ClientSwarm;
import penstock.bench.load.client.NewestValueCheck;
import penstock.bench.load.client.SwarmSession;
import penstock.bench.load.client.UpdateStats;
import penstock.bench.load.feed.FeedShape;
import penstock.bench.load.feed.PacedFeed;
import penstock.bench.load.rig.FigureBar;
import penstock.bench.load.rig.LoadReport;
import penstock.bench.load.rig.RigClock;
import penstock.bench.load.server.RelayProcess;
import penstock.bench.load.server.ServerInspection;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Does the relay take a fast feed without conflating in front of its ring? Owned by the main thread. */
@Command(name = "upstream", mixinStandardHelpOptions = true, sortOptions = false, showDefaultValues = true,
    header = "A feed of many updates a second, to sessions with an interval.",
    description = {"",
        "Reported: how often the relay found its ring full (bar 0), the share of a core that its feed thread takes "
            + "(bar 60 %), what really came a second, and how late the rig itself was. True must be that all hold the "
            + "newest once the feed rests.",
            ""})
final class UpstreamRateScenario extends LoadScenario {
    private static final String FULL = "times the ring was full";
    private static final String SHARE = "share of a core that the feed thread takes";
    private static final String FEED_THREAD = "feed I/O";
    private static final double MAX_SHARE = 60;
    private static final double WARM_UP_SECONDS = 5;
    private static final long TICK_NS = TimeUnit.MILLISECONDS.toNanos(2);

    @Option(names = "--rate", defaultValue = "100000", description = "updates per second over all symbols")
    private int rate;

    @Option(names = "--symbols", defaultValue = "1000", description = "symbols of the feed")
    private int symbols;

    @Option(names = "--sessions", defaultValue = "1000", description = "sessions")
    private int sessions;

    @Option(names = "--watched", defaultValue = "20", description = "symbols of each session")
    private int watched;

    @Option(names = "--interval", defaultValue = "250", description = "of every session, in ms")
    private int interval;

    UpstreamRateScenario() {
        super(1, 20);
    }

    @Override
    void run(final LoadReport report) throws Exception {
        plan.require(watched >= 1 && watched <= symbols && symbols <= PacedFeed.MAX_SYMBOLS,
            "--watched is at most --symbols, and that "
            + PacedFeed.MAX_SYMBOLS);
        for (int round = 1; round <= plan.rounds(); round++) {
            progress("round %d of %d", round, plan.rounds());
            try (PacedFeed feed = new PacedFeed(new FeedShape(rate, 0, symbols, 0, TICK_NS));
                RelayProcess relay = new RelayProcess("relay-raw", RelayProcess.RAW, plan, feed, "");
                ClientSwarm swarm = new ClientSwarm("watchers")) {
                final UpdateStats stats = new UpdateStats();
                final List<SwarmSession> all = swarm.open(relay.port(), sessions,
                    i -> relay.options(watchList(i), "interval=" + interval, stats));
                RigClock.until(RigClock.afterSeconds(WARM_UP_SECONDS));
                measure(report, feed, relay);
                NewestValueCheck.check(report, feed, swarm, all,
                    i -> IntStream.range(0, watched).map(place -> symbol(i, place)).toArray());
            }
        }
        report.bar(FULL, FigureBar.atMost(0));
        report.bar(SHARE, FigureBar.atMost(MAX_SHARE));
    }

    private void measure(final LoadReport report, final PacedFeed feed, final RelayProcess relay) throws IOException {
        feed.takeLateness();
        final long full = relay.metric("penstock_ring_full_total");
        final long conflated = relay.metric("penstock_ring_conflated_total");
        final long frames = relay.metric("penstock_feed_frames_total");
        final long feedCpuNs = ServerInspection.threadCpuNs(relay, FEED_THREAD);
        final long cpuMicros = relay.cpuMicros();
        final long fromNs = System.nanoTime();
        RigClock.until(RigClock.afterSeconds(plan.seconds()));
        final double elapsedNs = System.nanoTime() - fromNs;
        report.figure(SHARE, "%", 100 * (ServerInspection.threadCpuNs(relay, FEED_THREAD) - feedCpuNs) / elapsedNs);
        report.figure("cores that the relay used in all", "",
            TimeUnit.MICROSECONDS.toNanos(relay.cpuMicros() - cpuMicros) / elapsedNs);
        report.figure("updates that came", "1/s",
            (relay.metric("penstock_feed_frames_total") - frames) * 1e9 / elapsedNs);
        report.figure(FULL, "", relay.metric("penstock_ring_full_total") - full);
        report.figure("updates conflated in front of the ring", "",
            relay.metric("penstock_ring_conflated_total") - conflated);
        report.latency("the rig's feed late", feed.takeLateness());
    }

    private List<String> watchList(final int session) {
        final List<String> names = new ArrayList<>();
        for (int place = 0; place < watched; place++) {
            names.add(PacedFeed.symbol(symbol(session, place)));
        }
        return names;
    }

    /** Each session has its own symbols, and every symbol has as many sessions. */
    private int symbol(final int session, final int place) {
        return (session * watched + place) % symbols;
    }
}
