package penstock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import penstock.identity.key.ClientKey;
import penstock.testkit.Patience;
import penstock.testkit.RecordedLog;

/** What the operator of an edge sees whose link is refused, and how it comes back. */
@Timeout(Patience.TEST_SECONDS)
class EdgeRefusedTest {
    private final HttpClient http = HttpClient.newHttpClient();
    private final String key = ClientKey.random();
    @TempDir
    private Path folder;
    private final AskedVenue venue = new AskedVenue();

    @AfterEach
    void closeVenue() {
        venue.close();
    }

    @Test
    void shouldSayOnceThatItsKeyIsWrongAndConnectOnceTheIngestHasTheKey() throws Exception {
        final Path files = folder();
        Files.writeString(files.resolve("keys.conf"), keys(ClientKey.random()));
        try (ReloadedRelay ingest = new ReloadedRelay(files, "feed { venue = asked.conf, url = \"" + venue.url()
                + "\", symbols = [A], channels = [quote] }\nauth { mode = keys, keys-file = keys.conf }\nproducts { fx { symbols = [A] } }\n");
                RecordedLog log = new RecordedLog("penstock.link");
                ReloadedRelay edge = behind(ingest.relay.port(), ", headers { Authorization = \"Bearer " + key
                    + "\" }")) {
            await().atMost(Patience.LIMIT).until(() -> venue.asked().size() == 1);
            venue.send("quote", "A");
            await().atMost(Patience.LIMIT).until(() -> refusals(ingest) >= 4);
            assertThat(warnings(log)).singleElement().asString().contains("401",
                "give the feed a token of a client with the role edge there");
            assertThat(log.lines()).noneMatch(line -> line.contains(key));
            final HttpResponse<String> ready = get(edge.relay.port(), "/readyz");
            assertThat(ready.statusCode()).isEqualTo(503);
            assertThat(get(edge.relay.adminPort(), "/admin/v1/findings").body()).contains("relay in front", "401");
            ingest.put("keys.conf", keys(key));
            await().atMost(Patience.LIMIT).until(() -> get(edge.relay.port(), "/readyz").statusCode() == 200);
            await().atMost(Patience.LIMIT)
                .until(() -> log.lines().stream().anyMatch(line -> line.startsWith("INFO link: live from ")));
        }
    }

    @Test
    void shouldSayThatItsAddressIsItsOwn() throws Exception {
        final int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        try (RecordedLog log = new RecordedLog("penstock.link");
                ReloadedRelay edge = new ReloadedRelay(folder(), "server.port = " + port
                    + "\nfeed { venue = penstock, url = \"ws://127.0.0.1:" + port + "/v1/ws\" }\n")) {
            await().atMost(Patience.LIMIT).until(() -> warnings(log).stream().anyMatch(line -> line.contains("508")));
            assertThat(warnings(log)).filteredOn(line -> line.contains("508")).singleElement().asString()
                .contains("that is this relay itself; let feed.url lead towards the venue");
            assertThat(get(edge.relay.port(), "/readyz").statusCode()).isEqualTo(503);
        }
    }

    private static List<String> warnings(final RecordedLog log) {
        return log.lines().stream().filter(line -> !line.startsWith("INFO") && !line.startsWith("DEBUG")).toList();
    }

    private long refusals(final ReloadedRelay ingest) throws Exception {
        return get(ingest.relay.adminPort(), "/metrics").body().lines()
            .filter(line -> line.startsWith("penstock_sessions_refused_total"))
            .mapToLong(line -> (long) Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1))).sum();
    }

    private static String keys(final String known) {
        return "keys = [ { id = edge, hash = \"sha256:" + ClientKey.hash(known) + "\", role = edge } ]\n";
    }

    private Path folder() throws Exception {
        final Path own = Files.createTempDirectory(folder, "relay");
        Files.writeString(own.resolve("asked.conf"), AskedVenue.FILE);
        return own;
    }

    private ReloadedRelay behind(final int port, final String more) throws Exception {
        return new ReloadedRelay(folder(), "feed { venue = penstock, url = \"ws://127.0.0.1:" + port + "/v1/ws\""
            + more + " }\n");
    }

    private HttpResponse<String> get(final int port, final String path) throws Exception {
        return http.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
            HttpResponse.BodyHandlers.ofString());
    }
}
