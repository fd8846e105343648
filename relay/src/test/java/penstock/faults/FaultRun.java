package penstock.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import penstock.replay.FeedServer;
import penstock.system.RelayProcess;
import penstock.system.Subscriber;
import penstock.system.SubscriberFleet;
import penstock.testkit.FaultProxy;

/**
 * A relay in a process of its own between a venue whose updates are known and sessions that the oracle judges. A proxy
 * stands before the venue, another before the relay. One thread.
 */
final class FaultRun implements AutoCloseable {
    private static final long MIB = 1 << 20;
    private static final int SYMBOLS_EACH = 10;
    /** Sessions whose latency is measured: so many that each io thread has some. */
    private static final int PULSES = 12;
    private static final int ALL_EVERY = 50;
    private static final long LOOK_NS = 2_000_000;

    final FaultOptions options;
    final Random random;
    final NumberedVenue script;
    final FeedServer venue;
    /** Between the relay and the venue. */
    final FaultProxy upstream;
    final Latencies latencies = new Latencies();
    final List<Judge> judges = new ArrayList<>();
    final List<Subscriber> subscribers = new ArrayList<>();
    final List<String> errors = new CopyOnWriteArrayList<>();
    final Path folder;
    RelayProcess relay;
    SubscriberFleet fleet;

    /** Starts all of it but the sessions; {@code settings} are keys of the relay. */
    FaultRun(final FaultOptions options, final String... settings) throws IOException {
        this(options, List.of(), Map.of(), settings);
    }

    /** The same with options of the Java machine and variables. */
    FaultRun(final FaultOptions options, final List<String> machine, final Map<String, String> variables,
            final String... settings) throws IOException {
        this.options = options;
        random = new Random(options.seed());
        folder = Files.createTempDirectory("penstock-faults");
        script = new NumberedVenue(options.seed(), options.perSecond());
        venue = FeedServer.start(0, script);
        upstream = new FaultProxy(venue.port(), new Random(options.seed() + 1));
        start(machine, variables, settings);
    }

    /** Starts the relay, again after its end. */
    void start(final List<String> machine, final Map<String, String> variables, final String... settings)
            throws IOException {
        final Path rules = Files.writeString(folder.resolve("numbered.conf"), NumberedVenue.RULES);
        final Path config = Files.writeString(folder.resolve("relay.conf"), """
            feed { venue = "%s", url = "ws://127.0.0.1:%d/" }
            server.io-threads = 2
            telemetry.dir = "%s"
            """.formatted(rules, upstream.port(), folder.resolve("telemetry")));
        final List<String> arguments = new ArrayList<>(List.of("run", "-c", config.toString()));
        for (final String setting : settings) {
            arguments.addAll(List.of("--set", setting));
        }
        relay = RelayProcess.startWith(machine, variables, arguments.toArray(String[]::new));
        final RelayProcess started = relay;
        final Thread reader = new Thread(() -> started.forEachLine(line -> {
            if (line.contains(" ERROR ")) {
                errors.add(line);
            }
        }), "log");
        reader.setDaemon(true);
        reader.start();
        fleet = new SubscriberFleet(relay.port);
    }

    /** Opens the sessions of the options, and waits until each has its images. */
    void openSessions() throws Exception {
        openSessions(relay.port);
    }

    /** The same at another port, that of a proxy before the relay. */
    void openSessions(final int port) throws Exception {
        if (port != relay.port) {
            fleet.close();
            fleet = new SubscriberFleet(port);
        }
        for (int i = 0; i < options.sessions(); i++) {
            judges.add(new Judge("session " + i, script.market, selection(i), interval(i),
                i < PULSES ? latencies : null));
        }
        reopen();
        awaitOrFail("images of all sessions", 30_000, () -> subscribers.stream().allMatch(each -> each.isSnapshotDone));
    }

    /** A new connection for each session; its judge goes on. */
    void reopen() {
        subscribers.clear();
        for (int i = 0; i < judges.size(); i++) {
            subscribers.add(fleet.open(path(i), 0, judges.get(i)));
        }
    }

    /** Ends all clients without a word; the next ones connect to the relay itself. */
    void newFleet() throws IOException {
        fleet.close();
        fleet = new SubscriberFleet(relay.port);
    }

