package penstock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.YearMonth;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import penstock.identity.key.ClientKey;
import penstock.testkit.FaultProxy;
import penstock.testkit.Patience;
import penstock.usage.ledger.UsageReport;

/**
 * Who may see what at a relay behind another one is what the first one says: two edges with real links, one more behind
 * an edge, all with a file of keys of their own.
 */
@Tag("gate")
@Tag("alone")
@Timeout(Patience.TEST_SECONDS)
class EdgeRightsTest {
    private static final String PRODUCTS = "products { fx { symbols = [A] }, more { symbols = [B] } }\n";
    private static final String ALL = ", products = [fx, more]";

    private final HttpClient http = HttpClient.newHttpClient();
    private final Map<String, String> keys = new LinkedHashMap<>();
    private final Map<String, String> terms = new LinkedHashMap<>();
    private final List<ReloadedRelay> relays = new ArrayList<>();
    private final List<ReloadedRelay.Client> clients = new ArrayList<>();
    @TempDir
    private Path folder;
    private final AskedVenue venue = new AskedVenue();
    /** Of every relay's configuration. */
    private String more = "";

    @BeforeEach
    void nameClients() {
        terms.put("edge", ", role = edge");
        terms.put("one", ALL + ", sessions = 1");
        terms.put("newest", ALL + ", sessions = 1, on-excess = evict-oldest");
        terms.put("free", ALL);
        terms.put("good", ALL);
        terms.keySet().forEach(id -> keys.put(id, ClientKey.random()));
    }

    @AfterEach
    void close() throws IOException {
        for (final ReloadedRelay.Client each : clients) {
            each.close();
        }
        for (int i = relays.size() - 1; i >= 0; i--) {
            relays.get(i).close();
        }
        venue.close();
    }

    @Test
    void shouldLetAClientHaveOneSessionAtTwoEdgesTogether() throws Exception {
        final ReloadedRelay ingest = ingest("");
        final ReloadedRelay london = behind(ingest);
        final ReloadedRelay tokyo = behind(ingest);
        final ReloadedRelay.Client first = open(london, "one");
        first.readUntil("\"welcome\"");
        awaitRefused(tokyo, "one", 429, "close 4429 too_many_sessions");
        assertThat(status(ingest, "one")).as("at the ingest, too").isEqualTo(429);
        assertThat(status(tokyo, "good")).as("another client").isEqualTo(101);
        assertThat(first.readAll()).as("it lives").contains("\"pong\"");
        first.close();
        await().atMost(Patience.LIMIT).until(() -> status(tokyo, "one") == 101);
    }

    @Test
    void shouldLeaveOneOfTwoSessionsThatTwoEdgesLetInAtTheSameMoment() throws Exception {
        final ReloadedRelay ingest = ingest("");
        final ReloadedRelay london = behind(ingest);
        final ReloadedRelay tokyo = behind(ingest);
        final ReloadedRelay.Client first = open(london, "newest");
        final ReloadedRelay.Client second = open(tokyo, "newest");
        first.readUntil("\"welcome\"");
        second.readUntil("\"welcome\"");
        await().atMost(Patience.LIMIT).until(() -> isLive(first) != isLive(second));
        final boolean isFirstLive = isLive(first);
        final ReloadedRelay.Client here = open(ingest, "newest");
        here.readUntil("\"welcome\"");
        assertThat((isFirstLive ? first : second).readUntil("close"))
            .isEqualTo("close 4409 replaced by a newer session");
    }

    @Test
    void shouldEndSessionsAtEveryHopWhenTheIngestWithdrawsAKey() throws Exception {
        final ReloadedRelay ingest = ingest("");
        final ReloadedRelay edge = behind(ingest);
        final ReloadedRelay outer = behind(edge);
        final ReloadedRelay.Client second = open(edge, "free");
        final ReloadedRelay.Client third = open(outer, "free");
        second.readUntil("\"welcome\"");
        third.readUntil("\"welcome\"");
        final String kept = terms.remove("free");
        ingest.put("keys.conf", keysFile());
        assertThat(second.readUntil("close")).startsWith("close 4401");
        assertThat(third.readUntil("close")).startsWith("close 4401");
        awaitRefused(outer, "free", 401, "close 4401");
        assertThat(status(outer, "good")).isEqualTo(101);
        terms.put("free", kept);
        ingest.put("keys.conf", keysFile());
        await().atMost(Patience.LIMIT).until(() -> status(outer, "free") == 101);
    }

