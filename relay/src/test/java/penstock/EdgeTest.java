package penstock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import penstock.docs.Pages;
import penstock.testkit.Patience;

/** A relay behind another one, and one behind that: their subscribers see what those of the first one see. */
@Timeout(Patience.TEST_SECONDS)
class EdgeTest {
    private final HttpClient http = HttpClient.newHttpClient();
    @TempDir
    private Path folder;
    private final AskedVenue venue = new AskedVenue();

    @AfterEach
    void closeVenue() {
        venue.close();
    }

    @Test
    void shouldShowTheSameNumbersAfterThreeHops() throws Exception {
        try (ReloadedRelay ingest = ingest(); ReloadedRelay edge = behind(ingest); ReloadedRelay outer = behind(edge)) {
            awaitAsked();
            venue.send("quote", "A");
            venue.send("quote", "B");
            venue.send("trade", "A");
            awaitReady(outer);
            assertThat(snapshot(outer, "quote")).isEqualTo(snapshot(ingest, "quote")).contains("\"s\":\"A\"");
            try (ReloadedRelay.Client first = ingest.open("?symbols=*&interval=0");
                    ReloadedRelay.Client third = outer.open("?symbols=*&interval=0")) {
                final String epoch = first.readUntil("\"welcome\"").replaceAll(".*\"epoch\":(\\d+).*", "$1");
                final String welcome = third.readUntil("\"welcome\"");
                assertThat(welcome).contains("\"epoch\":" + epoch + ",", "\"name\":\"asked\",\"state\":\"live\"",
                    "\"quote\",\"class\":\"last-value\",\"default\":true");
                first.readUntil("\"last\":true");
                third.readUntil("\"last\":true");
                for (int i = 0; i < 20; i++) {
                    venue.send("quote", "A");
                    final String there = first.readUntil("\"update\"");
                    assertThat(third.readUntil("\"update\"").replaceAll("\"ts\":\\d+", "ts"))
                        .isEqualTo(there.replaceAll("\"ts\":\\d+", "ts"));
                }
            }
        }
    }

    @Test
    void shouldRefuseSessionsBeforeItHasSeenTheOtherRelay() throws Exception {
        try (ReloadedRelay edge = new ReloadedRelay(folder(), "feed { venue = penstock, url = \"ws://127.0.0.1:1/\" }\n")) {
            final HttpResponse<String> refused = get(edge.relay.port(), "/v1/snapshot");
            assertThat(refused.statusCode()).isEqualTo(503);
            assertThat(refused.body()).contains("not_ready");
            assertThat(get(edge.relay.port(), "/readyz").statusCode()).isEqualTo(503);
        }
    }

    @Test
    void shouldSayWhatEachRelayIsAmongTheOthers() throws Exception {
        try (ReloadedRelay ingest = ingest()) {
            assertThat(role(ingest).get("role").asText()).isEqualTo("standalone");
            assertThat(role(ingest).has("link")).isFalse();
            try (ReloadedRelay edge = behind(ingest); ReloadedRelay outer = behind(edge)) {
                awaitAsked();
                venue.send("quote", "A");
                awaitReady(outer);
                final JsonNode its = role(outer);
                assertThat(its.get("role").asText()).isEqualTo("edge");
                assertThat(its.get("epoch")).isEqualTo(role(ingest).get("epoch"));
                assertThat(its.get("hops")).hasSize(3);
                assertThat(its.get("hops").get(0)).isEqualTo(role(ingest).get("relay"));
                assertThat(its.get("hops").get(2)).isEqualTo(its.get("relay"));
                assertThat(its.get("link").get("state").asText()).isEqualTo("live");
                assertThat(its.get("link").get("begun").asLong()).isEqualTo(2);
                assertThat(its.get("link").get("silent").asLong()).isNotNegative();
                membersOfThePage(its);
                assertThat(role(ingest).get("role").asText()).isEqualTo("ingest");
                assertThat(role(ingest).get("edges").asInt()).isEqualTo(1);
                assertThat(role(edge).get("edges").asInt()).isEqualTo(1);
                assertThat(metrics(outer)).contains("penstock_role{role=\"edge\"} 1.0", "penstock_hop 2.0",
                    "penstock_role{role=\"ingest\"} 0.0", "penstock_link_live 1.0", "penstock_link_held_bytes 0.0")
                    .containsPattern("penstock_link_lag_seconds \\d").containsPattern("penstock_epoch \\d");
                await().atMost(Patience.LIMIT).until(() -> metrics(ingest)
                    .matches("(?s).*penstock_edge_updates_total\\{edge=\"[^\"~]+\"} [1-9].*"));
                assertThat(metrics(ingest)).containsPattern("penstock_edge_conflated_total\\{edge=\"[^\"~]+\"} \\d")
                    .contains("penstock_edges 1.0", "penstock_edge_sessions");
                assertThat(metrics(ingest)).contains("penstock_role{role=\"ingest\"} 1.0", "penstock_hop 0.0")
                    .doesNotContain("penstock_link_live");
            }
            await().atMost(Patience.LIMIT).until(() -> role(ingest).get("role").asText().equals("standalone"));
            await().atMost(Patience.LIMIT).until(() -> metrics(ingest).contains("penstock_edge_late_seconds{")
                && !metrics(ingest).contains("penstock_edge_updates_total{"));
        }
    }