    /** Sessions, values and order: what is never allowed, whatever fails. Ends the updates, and looks at the last. */
    void assertWhole(final Figures figures) throws Exception {
        script.stop();
        final double seconds = secondsUntil(10_000, () -> lost() == 0);
        figures.atMost("updates lost: newest values that a session does not have", lost(), 0, "");
        figures.atMost("until every session has the newest of each symbol", seconds, 1, "s");
        final List<String> breaches = new ArrayList<>(fleet.breaches());
        judges.forEach(each -> breaches.addAll(each.breaches()));
        breaches.stream().limit(5).forEach(each -> System.out.println("    " + each));
        errors.stream().limit(5).forEach(each -> System.out.println("    " + each));
        figures.atMost("breaches: order, ledger, values never sent or not asked for", breaches.size(), 0, "");
        figures.atMost("lines of the log with ERROR", errors.size(), 0, "");
        figures.atMost("distinct errors", relay.metric("penstock_errors_distinct"), 0, "");
    }

    /** Newest values of the venue that some session does not have. */
    int lost() {
        int lost = 0;
        for (final Judge judge : judges) {
            for (final String symbol : judge.symbols) {
                lost += judge.number(symbol) == script.last(Integer.parseInt(symbol.substring(1))) ? 0 : 1;
            }
        }
        return lost;
    }

    /** Sessions that are connected. */
    long connected() {
        return subscribers.stream().filter(each -> each.isOpen && !each.isGone).count();
    }

    /** A line of /proc/PID/status, in bytes. */
    long residentBytes() throws IOException {
        return Files.readAllLines(Path.of("/proc/" + relay.process.pid() + "/status")).stream()
            .filter(line -> line.startsWith("VmRSS:"))
            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024).findFirst().orElse(0);
    }

    /**
     * The same once every page of the young generation has been used, by the garbage of requests for metrics: a relay
     * makes so little that its first collection may come after an hour, and would look like growth. And once the
     * process has grown by less than a MiB from one collection to the next: a young one compiles code.
     */
    long settledResidentBytes() throws Exception {
        long grown = collectedResidentBytes();
        for (int i = 0; i < 10; i++) {
            final long before = grown;
            grown = collectedResidentBytes();
            if (grown - before < MIB) {
                break;
            }
        }
        return grown;
    }

    private long collectedResidentBytes() throws Exception {
        final long before = relay.metric("jvm_gc_collection_seconds_count");
        awaitOrFail("collection", 60_000, () -> relay.metric("jvm_gc_collection_seconds_count") > before + 1);
        return residentBytes();
    }

    /** Open descriptors of the relay. */
    long descriptors() throws IOException {
        return entries("/proc/" + relay.process.pid() + "/fd");
    }

    /** Threads of the relay. */
    long threads() throws IOException {
        return entries("/proc/" + relay.process.pid() + "/task");
    }

    static long entries(final String path) throws IOException {
        try (Stream<Path> files = Files.list(Path.of(path))) {
            return files.count();
        }
    }

    static void sleepMs(final long ms) {
        final long endNs = System.nanoTime() + ms * 1_000_000;
        while (System.nanoTime() - endNs < 0) {
            LockSupport.parkNanos(endNs - System.nanoTime());
        }
    }

    /** Seconds until it holds; infinite after {@code limitMs}. */
    static double secondsUntil(final long limitMs, final Callable<Boolean> holds) throws Exception {
        final long beganNs = System.nanoTime();
        while (!holds.call()) {
            if (System.nanoTime() - beganNs > limitMs * 1_000_000) {
                return Double.POSITIVE_INFINITY;
            }
            LockSupport.parkNanos(LOOK_NS);
        }
        return (System.nanoTime() - beganNs) / 1e9;
    }

    static void awaitOrFail(final String what, final long limitMs, final Callable<Boolean> holds) throws Exception {
        if (secondsUntil(limitMs, holds) == Double.POSITIVE_INFINITY) {
            throw new IllegalStateException("no " + what + " within " + limitMs / 1000 + " s");
        }
    }

    @Override
    public void close() throws IOException {
        fleet.close();
        relay.close();
        upstream.close();
        venue.close();
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
        }
    }

    private static List<String> selection(final int session) {
        final int from = session % ALL_EVERY == ALL_EVERY - 1 ? 0 : session * SYMBOLS_EACH % NumberedVenue.SYMBOLS;
        final int count = session % ALL_EVERY == ALL_EVERY - 1 ? NumberedVenue.SYMBOLS : SYMBOLS_EACH;
        return IntStream.range(from, from + count).mapToObj(NumberedVenue::symbol).toList();
    }

    private String path(final int session) {
        final List<String> symbols = judges.get(session).symbols;
        return "/v1/ws?symbols=" + (symbols.size() == NumberedVenue.SYMBOLS ? "*" : String.join(",", symbols))
            + "&interval=" + interval(session);
    }

    private static int interval(final int session) {
        return session < PULSES ? 0 : 100;
    }
}
