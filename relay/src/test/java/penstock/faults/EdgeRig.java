package penstock.faults;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import penstock.docs.Pages;
import penstock.replay.FeedScript;
import penstock.replay.FeedServer;
import penstock.system.RelayProcess;

/**
 * A venue, an ingest and edges behind it with the configuration that is shipped for edges, each relay a process of its
 * own. One thread, or one that starts an edge while another one looks.
 */
final class EdgeRig implements AutoCloseable {
    private static final String NO_TURN = "the feed thread gives no sign of life";

    final Path folder = Files.createTempDirectory("penstock-edges");
    final List<String> errors = new CopyOnWriteArrayList<>();
    final RelayProcess ingest;
    /** Those that run; the name of each is {@code edge-} and its place. */
    final List<RelayProcess> edges = new CopyOnWriteArrayList<>();
    private final FeedServer venue;
    /** Options of the Java machine of each relay. */
    private final List<String> machine;
    private final List<String> settings;

    /** Starts the ingest and waits until it is live; {@code settings} are those of all relays. */
    EdgeRig(final FeedScript script, final List<String> machine, final String... settings) throws Exception {
        this.machine = List.copyOf(machine);
        this.settings = List.of(settings);
        venue = FeedServer.start(0, script);
        final Path rules = Files.writeString(folder.resolve("numbered.conf"), NumberedVenue.RULES);
        ingest = start("ingest", 0, Files.writeString(folder.resolve("ingest.conf"),
            "feed { venue = \"%s\", url = \"%s\" }\n".formatted(rules, venue.url("/"))));
        FaultRun.awaitOrFail("live ingest", 60_000, () -> isReady(ingest));
    }

    /** Starts the next edge and waits until it is live. */
    void addEdge() throws Exception {
        edges.add(startEdge(edges.size(), 0, ingest.port));
        FaultRun.awaitOrFail("live edge", 60_000, () -> isReady(edges.get(edges.size() - 1)));
    }

    /** Starts an edge in place {@code i}; port 0: a free one. {@code front} is the port of the relay in front. */
    RelayProcess startEdge(final int i, final int port, final int front) throws IOException {
        final String shipped = Pages.text("config/deploy/edge.conf");
        final String config = shipped.replaceAll("\"ws://ingest1:8080/v1/ws\",.*\\]",
                "\"ws://127.0.0.1:" + front + "/v1/ws\"]").replace("0.0.0.0", "127.0.0.1")
            .replace("port = 8080", "port = " + port).replace("quotes.example.com", "localhost")
            .replace("10.0.0.10", "127.0.0.1");
        return start(name(i), port, Files.writeString(folder.resolve(name(i) + ".conf"), config));
    }

    static String name(final int edge) {
        return "edge-" + edge;
    }

    private RelayProcess start(final String name, final int port, final Path config) throws IOException {
        final List<String> arguments = new ArrayList<>(List.of("run", "-c", config.toString()));
        for (final String setting : settings) {
            arguments.addAll(List.of("--set", setting));
        }
        arguments.addAll(List.of("--set", "server.port=" + port, "--set", "lease.name=" + name, "--set",
            "telemetry.dir=" + folder.resolve("telemetry-" + name)));
        final RelayProcess relay = RelayProcess.startWith(machine, Map.of(), arguments.toArray(String[]::new));
        final Thread reader = new Thread(() -> relay.forEachLine(line -> {
            if (line.contains(" ERROR ")) {
                errors.add(name + ": " + line);
            }
        }), "log of " + name);
        reader.setDaemon(true);
        reader.start();
        return relay;
    }

    /** Whether a relay answers that it has live prices. */
    static boolean isReady(final RelayProcess relay) throws IOException, InterruptedException {
        return relay.get(relay.port, "/readyz").statusCode() == 200;
    }

    /** What the logs of the relays complain of: that a machine does not run a thread for a second is a speed. */
    void assertNoErrors(final Figures figures) {
        errors.stream().limit(5).forEach(each -> System.out.println("    " + each));
        final long late = errors.stream().filter(each -> each.contains(NO_TURN)).count();
        figures.speedAtMost("lines of the logs that a feed thread does not run", late, 0, "");
        figures.atMost("other lines of the logs with ERROR", errors.size() - late, 0, "");
    }

    @Override
    public void close() throws IOException {
        edges.forEach(RelayProcess::close);
        ingest.close();
        edges.forEach(each -> each.process.onExit().join());
        ingest.process.onExit().join();
        venue.close();
        try (Stream<Path> files = Files.walk(folder)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
        }
    }
}
