package penstock.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import penstock.Relay;
import penstock.config.relay.RelayConfig;
import penstock.config.relay.RelayConfigLoader;
import penstock.testkit.ParsedJson;
import penstock.testkit.Patience;
import penstock.upstream.ScriptedServer;
import penstock.venue.Venue;

/**
 * A real relay that is well but for one {@link SeededFault}, with its venue and its subscribers. Closing it fails the
 * test if the venue was asked for something else than it expects. One thread.
 */
final class SeededRelay implements AutoCloseable {
    private static final int SESSIONS = 1_000;
    private static final int LARGE = 20_000;
    private static final int BURST = 1_000;
    /** The log has the address of each connection: it fills a pipe that nothing reads. */
    private static final int LONG_PATH = 20_000;
    private static final long AHEAD_MS = 5_000;
    private static final Duration LIMIT = Patience.LIMIT;

    private final HttpClient http = HttpClient.newHttpClient();
    private final Path folder;
    private final ScriptedServer venue;
    /** What runs, the last one first. */
    private final Deque<Closeable> running = new ArrayDeque<>();
    private volatile String value = "1";
    private int adminPort;

    private SeededRelay(final Path folder, final ScriptedServer.Script afterSubscribe) throws IOException {
        this.folder = folder;
        venue = new ScriptedServer(peer -> afterSubscribe.play(FaultyVenue.subscribed(peer)));
    }

    /** One with that fault; its files are in {@code folder}. */
    static SeededRelay with(final SeededFault fault, final Path folder) throws Exception {
        return switch (fault) {
            case SLOW_SESSION -> slowSession(folder);
            case SILENT_SYMBOL -> ticking(folder).start(
                FaultyVenue.plain().more("channels.quote.first-value = 100ms").file(folder),
                "feed.symbols=[BTCUSDT, QUIET]");
            case EVICTED -> new SeededRelay(folder, peer -> {
                peer.text(FaultyVenue.quote("BTCUSDT", 1));
                peer.close(4_001, "logged in elsewhere");
            }).start(FaultyVenue.plain().connection("second-login = evicts-oldest, evicted { codes = [4001] }")
                .file(folder));
            case FULL_RING -> new SeededRelay(folder, SeededRelay::flood).start(FaultyVenue.plain().file(folder),
                "ring.slots=16");
            case BLOCKED_LOG -> blockedLog(folder);
            case WRONG_CLOCK -> new SeededRelay(folder, peer -> tick(peer, () -> "{\"s\":\"BTCUSDT\",\"v\":1,\"t\":"
                + (System.currentTimeMillis() + AHEAD_MS) + "}")).start(timedRules(folder));
        };
    }

    int adminPort() {
        return adminPort;
    }

    /** The finding that comes first, once it is the one of {@code fault}. */
    Map<?, ?> first(final SeededFault fault) {
        return await(fault.name()).atMost(LIMIT).until(() -> {
            final List<?> all = findings();
            return all.isEmpty() ? Map.of() : ParsedJson.object(all.get(0));
        }, first -> begins(first, "subject", fault.subject) && begins(first, "text", fault.text)
            && begins(first, "cause", fault.cause));
    }

    @Override
    public void close() throws IOException {
        while (!running.isEmpty()) {
            running.pop().close();
        }
        venue.close();
        assertThat(venue.failures).isEmpty();
    }

    private static boolean begins(final Map<?, ?> finding, final String member, final String words) {
        return finding.containsKey(member) && finding.get(member).toString().startsWith(words);
    }

    private static SeededRelay ticking(final Path folder) throws IOException {
        return new SeededRelay(folder, peer -> tick(peer, () -> FaultyVenue.quote("BTCUSDT", "1")));
    }

