package penstock.bench.load;

import penstock.bench.load.rig.FigureBar;
import penstock.bench.load.rig.LoadReport;
import picocli.CommandLine.Command;

/** What sessions that stop reading cost the others and the relay. Owned by the main thread. */
@Command(name = "stalled-readers", mixinStandardHelpOptions = true, sortOptions = false, showDefaultValues = true,
    header = "Some sessions stop reading for --seconds, then read again: what it costs the others and the relay.",
    description = {"",
        "Reported: p99 of the others while it lasts against before (bar 1.1), growth of the relay's resident memory "
            + "meanwhile (bar 2 MiB). True must be that no session is cut, and that all have the newest once the feed "
            + "stops.",
        "The segments of loopback are 64 KiB: with them the kernel may hold more for a session that stalls than its "
            + "buffers say. For segments as on Ethernet run it in a network of its own: sudo unshare -n sh -c 'ip link "
            + "set lo mtu 1500 up; scripts/load stalled-readers'.", ""})
final class StalledReadersScenario extends MixedReadersScenario {
    private static final String BEFORE = "p99 of the others before";
    private static final String MEANWHILE = "p99 of the others while some stall";
    private static final String GROWTH = "growth of resident memory while they stall";
    private static final double MAX_RATIO = 1.1;
    private static final double MAX_MIB = 2;
    private static final double BYTES_PER_MIB = 1 << 20;

    StalledReadersScenario() {
        super(1, 20);
    }

    @Override
    int bytesPerSecond(final int comingPerSecond) {
        return 0;
    }

    @Override
    void round(final LoadReport report, final Parts parts) {
        parts.measure("before", plan.seconds() / 2.0, report);
        report.figure(BEFORE, "ms", parts.healthyMs(99));
        final long residentBytes = parts.relay().residentBytes();
        parts.swarm().pause(parts.affected(), true);
        parts.measure("while some stall", plan.seconds(), report);
        report.figure(MEANWHILE, "ms", parts.healthyMs(99));
        report.figure(GROWTH, "MiB", (parts.relay().residentBytes() - residentBytes) / BYTES_PER_MIB);
        parts.swarm().pause(parts.affected(), false);
        report.ratio(MEANWHILE, BEFORE, FigureBar.atMost(MAX_RATIO));
        report.bar(GROWTH, FigureBar.atMost(MAX_MIB));
    }
}
