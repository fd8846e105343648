package penstock.faults;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import penstock.system.RelayProcess;
import penstock.testkit.FrameSocket;
import penstock.websocket.Opcode;

/** What the machine does to the process of the relay. One thread. */
final class ProcessFaults {
    private static final long MIB = 1 << 20;
    private static final Pattern EPOCH = Pattern.compile("\"epoch\":(\\d+)");
    /** Its time of the day is that of the kernel, and the seconds in a file; its monotonic clock is the kernel's. */
    private static final String CLOCK = """
        #define _GNU_SOURCE
        #include <fcntl.h>
        #include <stdlib.h>
        #include <time.h>
        #include <sys/syscall.h>
        #include <sys/time.h>
        #include <unistd.h>
        static long offset(void) {
            char text[32];
            const char *name = getenv("CLOCK_OFFSET");
            int file = name ? open(name, O_RDONLY) : -1;
            if (file < 0) return 0;
            long count = read(file, text, sizeof text - 1);
            close(file);
            text[count > 0 ? count : 0] = 0;
            return strtol(text, 0, 10);
        }
        int clock_gettime(clockid_t id, struct timespec *at) {
            int rc = syscall(SYS_clock_gettime, id, at);
            if (id == CLOCK_REALTIME) at->tv_sec += offset();
            return rc;
        }
        int gettimeofday(struct timeval *at, void *zone) {
            struct timespec now;
            clock_gettime(CLOCK_REALTIME, &now);
            at->tv_sec = now.tv_sec;
            at->tv_usec = now.tv_nsec / 1000;
            return 0;
        }
        """;

    private ProcessFaults() {
    }

    /** SIGKILL under load; something starts the relay again at once. */
    static void killed(final FaultOptions options, final Figures figures) throws Exception {
        final String port = "server.port=" + freePort();
        try (FaultRun run = new FaultRun(options, port)) {
            run.openSessions();
            final long epoch = epoch(run);
            for (int i = 0; i < options.count(3); i++) {
                run.relay.signal("KILL");
                run.relay.process.waitFor();
                final long endedNs = System.nanoTime();
                run.fleet.close();
                run.start(List.of(), Map.of(), port);
                figures.atMost("until it listens again", (System.nanoTime() - endedNs) / 1e9, 2, "s");
                run.reopen();
                FaultRun.awaitOrFail("images", 30_000, () -> run.judges.stream().allMatch(each ->
                    each.symbols.stream().allMatch(symbol -> each.number(symbol) > 0))
                    && run.subscribers.stream().allMatch(each -> each.isSnapshotDone && each.updates > 0));
                figures.atMost("until every session has images and updates", (System.nanoTime() - endedNs) / 1e9, 10,
                    "s");
            }
            figures.holds("a resume from the old epoch is answered with \"resumed\":false",
                resume(run, epoch).contains("\"resumed\":false"));
            run.assertWhole(figures);
        }
    }

    /**
     * SIGSTOP and SIGCONT: a pause of the whole process, as a collection or a moved virtual machine makes it. It reads
     * what waits in its socket before it takes the venue for silent; newer values follow at once.
     */
    static void paused(final FaultOptions options, final Figures figures) throws Exception {
        try (FaultRun run = new FaultRun(options)) {
            run.openSessions();
            for (final long seconds : new long[] {2, 10}) {
                final int stales = run.judges.get(0).stales;
                run.relay.signal("STOP");
                FaultRun.sleepMs(seconds * 1_000);
                final long[] before = numbers(run);
                run.relay.signal("CONT");
                final double fresh = FaultRun.secondsUntil(30_000, () -> isPast(run, before));
                figures.atMost("after " + seconds + " s of pause, until every session has newer values", fresh, 1, "s");
                figures.note("times that it was stale after it", run.judges.get(0).stales - stales, "");
                if (run.judges.get(0).stales > stales) {
                    System.out.println("    " + run.judges.get(0).staleStatus);
                }
                figures.atMost("sessions lost", options.sessions() - run.connected(), 0, "");
                FaultRun.sleepMs(1_000);
            }
            run.assertWhole(figures);
        }
    }

