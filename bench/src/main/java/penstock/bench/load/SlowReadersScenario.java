package penstock.bench.load;

import penstock.bench.load.rig.FigureBar;
import penstock.bench.load.rig.LoadReport;
import penstock.bench.load.rig.RigClock;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** How old the data is that slow readers get. Owned by the main thread. */
@Command(name = "slow-readers", mixinStandardHelpOptions = true, sortOptions = false, showDefaultValues = true,
    header = "Some sessions read only a share of the bytes that come to one of the others: how old is what they read?",
    description = {"",
        "They read evenly, every 10 ms. Reported: the age of an update, from when it was due to when it is read, p50 "
            + "of the slow (bar 500 ms), and the latency of the others. Data that the kernel holds for a session can "
            + "no longer be conflated: --set server.send-buffer=… and --receive-buffer say how much that is. True must "
            + "be that all hold the newest once the feed rests.", ""})
final class SlowReadersScenario extends MixedReadersScenario {
    private static final String AGE = "age of what the slow read, p50";
    private static final double OLDEST_MS = 500;

    @Option(names = "--share", defaultValue = "0.2", description = "of the bytes, that the slow read")
    private double share;

    SlowReadersScenario() {
        super(1, 20);
    }

    @Override
    int bytesPerSecond(final int comingPerSecond) {
        return (int) Math.max(1, share * comingPerSecond);
    }

    @Override
    void round(final LoadReport report, final Parts parts) {
        RigClock.until(RigClock.afterSeconds(plan.seconds() / 4.0)); // for the kernel's buffers to fill
        parts.measure("while some are slow", plan.seconds(), report);
        // updates read in the window may have been due long before; give those due in it time to be read
        RigClock.until(RigClock.afterSeconds(plan.seconds() / 4.0));
        report.latency("while some are slow: the slow", parts.swarm().ask(parts.bad()::latencies));
        report.truth("the slow get updates", parts.swarm().ask(() -> parts.bad().latencies().getTotalCount()) > 0);
        report.figure(AGE, "ms", parts.swarm().ask(() -> parts.bad().latencies().getValueAtPercentile(50)) / NS_PER_MS);
        report.bar(AGE, FigureBar.atMost(OLDEST_MS));
        report.figure("latency of the others, p99", "ms", parts.healthyMs(99));
    }
}
