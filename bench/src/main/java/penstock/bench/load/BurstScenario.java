package penstock.bench.load;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import penstock.bench.load.client.ClientOptions;
import penstock.bench.load.client.ClientSwarm;
import penstock.bench.load.client.SwarmSession;
import penstock.bench.load.client.TickerScan;
import penstock.bench.load.client.UpdateStats;
import penstock.bench.load.feed.BurstRecording;
import penstock.bench.load.rig.FigureBar;
import penstock.bench.load.rig.LoadReport;
import penstock.bench.load.rig.RigClock;
import penstock.bench.load.server.RelayProcess;
import penstock.bench.load.server.ServerInspection;
import penstock.replay.ReplayServer;
import penstock.replay.ReplaySpeed;
import penstock.replay.VenueFileScript;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** A recorded burst, as fast as the relay takes it, to thousands of sessions. Owned by the main thread. */
@Command(name = "burst", mixinStandardHelpOptions = true, sortOptions = false, showDefaultValues = true,
    header = "A recording of Binance at full speed to thousands of sessions that all have all symbols.",
    description = {"",
        "Of the recording the bookTicker messages are played. All sessions must have the last update of every symbol "
            + "at the end. Reported: the age at send beyond the interval, p99, by the relay's own metric "
            + "penstock_queueing (bar 20 ms): the recording carries no due time, and at full speed it would mean "
            + "nothing; and the seconds until all sessions are up to date.", ""})
final class BurstScenario extends LoadScenario {
    private static final double OLDEST_MS = 20;
    private static final double MAX_SECONDS = 60;

    private static final double NS_PER_SECOND = 1e9;
    private static final String AGE = "age at send beyond the interval, p99";

    @Option(names = "--recording", paramLabel = "FILE", description = "NAME.jsonl or NAME.jsonl.gz; else the newest of"
        + " Binance in the folder of"
        + " system property penstock.feeds, or ../shared/feeds")
    private Path recording;

    @Option(names = "--venue", defaultValue = "binance", description = "venue of the recording")
    private String venue;

    @Option(names = "--sessions", defaultValue = "10000", description = "sessions")
    private int sessions;

    @Option(names = "--symbols", defaultValue = "100", description = "symbols that every session has; at most 200")
    private int symbols;

    @Option(names = "--names", defaultValue = "0",
        description = "symbols that the recording is played under, the recorded ones again"
        + " and again; 0 = as many as it has; the others are silent")
    private int names;

    @Option(names = "--repeat", defaultValue = "1", description = "how often it is played, one behind the other")
    private int repeat;

    @Option(names = "--interval", defaultValue = "100", description = "of every session, in ms")
    private int interval;

    BurstScenario() {
        super(1, 1);
    }

    @Override
    void run(final LoadReport report) throws Exception {
        plan.require(symbols >= 1 && symbols <= 200, "--symbols is 1 to 200");
        plan.require(names >= 0 && names <= symbols, "--names is 0 to --symbols");
        plan.require(repeat >= 1, "--repeat is at least 1");
        final Optional<Path> source = recording == null ? BurstRecording.find(plan.home()) : Optional.of(recording);
        if (source.isEmpty()) {
            report.fact("skipped", "no recording of Binance is there; name one with --recording");
            return;
        }
        final BurstRecording burst =
            BurstRecording.write(source.get(), plan.folder().resolve("burst.jsonl"), names, repeat);
        report.fact("recording", source.get().getFileName() + ", " + burst.messages() + " messages of " + burst.names()
            + " symbols");
        for (int round = 1; round <= plan.rounds(); round++) {
            progress("round %d of %d", round, plan.rounds());
            round(report, burst);
        }
        report.bar(AGE, FigureBar.atMost(OLDEST_MS));
    }

    private void round(final LoadReport report, final BurstRecording burst) throws Exception {
        final List<String> all = IntStream.range(0, symbols).mapToObj(BurstRecording::symbol).toList();
        final ReplayServer.Options options =
            new ReplayServer.Options(burst.file(), VenueFileScript.load(venue), 0, ReplaySpeed.MAX, false);
        try (ReplayServer replay = ReplayServer.start(options);
            ClientSwarm swarm = new ClientSwarm("burst", new TickerScan())) {
            final String url = replay.url("/stream");
            replay.server().stop(); // the sessions are to be there when it begins
            try (RelayProcess relay =
            new RelayProcess(plan, url, venue, "feed.symbols = [" + String.join(", ", all) + "]")) {
                final UpdateStats stats = new UpdateStats();
                final ClientOptions clientOptions =
                    ClientOptions.of("/v1/raw?symbols=" + BurstRecording.PREFIX + "*&interval=" + interval, null,
                    stats);
                final List<SwarmSession> clients = swarm.open(relay.port(), sessions, i -> clientOptions);
                swarm.openWindows(System.nanoTime(), Long.MAX_VALUE, stats);
                replay.server().restart();
                RigClock.await("the relay's subscription at the replay", MAX_SECONDS, () -> replay.sentCount() > 0);
                final long startNs = System.nanoTime();
                RigClock.await("the end of the replay", MAX_SECONDS, replay::isFinished);
                report.figure("messages of the replay", "1/s",
                    replay.sentCount() * NS_PER_SECOND / (System.nanoTime() - startNs));
                report.truth("all hold the last update of every symbol within " + MAX_SECONDS + " s",
                    RigClock.within(MAX_SECONDS,
                    () -> swarm.ask(() -> clients.stream().allMatch(session -> holds(burst, session)))));
                report.figure("from the first message until all are up to date", "s",
                    (System.nanoTime() - startNs) / NS_PER_SECOND);
                report.figure(AGE, "ms", ServerInspection.latencyMs(relay, "penstock_queueing_seconds", 0.99));
                report.figure("updates delivered", "", swarm.ask(stats::updates));
                report.figure("times the ring was full", "", relay.metric("penstock_ring_full_total"));
                report.truth("no session was cut: " + swarm.failures(), swarm.goneCount() == 0);
                report.truth("nothing older follows something newer", swarm.ask(stats::disordered) == 0);
            }
        }
    }

    private boolean holds(final BurstRecording burst, final SwarmSession session) {
        for (int i = 0; i < burst.names(); i++) {
            if (session.newest(i) != (int) burst.newest(i)) {
                return false;
            }
        }
        return true;
    }
}