    /** A quarter of the processor time that the process takes by itself. */
    static void starved(final FaultOptions options, final Figures figures) throws Exception {
        try (ControlGroup group = new ControlGroup("cpu"); FaultRun run = new FaultRun(options)) {
            run.openSessions();
            FaultRun.sleepMs(3_000);
            final double calm = conflated(run, 5_000);
            final long resident = run.settledResidentBytes();
            final long cpuMs = cpuMs(run);
            FaultRun.sleepMs(5_000);
            final double cores = (cpuMs(run) - cpuMs) / 5_000.0;
            figures.note("cores that it takes", cores, "");
            group.set("cpu.cfs_period_us", "100000");
            group.set("cpu.cfs_quota_us", Long.toString(Math.max(1_000, (long) (cores * 25_000))));
            group.add("cgroup.procs", run.relay.process.pid());
            final int stales = run.judges.get(0).stales;
            final double starved = conflated(run, 10_000);
            final Pace pace = Pace.measure(run, 20_000);
            figures.note("updates conflated for each delivered before", calm, "");
            figures.atLeast("the same with a quarter of that", starved, calm, "");
            figures.atMost("latency with a quarter of that, p99", pace.p99Ms(), 2_000, "ms");
            figures.atMost("growth of the process", (run.residentBytes() - resident) / (double) MIB, 16, "MiB");
            figures.note("times stale", run.judges.get(0).stales - stales, "");
            group.set("cpu.cfs_quota_us", "-1");
            FaultRun.sleepMs(2_000);
            run.latencies.clear();
            FaultRun.sleepMs(3_000);
            figures.atMost("latency when it has its cores again, p50", run.latencies.ms(0.5), 100, "ms");
            figures.atMost("sessions lost", options.sessions() - run.connected(), 0, "");
            run.assertWhole(figures);
        }
    }

    /** One of two io threads stands still for 5 s. The ring takes what it misses. */
    static void stalledThread(final FaultOptions options, final Figures figures) throws Exception {
        try (ControlGroup group = new ControlGroup("freezer"); FaultRun run = new FaultRun(options)) {
            run.openSessions();
            FaultRun.sleepMs(3_000);
            final Pace calm = Pace.measure(run, 5_000);
            final long[] before = values(run);
            group.add("tasks", threadId(run, "fanout I/O-1"));
            group.set("freezer.state", "FROZEN");
            final Pace pace = Pace.measure(run, 5_000);
            final long[] after = values(run);
            final String said = stat(run);
            group.set("freezer.state", "THAWED");
            long served = 0;
            for (int i = 0; i < before.length; i++) {
                served += after[i] - before[i] > 100 ? 1 : 0;
            }
            figures.between("sessions that were served: those of the other thread", served, 1,
                options.sessions() - 1.0, "");
            figures.holds("relay stat says that it is stuck, and names the thread",
                said.contains("stuck") && said.contains("fanout-0"));
            pace.compare(calm, 1.25, figures);
            assertNothingLost(run, figures);
        }
    }

    /**
     * The same with a ring that is full after half a second. All io threads wait for the slowest then; the feed thread
     * does not, and conflates in front of the ring.
     */
    static void fullRing(final FaultOptions options, final Figures figures) throws Exception {
        try (ControlGroup group = new ControlGroup("freezer");
             FaultRun run = new FaultRun(options, "ring.slots=1024", "ring.bytes=256k")) {
            run.openSessions();
            FaultRun.sleepMs(3_000);
            final long updates = run.relay.metric("penstock_feed_updates_total");
            final long beganNs = System.nanoTime();
            group.add("tasks", threadId(run, "fanout I/O-1"));
            group.set("freezer.state", "FROZEN");
            FaultRun.sleepMs(5_000);
            group.set("freezer.state", "THAWED");
            final double seconds = (System.nanoTime() - beganNs) / 1e9;
            figures.atLeast("updates that the feed thread took meanwhile, of those sent",
                (run.relay.metric("penstock_feed_updates_total") - updates) / seconds / options.perSecond(), 0.9, "");
            figures.atLeast("updates conflated in front of the full ring",
                run.relay.metric("penstock_ring_conflated_total"), 1, "");
            figures.atMost("updates dropped there", run.relay.metric("penstock_ring_dropped_total"), 0, "");
            assertNothingLost(run, figures);
        }
    }

