package penstock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
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
