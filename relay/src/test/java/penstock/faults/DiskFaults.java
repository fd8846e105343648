package penstock.faults;

import java.io.IOException;
import java.io.OutputStream;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import penstock.recording.RecordedSpan;
import penstock.recording.RecordingEntry;
import penstock.system.RelayProcess;
import penstock.testkit.FrameSocket;
import penstock.usage.ledger.Chain;
import penstock.usage.ledger.LedgerCheck;

/**
 * A file system of 256 KiB that is full to its last block, under the usage ledger, the file of the audit log and what a
 * relay prints, and another one under the recording of its feed. They are mounted in a namespace of this process alone,
 * so that they are gone with it.
 */
final class DiskFaults {
    private static final Pattern UPDATES = Pattern.compile("\\{\"type\":\"use\".*\"updates\":(\\d+)[,}]");
    /** More lines than the last block of a file has room for. */
    private static final int VISITS = 60;
    private static final int BLOCK = 4_096;

    private DiskFaults() {
    }

    static void full(final FaultOptions options, final Figures figures) throws Exception {
        if (!"own".equals(System.getenv("FAULTS_MOUNTS"))) {
            throw new FaultsCommand.SkippedException("it needs unshare, and root or user namespaces");
        }
        final Path disk = Files.createTempDirectory("penstock-disk");
        final Path recorded = Files.createTempDirectory("penstock-recorded");
        mount("mount", "-t", "tmpfs", "-o", "size=256k", "penstock", disk.toString());
        // one of its own: a recording grows faster than the rest, and would take the last block from it
        mount("mount", "-t", "tmpfs", "-o", "size=2m", "penstock", recorded.toString());
        try (FaultRun run = new FaultRun(options, List.of(), Map.of(), "usage.dir=" + disk.resolve("usage"),
                "usage.interval=100ms", "audit.file=" + disk.resolve("audit.log"), "audit.one-in=1",
                "audit.lines-per-second=0", "feed.record=" + recorded.resolve("feed"))) {
            run.openSessions();
            FaultRun.sleepMs(2_000);
            figures.atMost("appends refused while there is room", failures(run), 0, "");
            fill(disk.resolve("filler"));
            fill(recorded.resolve("filler"));
            FaultRun.awaitOrFail("recording that fails", 30_000,
                () -> run.relay.metric("penstock_record_failing") == 1);
            FaultRun.awaitOrFail("refused append", 30_000, () -> failures(run) > 0);
            run.latencies.clear();
            final long first = failures(run);
            visit(run);
            final Path printed = disk.resolve("printed.log");
            final Process mute = withoutALog(run, printed, figures);
            FaultRun.sleepMs(options.count(5) * 1_000L);
            figures.atLeast("appends refused, by the metric", failures(run) - first, options.count(5), "");
            figures.atLeast("lines of the audit log dropped, by the metric",
                run.relay.metric("penstock_audit_lines_dropped_total"), 1, "");
            figures.atMost("sessions lost", options.sessions() - run.connected(), 0, "");
            figures.note("latency while the disk is full, p99", run.latencies.ms(0.99), "ms");
            Files.delete(disk.resolve("filler"));
            figures.atMost("until the ledger has all of it once there is room", FaultRun.secondsUntil(30_000,
                () -> run.relay.metric("penstock_usage_waiting_records") == 0 && recovers(run)), 2, "s");
            Files.delete(recorded.resolve("filler"));
            figures.atMost("until the feed is recorded again once there is room", FaultRun.secondsUntil(30_000,
                () -> run.relay.metric("penstock_record_failing") == 0), 8, "s");
            mute.destroy();
            mute.waitFor();
            figures.holds("what is printed is written again", Files.readString(printed).contains("Draining"));
            for (final String report : List.of("usage ledger: cannot write", "audit.log cannot be written",
                "cannot be recorded")) {
                figures.between("lines of the log: " + report, run.errors.stream().filter(line -> line.contains(
                    report)).count(), 1, 1, "");
                run.errors.removeIf(line -> line.contains(report));
            }
            run.assertWhole(figures);
            final long lost = run.relay.metric("penstock_record_lost_total");
            judgeLedger(run, disk.resolve("usage"), figures);
            judgeRecording(recorded.resolve("feed"), lost, figures);
        } finally {
            mount("umount", disk.toString());
            Files.delete(disk);
            mount("umount", recorded.toString());
            Files.delete(recorded);
        }
    }

