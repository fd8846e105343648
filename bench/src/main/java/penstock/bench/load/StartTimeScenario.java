package penstock.bench.load;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import penstock.bench.load.feed.FeedShape;
import penstock.bench.load.feed.PacedFeed;
import penstock.bench.load.rig.FigureBar;
import penstock.bench.load.rig.LoadReport;
import penstock.bench.load.rig.RigClock;
import penstock.bench.load.server.ServerProcess;
import penstock.websocket.Handshake;
import picocli.CommandLine.Command;

/** How long a subscriber waits for its first update when the relay has just been started. Owned by the main thread. */
@Command(name = "start", mixinStandardHelpOptions = true, sortOptions = false, showDefaultValues = true,
    header = "From the start of the relay's process to the first update in a subscriber's hand.",
    description = {"",
        "The relay is started by java -jar with the options of config/jvm.options and JAVA_OPTS; the feed is up "
            + "already; the subscriber tries to connect every 2 ms. Reported: the seconds that takes, median of the "
            + "rounds (bar 1.5 s). --seconds means nothing here.", ""})
final class StartTimeScenario extends LoadScenario {
    private static final String FIGURE = "from start to the first update";
    private static final double MAX_SECONDS = 1.5;
    private static final double GIVE_UP_SECONDS = 60;
    private static final double NS_PER_SECOND = 1e9;
    private static final long TRY_EVERY_NS = TimeUnit.MILLISECONDS.toNanos(2);
    private static final int PATIENCE_MS = 5_000;

    StartTimeScenario() {
        super(7, 1);
    }

    @Override
    void run(final LoadReport report) throws Exception {
        try (PacedFeed feed = new PacedFeed(FeedShape.quotes(1_000, 10))) {
            for (int round = 1; round <= plan.rounds(); round++) {
                progress("round %d of %d", round, plan.rounds());
                final int port = freePort();
                final ProcessBuilder builder = builder(feed, port);
                final long startNs = System.nanoTime();
                try (ServerProcess relay = new ServerProcess("relay-start", plan, builder)) {
                    report.figure(FIGURE, "s", (firstUpdateNs(relay, port) - startNs) / NS_PER_SECOND);
                }
            }
        }
        report.bar(FIGURE, FigureBar.atMost(MAX_SECONDS));
    }

    private ProcessBuilder builder(final PacedFeed feed, final int port) throws IOException {
        final Path folder = plan.folder();
        Files.writeString(folder.resolve("load-venue.conf"), PacedFeed.VENUE);
        Files.writeString(folder.resolve("relay.conf"), "feed { name = load, venue = \"load-venue.conf\", url = \""
            + feed.url()
            + "\" }\nserver.port = " + port + "\nadmin.enabled = false\n");
        final List<String> command =
            new ArrayList<>(List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        try (Stream<String> options = Files.lines(plan.home().resolve("config/jvm.options"))) {
            options.map(String::strip).filter(line -> !line.isEmpty() && !line.startsWith("#")).forEach(command::add);
        }
        final String more = System.getenv().getOrDefault("JAVA_OPTS", "").strip();
        command.addAll(more.isEmpty() ? List.of() : List.of(more.split("\\s+")));
        command.addAll(List.of("-jar", plan.home().resolve("relay/target/penstock-all.jar").toString(), "run", "-c",
            folder.resolve("relay.conf").toString()));
        plan.settings().forEach((key, value) -> command.addAll(List.of("--set", key + "=" + value)));
        return new ProcessBuilder(command).redirectOutput(ProcessBuilder.Redirect.DISCARD);
    }

    private static long firstUpdateNs(final ServerProcess relay, final int port) {
        final long endNs = RigClock.afterSeconds(GIVE_UP_SECONDS);
        while (relay.isAlive() && System.nanoTime() - endNs < 0) {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                socket.setSoTimeout(PATIENCE_MS);
                socket.getOutputStream()
                    .write(("GET /v1/raw?symbols=*&interval=0 HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\n"
                    + "Connection: Upgrade\r\nSec-WebSocket-Key: " + Handshake.newKey()
                    + "\r\nSec-WebSocket-Version: 13\r\n\r\n")
                    .getBytes(StandardCharsets.US_ASCII));
                if (hasUpdate(socket.getInputStream())) {
                    return System.nanoTime();
                }
            } catch (final IOException e) {
                // it does not listen yet
            }
            LockSupport.parkNanos(TRY_EVERY_NS);
        }
        throw new IllegalStateException("no update within " + GIVE_UP_SECONDS
            + " s; see relay-start.log in the folder of the results");
    }

    private static boolean hasUpdate(final InputStream in) throws IOException {
        final byte[] bytes = new byte[1 << 16];
        final StringBuilder text = new StringBuilder();
        for (int count = in.read(bytes); count > 0; count = in.read(bytes)) {
            text.append(new String(bytes, 0, count, StandardCharsets.ISO_8859_1));
            if (text.indexOf("\"ns\":") >= 0) {
                return true;
            }
        }
        return false;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
