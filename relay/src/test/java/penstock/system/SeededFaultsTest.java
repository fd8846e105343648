package penstock.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import penstock.Relay;
import penstock.config.relay.RelayConfig;
import penstock.config.relay.RelayConfigLoader;
import penstock.testkit.ParsedJson;
import penstock.testkit.Patience;
import penstock.top.TopCommand;
import penstock.upstream.ScriptedServer;
import penstock.venue.Venue;
import picocli.CommandLine;

/**
 * Six faults, each put into a relay that is well otherwise: the admin API names the fault and its cause first, and the
 * first lines of {@code relay top} do.
 */
@Tag("gate")
class SeededFaultsTest {
    private static final int SESSIONS = 1_000;
    private static final int LARGE = 20_000;
    private static final int BURST = 1_000;
    /** The log has the address of each connection: it fills a pipe that nothing reads. */
    private static final int LONG_PATH = 20_000;
    private static final long AHEAD_MS = 5_000;
    private static final Duration LIMIT = Patience.LIMIT;

    private final HttpClient http = HttpClient.newHttpClient();
    /** What the venue does after it has accepted the symbols. */
    private final AtomicReference<ScriptedServer.Script> script = new AtomicReference<>(peer -> tick(peer, "1"));
    private ScriptedServer venue;
    private volatile String value = "1";

    @TempDir
    private Path folder;

    @BeforeEach
    void start() throws IOException {
        venue = new ScriptedServer(peer -> script.get().play(FaultyVenue.subscribed(peer)));
    }

    @AfterEach
    void stop() throws IOException {
        venue.close();
        assertThat(venue.failures).isEmpty();
    }

    @Test
    void shouldNameTheOneSlowSessionOfAThousand() throws Exception {
        script.set(peer -> tick(peer, null));
        try (Relay relay = relay(FaultyVenue.plain().file(folder), "server.send-buffer=4k");
             SubscriberFleet fleet = new SubscriberFleet(relay.port())) {
            final Subscriber slow = fleet.open("/v1/ws?symbols=BTCUSDT&interval=0", 4_096);
            for (int i = 1; i < SESSIONS; i++) {
                fleet.open("/v1/ws?symbols=BTCUSDT&interval=60000", 0);
            }
            await("sessions").atMost(LIMIT).until(() -> relay.sessionCount() == SESSIONS);
            await("all is well").atMost(LIMIT).until(() -> findings(relay.adminPort()).isEmpty());
            fleet.pause(slow, true);
            value = "\"" + "v".repeat(LARGE) + "\"";
            final Map<?, ?> first = firstFinding(relay.adminPort(), "session ", "");
            assertThat(first.get("severity")).isEqualTo("warning");
            assertThat(first.get("text").toString()).startsWith("1 of 1000 sessions is late: ");
            assertThat(first.get("cause").toString()).startsWith("its socket takes no bytes");
            assertTopShows(relay.adminPort(), "WARNING  session ", "because its socket takes no bytes");
            assertThat(relay.telemetry().errors().entries()).isEmpty();
        }
    }

    @Test
    void shouldNameASymbolThatWasAcceptedAndIsSilent() throws Exception {
        try (Relay relay = relay(FaultyVenue.plain().more("channels.quote.first-value = 100ms").file(folder),
                "feed.symbols=[BTCUSDT, QUIET]")) {
            final Map<?, ?> first = firstFinding(relay.adminPort(), "feed faulty", "no value came for quote QUIET");
            assertThat(first.get("cause").toString())
                .startsWith("the venue accepted these symbols and has sent nothing");
            assertTopShows(relay.adminPort(), "WARNING  feed faulty: no value came for quote QUIET",
                "because the venue accepted");
        }
    }

    @Test
    void shouldNameAnotherLoginThatEvictsUs() throws Exception {
        script.set(peer -> {
            peer.text(FaultyVenue.quote("BTCUSDT", 1));
            peer.close(4_001, "logged in elsewhere");
        });
        final FaultyVenue rules =
            FaultyVenue.plain().connection("second-login = evicts-oldest, evicted { codes = [4001] }");
        try (Relay relay = relay(rules.file(folder))) {
            await("contested").atMost(LIMIT).until(() -> first(relay.adminPort(), "cause")
                .startsWith("another program goes on logging in with the same credentials"));
            assertThat(first(relay.adminPort(), "severity")).isEqualTo("critical");
            assertThat(first(relay.adminPort(), "remedy")).startsWith("stop it, or give it credentials of its own");
            assertTopShows(relay.adminPort(), "CRITICAL feed faulty: its prices are not live",
                "because another program goes on logging in with the same credentials");
        }
    }

