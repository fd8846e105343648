package penstock.faults;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Faults of the network itself, in a network namespace of their own: {@code scripts/faults} makes it. One thread. */
final class NetworkFaults {
    private static final Pattern COUNTS = Pattern.compile("Sent \\d+ bytes (\\d+) pkt \\(dropped (\\d+),");

    /** Of a hundred packets. */
    private static final double ENOUGH = 3;

    private NetworkFaults() {
    }

    /** A queue that is too short drops packets of bursts, in both directions, on every connection. */
    static void packetLoss(final FaultOptions options, final Figures figures) throws Exception {
        if (!"lo".equals(System.getenv("FAULTS_NETWORK"))) {
            throw new FaultsCommand.SkippedException("it needs root, unshare and tc");
        }
        try (FaultRun run = new FaultRun(options)) {
            run.openSessions();
            int mbit = 64;
            double lost = 0;
            while (mbit > 1 && lost < ENOUGH) {
                mbit /= 2;
                lost = lost(mbit, 2_000);
            }
            final int seconds = options.count(60);
            lost = lost(mbit, seconds * 1_000L);
            figures.note("rate of the line", mbit, "Mbit/s");
            figures.atLeast("packets lost, of a hundred", lost, 1, "");
            figures.atMost("connections to the venue lost, in a minute",
                run.relay.metric("penstock_feed_disconnects_total") * 60.0 / seconds, 1, "");
            figures.atMost("sessions lost", options.sessions() - run.connected(), 0, "");
            tc("qdisc", "del", "dev", "lo", "root");
            run.assertWhole(figures);
        }
    }

    /** Shortens the queue of a line of that rate, and counts for {@code ms}. */
    private static double lost(final int mbit, final long ms) throws IOException, InterruptedException {
        tc("qdisc", "replace", "dev", "lo", "root", "handle", "1:", "tbf", "rate", mbit + "mbit", "burst", "4kb",
            "limit", "6kb");
        final double[] before = counts();
        FaultRun.sleepMs(ms);
        final double[] after = counts();
        final double dropped = after[1] - before[1];
        return 100 * dropped / (after[0] - before[0] + dropped);
    }

    private static double[] counts() throws IOException, InterruptedException {
        final Matcher counts = COUNTS.matcher(tc("-s", "qdisc", "show", "dev", "lo"));
        if (!counts.find()) {
            throw new IOException("tc shows no counts");
        }
        return new double[] {Double.parseDouble(counts.group(1)), Double.parseDouble(counts.group(2))};
    }

    private static String tc(final String... arguments) throws IOException, InterruptedException {
        final String[] command = new String[arguments.length + 1];
        command[0] = "tc";
        System.arraycopy(arguments, 0, command, 1, arguments.length);
        final Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        final String text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        if (process.waitFor() != 0) {
            throw new IOException("tc: " + text);
        }
        return text;
    }
}
