package penstock.bench.load;

import java.util.List;
import penstock.bench.load.client.ClientOptions;
import penstock.bench.load.client.ClientSwarm;
import penstock.bench.load.client.SwarmSession;
import penstock.bench.load.client.UpdateStats;
import penstock.bench.load.feed.FeedShape;
import penstock.bench.load.feed.PacedFeed;
import penstock.bench.load.rig.FigureBar;
import penstock.bench.load.rig.LoadReport;
import penstock.bench.load.rig.RigClock;
import penstock.bench.load.server.RelayProcess;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** What a session costs to which nothing is sent. Owned by the main thread. */
@Command(name = "idle", mixinStandardHelpOptions = true, sortOptions = false, showDefaultValues = true,
    header = "The memory of sessions whose symbol does not move.",
    description = {"",
        "Reported: resident memory of the relay with all of them (bar 100 MiB), as the system gives it, without asking "
            + "it to collect; its growth since before they came, for each of them (bar 5 KiB); and beside both what is "
            + "alive on heap and in direct buffers after a collection that follows the figures. --seconds is the time "
            + "between the last connect and the figures.", ""})
final class IdleScenario extends LoadScenario {
    private static final String TOTAL = "resident memory with all sessions";
    private static final String EACH = "resident memory for each session";
    private static final double MAX_MIB = 100;
    private static final double MAX_KIB_EACH = 5;
    private static final double BYTES_PER_MIB = 1 << 20;
    private static final double BYTES_PER_KIB = 1 << 10;
    private static final double WARM_UP_SECONDS = 3;

    @Option(names = "--sessions", defaultValue = "10000", description = "idle sessions")
    private int sessions;

    IdleScenario() {
        super(1, 5);
    }

    @Override
    void run(final LoadReport report) throws Exception {
        for (int round = 1; round <= plan.rounds(); round++) {
            progress("round %d of %d", round, plan.rounds());
            try (PacedFeed feed = new PacedFeed(FeedShape.quotes(100, 2));
                RelayProcess relay = new RelayProcess("relay-raw", RelayProcess.RAW, plan, feed, "");
                ClientSwarm swarm = new ClientSwarm("idle")) {
                feed.rest(true);
                RigClock.until(RigClock.afterSeconds(WARM_UP_SECONDS));
                final long beforeBytes = relay.residentBytes();
                final ClientOptions options = relay.options(List.of(PacedFeed.symbol(0)), "", new UpdateStats());
                final List<SwarmSession> all = swarm.open(relay.port(), sessions, i -> options);
                RigClock.until(RigClock.afterSeconds(plan.seconds()));
                final long withBytes = relay.residentBytes();
                report.figure(TOTAL, "MiB", withBytes / BYTES_PER_MIB);
                report.figure("resident memory before", "MiB", beforeBytes / BYTES_PER_MIB);
                report.figure(EACH, "KiB", (withBytes - beforeBytes) / BYTES_PER_KIB / sessions);
                report.figure("alive after a collection", "MiB", relay.liveBytes() / BYTES_PER_MIB);
                report.figure("resident memory after that collection", "MiB", relay.residentBytes() / BYTES_PER_MIB);
                report.truth("no session was cut: " + swarm.failures(), swarm.goneCount() == 0);
                report.truth("all have their image",
                    swarm.ask(() -> all.stream().allMatch(session -> session.newest(0) > 0)));
            }
        }
        report.bar(TOTAL, FigureBar.atMost(MAX_MIB));
        report.bar(EACH, FigureBar.atMost(MAX_KIB_EACH));
    }
}