    private static SeededRelay slowSession(final Path folder) throws Exception {
        final List<SeededRelay> self = new ArrayList<>();
        final SeededRelay seeded = new SeededRelay(folder,
            peer -> tick(peer, () -> FaultyVenue.quote("BTCUSDT", self.get(0).value)));
        self.add(seeded);
        final Relay relay = seeded.relay(FaultyVenue.plain().file(folder), "server.send-buffer=4k",
            "fanout.evict-blocked-after=10m");
        final SubscriberFleet fleet = new SubscriberFleet(relay.port());
        seeded.running.push(fleet::close);
        final Subscriber slow = fleet.open("/v1/ws?symbols=BTCUSDT&interval=0", 4_096);
        for (int i = 1; i < SESSIONS; i++) {
            fleet.open("/v1/ws?symbols=BTCUSDT&interval=60000", 0);
        }
        await("sessions").atMost(LIMIT).until(() -> relay.sessionCount() == SESSIONS);
        await("all is well").atMost(LIMIT).until(() -> seeded.findings().isEmpty());
        fleet.pause(slow, true);
        seeded.value = "\"" + "v".repeat(LARGE) + "\"";
        return seeded;
    }

    private static SeededRelay blockedLog(final Path folder) throws IOException {
        final SeededRelay seeded = ticking(folder);
        final Path config = Files.writeString(folder.resolve("relay.conf"), "feed { venue = \""
            + FaultyVenue.plain().file(folder) + "\", url = \"" + seeded.venue.url() + "x".repeat(LONG_PATH)
            + "\", symbols = [BTCUSDT] }\n");
        final RelayProcess relay = RelayProcess.startWithBlockedErrorStream("run", "-c", config.toString(), "--set",
            "telemetry.dir=" + folder.resolve("counters"));
        seeded.running.push(relay::close);
        seeded.adminPort = relay.adminPort;
        return seeded;
    }

    /** The venue file with a time in each value. */
    private static String timedRules(final Path folder) throws IOException {
        final Path rules = Path.of(FaultyVenue.plain().file(folder));
        return Files.writeString(rules, Files.readString(rules).replace("emit = \"$/v\"",
            "emit = \"$/v\", ts { at = \"$/t\", unit = ms }")).toString();
    }

    private SeededRelay start(final String rules, final String... settings) throws IOException {
        relay(rules, settings);
        return this;
    }

    private Relay relay(final String rules, final String... settings) throws IOException {
        final RelayConfig config = new RelayConfigLoader(Map.of()).loadText("relay.conf",
            "server { port = 0, io-threads = 1 }\nadmin.port = 0\nfeed { venue = \"" + rules + "\", url = \""
            + venue.url() + "\", symbols = [BTCUSDT] }\ntelemetry.dir = \"" + folder.resolve("counters") + "\"\n",
            List.of(settings));
        final Relay relay = new Relay(config, Venue.load(rules, config.feed().settings(), key -> null), null);
        running.push(relay::close);
        running.push(() -> assertThat(relay.telemetry().errors().entries()).as("error log").isEmpty());
        adminPort = relay.adminPort();
        return relay;
    }

    private List<?> findings() throws IOException, InterruptedException {
        final HttpResponse<String> answer = http.send(HttpRequest.newBuilder(
            URI.create("http://127.0.0.1:" + adminPort + "/admin/v1/findings")).build(),
            HttpResponse.BodyHandlers.ofString());
        return ParsedJson.list(ParsedJson.object(ParsedJson.values(answer.body())).get("findings"));
    }

    private interface Words {
        String next();
    }

    /** A value each 20 ms, until the relay is gone. */
    private static void tick(final ScriptedServer.Peer peer, final Words words) throws IOException {
        while (true) {
            peer.text(words.next());
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    private static void flood(final ScriptedServer.Peer peer) throws IOException {
        final ByteArrayOutputStream burst = new ByteArrayOutputStream();
        for (int i = 0; i < BURST; i++) {
            burst.write(ScriptedServer.Peer.frameBytes(0x81,
                FaultyVenue.quote("BTCUSDT", i).getBytes(StandardCharsets.UTF_8)));
        }
        while (true) {
            peer.raw(burst.toByteArray());
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }
}