    @Test
    void shouldNameAFullRing() throws Exception {
        final ByteArrayOutputStream burst = new ByteArrayOutputStream();
        for (int i = 0; i < BURST; i++) {
            burst.write(ScriptedServer.Peer.frameBytes(0x81,
                FaultyVenue.quote("BTCUSDT", i).getBytes(StandardCharsets.UTF_8)));
        }
        script.set(peer -> {
            while (true) {
                peer.raw(burst.toByteArray());
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            }
        });
        try (Relay relay = relay(FaultyVenue.plain().file(folder), "ring.slots=16")) {
            final Map<?, ?> first = firstFinding(relay.adminPort(), "ring", "");
            assertThat(first.get("severity")).isEqualTo("critical");
            assertThat(first.get("cause").toString()).startsWith("the io threads need longer for the updates");
            assertTopShows(relay.adminPort(), "CRITICAL ring: the ring is full", "because the io threads need longer");
        }
    }

    @Test
    void shouldNameABlockedLog() throws Exception {
        final Path config = Files.writeString(folder.resolve("relay.conf"), "feed { venue = \""
            + FaultyVenue.plain().file(folder) + "\", url = \"" + venue.url() + "x".repeat(LONG_PATH)
            + "\", symbols = [BTCUSDT] }\n");
        try (RelayProcess relay = RelayProcess.startWithBlockedErrorStream("run", "-c", config.toString(), "--set",
                "telemetry.dir=" + folder.resolve("counters"))) {
            final Map<?, ?> first = firstFinding(relay.adminPort, "log", "");
            assertThat(first.get("severity")).isEqualTo("warning");
            assertThat(first.get("text").toString()).startsWith("the log is blocked");
            assertThat(first.get("cause").toString()).startsWith("nothing reads standard output or standard error");
            assertTopShows(relay.adminPort, "WARNING  log: the log is blocked",
                "because nothing reads standard output");
        }
    }

    @Test
    void shouldNameAWrongClock() throws Exception {
        final Path rules = Path.of(FaultyVenue.plain().file(folder));
        Files.writeString(rules, Files.readString(rules).replace("emit = \"$/v\"",
            "emit = \"$/v\", ts { at = \"$/t\", unit = ms }"));
        script.set(peer -> {
            while (true) {
                peer.text("{\"s\":\"BTCUSDT\",\"v\":1,\"t\":" + (System.currentTimeMillis() + AHEAD_MS) + "}");
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
            }
        });
        try (Relay relay = relay(rules.toString())) {
            final Map<?, ?> first =
                firstFinding(relay.adminPort(), "feed faulty", "the venue's time in its updates is ");
            assertThat(first.get("text").toString()).matches(".* [45][.][0-9] s ahead of this machine's clock");
            assertThat(first.get("cause").toString())
                .startsWith("this machine's clock is behind, or the venue's is ahead");
            assertTopShows(relay.adminPort(), "WARNING  feed faulty: the venue's time in its updates is",
                "because this machine's clock is behind");
        }
    }

    /** A value each 20 ms, until the relay is gone; null = {@link #value}. */
    private void tick(final ScriptedServer.Peer peer, final String constant) throws IOException {
        while (true) {
            peer.text(FaultyVenue.quote("BTCUSDT", constant == null ? value : constant));
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    private Relay relay(final String rules, final String... settings) throws IOException {
        final RelayConfig config = new RelayConfigLoader(Map.of()).loadText("relay.conf",
            "server { port = 0, io-threads = 1 }\nadmin.port = 0\nfeed { venue = \"" + rules + "\", url = \""
            + venue.url() + "\", symbols = [BTCUSDT] }\ntelemetry.dir = \"" + folder.resolve("counters") + "\"\n",
            List.of(settings));
        return new Relay(config, Venue.load(rules, config.feed().settings(), key -> null), null);
    }

    /** Waits until the first finding is about that, and begins like that. */
    private Map<?, ?> firstFinding(final int adminPort, final String subject, final String text) {
        await(subject).atMost(LIMIT).until(() -> first(adminPort, "subject").startsWith(subject)
            && first(adminPort, "text").startsWith(text));
        return ParsedJson.object(findings(adminPort).get(0));
    }

    private String first(final int adminPort, final String member) {
        final List<?> all = findings(adminPort);
        return all.isEmpty() ? "" : ParsedJson.object(all.get(0)).get(member).toString();
    }

    private List<?> findings(final int adminPort) {
        try {
            final HttpResponse<String> answer = http.send(HttpRequest.newBuilder(
                URI.create("http://127.0.0.1:" + adminPort + "/admin/v1/findings")).build(),
                HttpResponse.BodyHandlers.ofString());
            return ParsedJson.list(ParsedJson.object(ParsedJson.values(answer.body())).get("findings"));
        } catch (final IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Behind the line that says whether prices are live come the fault and its cause. A busy machine may be late. */
    private static void assertTopShows(final int adminPort, final String fault, final String cause) {
        await(fault).atMost(LIMIT).untilAsserted(() -> {
            final StringWriter out = new StringWriter();
            assertThat(new CommandLine(new TopCommand()).setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(out, true)).execute("--once", "--url", "127.0.0.1:" + adminPort)).isZero();
            final List<String> lines = out.toString().lines().toList();
            assertThat(lines.get(0)).startsWith("PRICES ARE ");
            assertThat(lines.get(1)).startsWith(fault);
            assertThat(lines.get(2).strip()).startsWith(cause);
        });
    }
}