    /** The records have exactly what the sessions were sent, and each follows the one before. */
    private static void judgeLedger(final FaultRun run, final Path ledger, final Figures figures) throws Exception {
        final long delivered = run.relay.metric("penstock_updates_delivered_total");
        figures.between("its exit code", run.relay.terminate(15_000), 0, 0, "");
        figures.holds("the chain verifies", LedgerCheck.of(ledger, Chain.START, null).firstBreak() == null);
        long recorded = 0;
        try (Stream<Path> files = Files.list(ledger)) {
            for (final Path file : files.filter(each -> each.toString().endsWith(".jsonl")).toList()) {
                final Matcher use = UPDATES.matcher(Files.readString(file));
                while (use.find()) {
                    recorded += Long.parseLong(use.group(1));
                }
            }
        }
        figures.note("updates delivered", delivered, "");
        figures.between("of them not in the ledger, or there twice", delivered - recorded, 0, 0, "");
    }

    /** All of it can be read, and its marks say how much is missing. */
    private static void judgeRecording(final Path directory, final long lost, final Figures figures) {
        long messages = 0;
        long missing = 0;
        try (RecordedSpan span = RecordedSpan.of(directory, null, RecordedSpan.Span.ALL)) {
            while (span.nextEntry()) {
                messages += span.entry().isMessage() ? 1 : 0;
                missing += span.entry().kind() == RecordingEntry.Kind.LOST ? span.entry().missing() : 0;
            }
        }
        figures.note("messages in the recording", messages, "");
        figures.atLeast("messages missing in it", missing, 1, "");
        figures.between("of them without a mark", lost - missing, 0, 0, "");
    }

    /** A relay whose standard streams go to the full disk starts, and serves. */
    private static Process withoutALog(final FaultRun run, final Path printed, final Figures figures) throws Exception {
        final int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        final Process mute = RelayProcess.startInto(printed, "demo", "--set", "server.port=" + port, "--set",
            "admin.enabled=false", "--set", "server.drain-time=100ms", "--set",
            "telemetry.dir=" + run.folder.resolve("mute"));
        figures.atMost("until a relay serves whose output goes there", FaultRun.secondsUntil(30_000,
            () -> isServed(port)), 30, "s");
        figures.atMost("bytes that it could print", Files.size(printed), BLOCK, "");
        return mute;
    }

    private static boolean isServed(final int port) {
        try (FrameSocket client = new FrameSocket(port, 0)) {
            client.write(ClientFaults.handshake("/v1/ws"));
            return client.readHead().contains(" 101 ") && client.readFrame().text().contains("welcome");
        } catch (final IOException notYet) {
            return false;
        }
    }

    /** Sessions that come and go: two lines of the audit log each. */
    private static void visit(final FaultRun run) throws IOException {
        for (int i = 0; i < VISITS; i++) {
            try (FrameSocket client = new FrameSocket(run.relay.port, 0)) {
                client.write(ClientFaults.handshake("/v1/ws"));
                client.readHead();
            }
        }
    }

    private static void fill(final Path file) throws IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            final byte[] block = new byte[BLOCK];
            while (true) {
                out.write(block);
            }
        } catch (final IOException full) {
            if (!String.valueOf(full.getMessage()).contains("No space left")) {
                throw full;
            }
        }
    }

    /** No append is refused for as long as three take. */
    private static boolean recovers(final FaultRun run) throws Exception {
        final long before = failures(run);
        FaultRun.sleepMs(300);
        return failures(run) == before;
    }

    private static long failures(final FaultRun run) throws Exception {
        return run.relay.metric("penstock_usage_failed_appends_total");
    }

    private static void mount(final String... command) throws Exception {
        final Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        final String said = new String(process.getInputStream().readAllBytes());
        if (process.waitFor() != 0) {
            throw new IllegalStateException(String.join(" ", command) + ": " + said);
        }
    }
}
