package penstock.bench.load;

import java.util.ArrayList;
import java.util.List;
import penstock.bench.load.client.ClientOptions;
import penstock.bench.load.client.ClientSwarm;
import penstock.bench.load.client.NewestValueCheck;
import penstock.bench.load.client.SwarmSession;
import penstock.bench.load.client.UpdateStats;
import penstock.bench.load.feed.FeedShape;
import penstock.bench.load.feed.PacedFeed;
import penstock.bench.load.rig.LoadReport;
import penstock.bench.load.rig.RigClock;
import penstock.bench.load.server.RelayProcess;
import picocli.CommandLine.Option;

/**
 * Options of scenarios in which some sessions read badly, and one round of them. Owned by the main thread.
 */
abstract class MixedReadersScenario extends LoadScenario {
    static final double NS_PER_MS = 1e6;
    /** Of a frame of up to 64 KiB. */
    private static final int HEADER_BYTES = 4;
    private static final double WARM_UP_SECONDS = 5;
    private static final double SETTLE_SECONDS = 0.5;

    @Option(names = "--sessions", defaultValue = "500", description = "all sessions")
    private int sessions;

    @Option(names = "--affected", defaultValue = "25", description = "of them read badly")
    private int affected;

    @Option(names = "--symbols", defaultValue = "100", description = "symbols, that every session has")
    private int symbols;

    @Option(names = "--rate", defaultValue = "200", description = "updates per second over all symbols")
    private int rate;

    @Option(names = "--bytes", defaultValue = "500", description = "of an update")
    private int bytes;

    @Option(names = "--interval", defaultValue = "0", description = "of every session, in ms")
    private int interval;

    @Option(names = "--receive-buffer", defaultValue = "4096",
        description = "SO_RCVBUF of those that read badly, in bytes")
    private int receiveBytes;

    MixedReadersScenario(final int rounds, final int seconds) {
        super(rounds, seconds);
    }

    /** Bytes a second that the bad readers read; 0 = no limit. */
    abstract int bytesPerSecond(int comingPerSecond);

    /** One round, once all sessions are connected and warm. */
    abstract void round(LoadReport report, Parts parts);

    @Override
    final void run(final LoadReport report) throws Exception {
        plan.require(affected >= 1 && affected < sessions, "--affected is at least 1 and less than --sessions");
        for (int round = 1; round <= plan.rounds(); round++) {
            progress("round %d of %d", round, plan.rounds());
            try (PacedFeed feed = new PacedFeed(FeedShape.quotes(rate, symbols).withBytes(bytes));
                RelayProcess relay = new RelayProcess("relay-raw", RelayProcess.RAW, plan, feed, "");
                ClientSwarm swarm = new ClientSwarm("crowd")) {
                final UpdateStats healthy = new UpdateStats();
                final UpdateStats bad = new UpdateStats();
                final ClientOptions options = relay.options(List.of(), "interval=" + interval, healthy);
                final ClientOptions badOptions = options.counting(bad).withReceiveBytes(receiveBytes)
                    .reading(bytesPerSecond(rate * (bytes + HEADER_BYTES)));
                final List<SwarmSession> all =
                    new ArrayList<>(swarm.open(relay.port(), sessions - affected, i -> options));
                final List<SwarmSession> affectedOnes = swarm.open(relay.port(), affected, i -> badOptions);
                all.addAll(affectedOnes);
                RigClock.until(RigClock.afterSeconds(WARM_UP_SECONDS));
                round(report, new Parts(feed, relay, swarm, healthy, bad, affectedOnes));
                NewestValueCheck.check(report, feed, swarm, all);
                report.truth("nothing was lost in front of the ring", relay.metric("penstock_ring_dropped_total") == 0);
            }
        }
    }

    /**
     * What a round is played with.
     *
     * @param healthy  statistics of sessions that read everything
     * @param bad      of the others
     * @param affected the others
     */
    record Parts(PacedFeed feed, RelayProcess relay, ClientSwarm swarm, UpdateStats healthy, UpdateStats bad,
            List<SwarmSession> affected) {
        /** Records latencies of the updates that are due in the next seconds. */
        void measure(final String phase, final double seconds, final LoadReport report) {
            feed.takeLateness();
            final long toNs = RigClock.afterSeconds(seconds);
            swarm.openWindows(System.nanoTime(), toNs, healthy, bad);
            RigClock.until(toNs + (long) (SETTLE_SECONDS * 1e9));
            report.latency(phase + ": sessions that read", swarm.ask(healthy::latencies));
            report.latency(phase + ": the rig's feed late", feed.takeLateness());
            report.truth("nothing older follows something newer",
                swarm.ask(() -> healthy.disordered() + bad.disordered()) == 0);
        }

        /** A percentile of the last measurement, in ms, of the sessions that read everything. */
        double healthyMs(final double percentile) {
            return swarm.ask(() -> healthy.latencies().getValueAtPercentile(percentile)) / NS_PER_MS;
        }
    }
}