    @Test
    void shouldTakeAwayAtAnEdgeWhatTheIngestTakesAway() throws Exception {
        final ReloadedRelay ingest = ingest("");
        final ReloadedRelay edge = behind(ingest);
        venue.send("quote", "A");
        venue.send("quote", "B");
        final ReloadedRelay.Client client = open(edge, "free");
        client.say("{\"op\":\"subscribe\",\"symbols\":[\"A\",\"B\"]}");
        client.readUntil("\"B\"");
        terms.put("free", ", products = [fx]");
        ingest.put("keys.conf", keysFile());
        assertThat(client.readUntil("\"denied\",")).contains("\"symbols\":[\"B\"]");
        terms.put("free", ALL);
        ingest.put("keys.conf", keysFile());
        assertThat(client.readUntil("\"snapshot\"")).contains("\"s\":\"B\"");
    }

    @Test
    void shouldCatchUpAfterAnEdgeWasCutOff() throws Exception {
        final ReloadedRelay ingest = ingest("");
        final int port = ingest.relay.port();
        final ReloadedRelay edge = behind(ingest);
        final ReloadedRelay.Client free = open(edge, "free");
        final ReloadedRelay.Client good = open(edge, "good");
        free.readUntil("\"welcome\"");
        good.readUntil("\"welcome\"");
        relays.remove(ingest);
        ingest.close();
        terms.remove("free");
        ingest("server.port = " + port + "\n");
        assertThat(free.readUntil("close")).startsWith("close 4");
        await().atMost(Patience.LIMIT).until(() -> status(edge, "good") == 101);
        awaitRefused(edge, "free", 401, "close 4401");
    }

    @Test
    void shouldCarryTheWordsOfTheOperatorOverThreeHops() throws Exception {
        final ReloadedRelay ingest = ingest("");
        final ReloadedRelay edge = behind(ingest);
        final ReloadedRelay outer = behind(edge);
        final ReloadedRelay.Client third = open(outer, "free");
        final ReloadedRelay.Client other = open(outer, "good");
        third.readUntil("\"welcome\"");
        other.readUntil("\"welcome\"");
        await().atMost(Patience.LIMIT).until(() -> edges(edge).contains("\"links\":1,\"sessions\":2,"));
        assertThat(post(ingest, "/admin/v1/notice?text=Maintenance&principal=free")).isEqualTo("{\"sent\":0,\"edges\":1}");
        assertThat(third.readUntil("\"notice\"")).contains("\"level\":\"info\",\"text\":\"Maintenance\"")
            .doesNotContain("\"to\"");
        post(ingest, "/admin/v1/notice?text=two");
        assertThat(other.readUntil("\"notice\"")).as("the first one was for another").contains("\"two\"");
        post(ingest, "/admin/v1/kick?principal=free&reconnect=false");
        assertThat(third.readUntil("close")).isEqualTo("close 4403 closed by the operator");
        assertThat(isLive(other)).isTrue();
        await().alias("the ingest knows the session behind both hops").atMost(Patience.LIMIT)
            .until(() -> edges(ingest).contains("\"links\":1,\"sessions\":1,"));
    }

    @Test
    void shouldDoWhatTheOperatorSaidWhileALinkWasCut() throws Exception {
        final ReloadedRelay ingest = ingest("");
        try (FaultProxy way = new FaultProxy(ingest.relay.port(), new Random(1))) {
            final ReloadedRelay outer = behind(behind(way.port()));
            final ReloadedRelay.Client kicked = open(outer, "free");
            final ReloadedRelay.Client good = open(outer, "good");
            kicked.readUntil("\"welcome\"");
            good.readUntil("\"welcome\"");
            way.down.isStalled = true;
            post(ingest, "/admin/v1/notice?text=Maintenance");
            post(ingest, "/admin/v1/kick?principal=free&reconnect=false");
            // an edge does not know how long an order was on its way: who comes within that time is closed, too
            good.readUntil("\"stale\"");
            final ReloadedRelay.Client late = open(outer, "free");
            late.readUntil("\"welcome\"");
            way.reset();
            way.down.clear();
            assertThat(good.readUntil("\"notice\"")).contains("\"text\":\"Maintenance\"");
            assertThat(kicked.readUntil("close")).isEqualTo("close 4403 closed by the operator");
            way.reset();
            await().atMost(Patience.LIMIT).until(() -> post(ingest, "/admin/v1/notice?text=two")
                .equals("{\"sent\":0,\"edges\":1}"));
            assertThat(good.readUntil("\"notice\"")).as("once, though the link was cut again").contains("\"two\"");
            assertThat(isLive(late)).as("it has begun since").isTrue();
        }
    }