    /** What {@code relay stat} prints, which asks the relay nothing. */
    private static String stat(final FaultRun run) throws Exception {
        try (Stream<Path> folders = Files.list(run.folder)) {
            final Path folder = folders.filter(each -> each.getFileName().toString().startsWith("telemetry"))
                .findFirst().orElseThrow();
            final Process stat = RelayProcess.startOnlyWith(List.of(), "stat", folder.toString());
            return new String(stat.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    private static void assertNothingLost(final FaultRun run, final Figures figures) throws Exception {
        figures.atMost("connections to the venue lost", run.relay.metric("penstock_feed_disconnects_total"), 0, "");
        figures.atMost("sessions lost", run.options.sessions() - run.connected(), 0, "");
        run.assertWhole(figures);
    }

    /** The wall clock jumps by an hour, forth and back. */
    static void clock(final FaultOptions options, final Figures figures) throws Exception {
        final Path folder = Files.createTempDirectory("penstock-clock");
        final Path library = clockLibrary(folder);
        final Path offset = Files.writeString(folder.resolve("offset"), "0\n");
        try (FaultRun run = new FaultRun(options, List.of(),
                Map.of("LD_PRELOAD", library.toString(), "CLOCK_OFFSET", offset.toString()))) {
            run.openSessions();
            final int stales = run.judges.stream().mapToInt(each -> each.stales).sum();
            for (final long seconds : new long[] {3_600, 0, -3_600, 0}) {
                Files.writeString(offset, seconds + "\n");
                FaultRun.sleepMs(12_000);
                figures.between("clock of the relay less that of this machine", clockOffset(run), seconds - 2,
                    seconds + 2, "s");
            }
            figures.atMost("times stale", run.judges.stream().mapToInt(each -> each.stales).sum() - stales, 0, "");
            figures.atMost("connections to the venue lost", run.relay.metric("penstock_feed_disconnects_total"), 0, "");
            figures.atMost("sessions lost", options.sessions() - run.connected(), 0, "");
            run.assertWhole(figures);
        } finally {
            try (Stream<Path> files = Files.list(folder)) {
                files.forEach(file -> file.toFile().delete());
            }
            Files.delete(folder);
        }
    }

    /** A heap that is too small for what the venue sends. */
    static void outOfMemory(final FaultOptions options, final Figures figures) throws Exception {
        final Path config = Files.createTempFile("penstock-faults", ".conf");
        try (FaultRun run = new FaultRun(options, List.of(), Map.of())) {
            run.relay.close();
            Files.writeString(config, "feed { venue = json, url = \"ws://127.0.0.1:1/\" }\nserver.port = 0\n"
                + "admin.enabled = false\n");
            final Process small = RelayProcess.startOnlyWith(List.of("-Xmx12m", "-Xms12m", "-Xmn4m"), "run", "-c",
                config.toString());
            long lackedNs = Long.MIN_VALUE;
            try (BufferedReader lines = new BufferedReader(new InputStreamReader(small.getInputStream()))) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                    lackedNs = line.contains("OutOfMemoryError") ? System.nanoTime() : lackedNs;
                }
            }
            figures.holds("it ends by itself", small.waitFor(30, TimeUnit.SECONDS));
            final long endedNs = System.nanoTime();
            small.destroyForcibly();
            figures.between("its exit code", small.exitValue(), 3, 3, "");
            figures.holds("it says why", lackedNs != Long.MIN_VALUE);
            figures.atMost("from there to its end", (endedNs - lackedNs) / 1e9, 1, "s");
            run.fleet.close();
            run.start(List.of(), Map.of());
            run.openSessions();
            run.assertWhole(figures);
        } finally {
            Files.delete(config);
        }
    }

    private static Path clockLibrary(final Path folder) throws Exception {
        final Path source = Files.writeString(folder.resolve("clock.c"), CLOCK);
        final Path library = folder.resolve("clock.so");
        try {
            final Process compiler = new ProcessBuilder("cc", "-shared", "-fPIC", "-o", library.toString(),
                source.toString()).redirectErrorStream(true).start();
            if (compiler.waitFor() == 0) {
                return library;
            }
        } catch (final IOException e) {
            throw new FaultsCommand.SkippedException("it needs a C compiler, cc: " + e.getMessage());
        }
        throw new FaultsCommand.SkippedException("cc does not compile the clock");
    }

    private static double clockOffset(final FaultRun run) throws IOException {
        try (FrameSocket client = new FrameSocket(run.relay.port, 0)) {
            client.write(ClientFaults.handshake("/v1/ws"));
            client.readHead();
            client.write(FrameSocket.text("{\"op\":\"ping\"}"));
            final Matcher at = Pattern.compile("\"ts\":(\\d+)").matcher(answer(client, "pong"));
            return at.find() ? (Long.parseLong(at.group(1)) / 1_000 - System.currentTimeMillis()) / 1e3 : Double.NaN;
        }
    }

    private static long epoch(final FaultRun run) throws IOException {
        try (FrameSocket client = new FrameSocket(run.relay.port, 0)) {
            client.write(ClientFaults.handshake("/v1/ws"));
            client.readHead();
            final Matcher epoch = EPOCH.matcher(answer(client, "welcome"));
            return epoch.find() ? Long.parseLong(epoch.group(1)) : 0;
        }
    }

    private static String resume(final FaultRun run, final long epoch) throws IOException {
        try (FrameSocket client = new FrameSocket(run.relay.port, 0)) {
            client.write(ClientFaults.handshake("/v1/ws"));
            client.readHead();
            client.write(FrameSocket.text("{\"op\":\"subscribe\",\"symbols\":[\"S1\"],\"resume\":{\"epoch\":" + epoch
                + ",\"p\":1}}"));
            return answer(client, "ack");
        }
    }

    private static String answer(final FrameSocket client, final String type) throws IOException {
        while (true) {
            final FrameSocket.Frame frame = client.readFrame();
            if (frame.opcode() == Opcode.TEXT && frame.text().startsWith("{\"type\":\"" + type + "\"")) {
                return frame.text();
            }
        }
    }

    private static long[] numbers(final FaultRun run) {
        final long[] numbers = new long[NumberedVenue.SYMBOLS];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = run.script.last(i);
        }
        return numbers;
    }