    @Test
    void shouldSayThatItsLinkIsLostAndWhatToDo() throws Exception {
        try (ReloadedRelay ingest = ingest(); ReloadedRelay edge = behind(ingest)) {
            awaitAsked();
            venue.send("quote", "A");
            awaitReady(edge);
            ingest.relay.close();
            await().atMost(Patience.LIMIT).until(() -> findings(edge).toString().contains("relay in front"));
            final JsonNode finding = findings(edge).get(0);
            assertThat(finding.get("severity").asText()).isEqualTo("critical");
            assertThat(finding.get("subject").asText()).isEqualTo("link");
            assertThat(finding.get("text").asText()).startsWith("the relay in front of this one is lost");
            assertThat(finding.get("remedy").asText()).contains("127.0.0.1:" + ingest.relay.port(), "/readyz");
            assertThat(findings(edge)).as("the loss of the feed is no finding beside it").hasSize(1);
            assertThat(metrics(edge)).contains("penstock_link_live 0.0");
        }
    }

    @Test
    void shouldSayThatItDoesNotFollowALoop() throws Exception {
        final int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        try (ReloadedRelay ingest = ingest(); ReloadedRelay edge = new ReloadedRelay(folder(), "server.port = " + port
                + "\nfeed { venue = penstock, urls = [\"ws://127.0.0.1:" + ingest.relay.port()
                + "/v1/ws\", \"ws://127.0.0.1:" + port + "/v1/ws\"] }\n")) {
            awaitAsked();
            venue.send("quote", "A");
            awaitReady(edge);
            ingest.relay.close();
            await().atMost(Patience.LIMIT).until(() -> findings(edge).toString().contains("that it does not follow"));
            assertThat(findings(edge).toString()).contains("a loop", "correct feed.urls");
        }
    }

    private JsonNode findings(final ReloadedRelay relay) throws Exception {
        return new ObjectMapper().readTree(get(relay.relay.adminPort(), "/admin/v1/findings").body()).get("findings");
    }

    /** Those of a link, and the others but for that of the lease. */
    private static void membersOfThePage(final JsonNode role) throws Exception {
        final Set<String> members = new TreeSet<>(List.of("lease"));
        role.fieldNames().forEachRemaining(members::add);
        assertThat(described("| member of the role |")).isEqualTo(members);
        final Set<String> ofLink = new TreeSet<>();
        role.get("link").fieldNames().forEachRemaining(ofLink::add);
        assertThat(described("| member of the link |")).isEqualTo(ofLink);
        final String page = Pages.text("relay/docs/reference/admin-api.md");
        final JsonNode shown = new ObjectMapper().readTree(
            page.substring(page.indexOf("{\"role\":\"edge\"")).lines().findFirst().orElseThrow());
        assertThat(shown.fieldNames()).toIterable().containsExactlyElementsOf(() -> role.fieldNames());
        assertThat(shown.get("link").fieldNames()).toIterable()
            .containsExactlyElementsOf(() -> role.get("link").fieldNames());
    }

    private static Set<String> described(final String head) {
        final String page = Pages.text("relay/docs/reference/admin-api.md");
        final String table = page.substring(page.indexOf(head));
        return table.substring(0, table.indexOf("\n\n")).lines().skip(2).map(line -> line.split("\\|")[1])
            .flatMap(names -> Arrays.stream(names.split(","))).map(name -> name.replace("`", "").trim())
            .collect(Collectors.toCollection(TreeSet::new));
    }

    private JsonNode role(final ReloadedRelay relay) throws Exception {
        return new ObjectMapper().readTree(get(relay.relay.adminPort(), "/admin/v1/role").body());
    }

    private String metrics(final ReloadedRelay relay) throws Exception {
        return get(relay.relay.adminPort(), "/metrics").body();
    }

    private Path folder() throws Exception {
        final Path own = Files.createTempDirectory(folder, "relay");
        Files.writeString(own.resolve("asked.conf"), AskedVenue.FILE);
        return own;
    }

    private ReloadedRelay ingest() throws Exception {
        return new ReloadedRelay(folder(), "feed { venue = asked.conf, url = \"" + venue.url()
            + "\", symbols = [A, B], channels = [quote, trade] }\n");
    }

    private ReloadedRelay behind(final ReloadedRelay other) throws Exception {
        return new ReloadedRelay(folder(), "feed { venue = penstock, url = \"ws://127.0.0.1:" + other.relay.port()
            + "/v1/ws\" }\n");
    }

    private void awaitAsked() {
        await().until(() -> venue.asked().size() == 4);
    }

    private void awaitReady(final ReloadedRelay relay) {
        await().until(() -> get(relay.relay.port(), "/readyz").statusCode() == 200);
    }

    private String snapshot(final ReloadedRelay relay, final String channel) throws Exception {
        return get(relay.relay.port(), "/v1/snapshot?channel=" + channel).body();
    }

    private HttpResponse<String> get(final int port, final String path) throws Exception {
        return http.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
            HttpResponse.BodyHandlers.ofString());
    }
}