    @Test
    void shouldAddUpTheUsageOfAllRelaysSoThatAClientOfTwoEdgesIsOneUserWithTwoSessions() throws Exception {
        more = "usage { dir = ledger, interval = 1h }\n";
        final ReloadedRelay ingest = ingest("");
        final ReloadedRelay london = behind(ingest);
        final ReloadedRelay tokyo = behind(ingest);
        venue.send("quote", "A");
        final ReloadedRelay.Client first = open(london, "free");
        final ReloadedRelay.Client second = open(tokyo, "free");
        for (final ReloadedRelay.Client each : List.of(first, second)) {
            each.say("{\"op\":\"subscribe\",\"symbols\":[\"A\"],\"interval\":0}");
            // as an image, or as the first update
            each.readUntil("\"s\":\"A\"");
        }
        venue.send("quote", "A");
        first.readUntil("\"update\"");
        second.readUntil("\"update\"");
        final List<Path> ledgers = relays.stream().map(relay -> relay.file("ledger")).toList();
        for (int i = relays.size() - 1; i >= 0; i--) {
            relays.remove(i).close();
        }
        final YearMonth month = YearMonth.now(ZoneOffset.UTC);
        final String report = new UsageReport(UsageReport.Unit.USER, UsageReport.Basis.ACCESSED, null)
            .of(ledgers, month);
        assertThat(report.lines().skip(1)).as("the links use nothing: %s", report).singleElement().asString()
            .startsWith(month + ",fx,display,free,1,2,");
        final String[] counts = report.strip().split(",");
        assertThat(Integer.parseInt(counts[counts.length - 2]) + Integer.parseInt(counts[counts.length - 1]))
            .as("two values at two relays, the first one as image or update: %s", report).isEqualTo(4);
    }

    /** A session that is let in at first ends with {@code close}; then the relay knows, and refuses at once. */
    private void awaitRefused(final ReloadedRelay relay, final String id, final int status, final String close) {
        await().atMost(Patience.LIMIT).until(() -> {
            final int answered = status(relay, id);
            if (answered == 101) {
                try (ReloadedRelay.Client early = relay.open("", bearer(id))) {
                    assertThat(early.readUntil("close")).startsWith(close);
                } catch (final AssertionError refused) {
                    assertThat(refused.getMessage()).contains("HTTP/1.1 " + status);
                }
            }
            return answered == status;
        });
    }

    /** What a handshake is answered; the session ends at once. */
    private int status(final ReloadedRelay relay, final String id) throws IOException {
        try (HandshakeSocket socket = new HandshakeSocket(relay.relay.port(), bearer(id))) {
            return socket.status();
        }
    }

    private static boolean isLive(final ReloadedRelay.Client client) {
        try {
            client.say("ping");
            return !client.readUntil("pong").startsWith("close");
        } catch (final IOException closed) {
            return false;
        }
    }

    private ReloadedRelay.Client open(final ReloadedRelay relay, final String id) throws IOException {
        final ReloadedRelay.Client client = relay.open("", bearer(id));
        clients.add(client);
        return client;
    }

    private String bearer(final String id) {
        return "Authorization: Bearer " + keys.get(id);
    }

    private String keysFile() {
        final StringBuilder text = new StringBuilder("keys = [\n");
        terms.forEach((id, more) -> text.append("  { id = ").append(id).append(", hash = \"sha256:")
            .append(ClientKey.hash(keys.get(id))).append('"').append(more).append(" }\n"));
        return text.append("]\n").toString();
    }

    private ReloadedRelay relay(final String feed, final String own) throws IOException {
        final Path files = Files.createTempDirectory(folder, "relay");
        Files.writeString(files.resolve("asked.conf"), AskedVenue.FILE);
        Files.writeString(files.resolve("keys.conf"), keysFile());
        final ReloadedRelay relay = new ReloadedRelay(files,
            feed + "auth { mode = keys, keys-file = keys.conf }\n" + PRODUCTS + more + own);
        relays.add(relay);
        return relay;
    }

    private ReloadedRelay ingest(final String own) throws IOException {
        return relay("feed { venue = asked.conf, url = \"" + venue.url() + "\", symbols = [A, B] }\n", own);
    }

    /** An edge that is connected. */
    private ReloadedRelay behind(final ReloadedRelay other) throws IOException {
        return behind(other.relay.port());
    }

    private ReloadedRelay behind(final int port) throws IOException {
        final ReloadedRelay edge = relay("feed { venue = penstock, url = \"ws://127.0.0.1:" + port
            + "/v1/ws\", headers { Authorization = \"Bearer " + keys.get("edge") + "\" } }\n", "");
        await().atMost(Patience.LIMIT).until(() -> status(edge, "good") == 101);
        return edge;
    }

    private String edges(final ReloadedRelay relay) throws Exception {
        return http.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + relay.relay.adminPort()
            + "/admin/v1/edges")).build(), HttpResponse.BodyHandlers.ofString()).body();
    }

    private String post(final ReloadedRelay relay, final String target) throws Exception {
        return http.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + relay.relay.adminPort() + target))
            .POST(HttpRequest.BodyPublishers.noBody()).build(), HttpResponse.BodyHandlers.ofString()).body();
    }
}