    private static boolean isPast(final FaultRun run, final long[] before) {
        return run.judges.stream().allMatch(each -> each.symbols.stream().allMatch(symbol ->
            each.number(symbol) >= before[Integer.parseInt(symbol.substring(1))]));
    }

    private static long[] values(final FaultRun run) {
        return run.judges.stream().mapToLong(each -> each.values).toArray();
    }

    private static long cpuMs(final FaultRun run) throws IOException {
        return cpuMs(run.relay);
    }

    /** User and system time of a relay. */
    static long cpuMs(final RelayProcess relay) throws IOException {
        final String stat = Files.readString(Path.of("/proc/" + relay.process.pid() + "/stat"));
        final String[] fields = stat.substring(stat.lastIndexOf(") ") + 2).split(" ");
        // ticks of 10 ms
        return (Long.parseLong(fields[11]) + Long.parseLong(fields[12])) * 10;
    }

    private static double conflated(final FaultRun run, final long ms) throws Exception {
        final long conflated = run.relay.metric("penstock_updates_conflated_total");
        final long delivered = run.relay.metric("penstock_updates_delivered_total");
        FaultRun.sleepMs(ms);
        return (run.relay.metric("penstock_updates_conflated_total") - conflated)
            / Math.max(1.0, run.relay.metric("penstock_updates_delivered_total") - delivered);
    }

    private static long threadId(final FaultRun run, final String name) throws Exception {
        final List<Path> tasks = new ArrayList<>();
        try (Stream<Path> all = Files.list(Path.of("/proc/" + run.relay.process.pid() + "/task"))) {
            all.forEach(tasks::add);
        }
        for (final Path task : tasks) {
            if (Files.readString(task.resolve("comm")).trim().equals(name)) {
                return Long.parseLong(task.getFileName().toString());
            }
        }
        throw new IllegalStateException("no thread " + name.toLowerCase(Locale.ROOT));
    }

    /** One that nothing listens to. */
    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
