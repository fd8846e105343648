package penstock.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import penstock.Relay;
import penstock.config.relay.RelayConfig;
import penstock.config.relay.RelayConfigLoader;
import penstock.docs.Pages;
import penstock.testkit.ParsedJson;
import penstock.testkit.Patience;
import penstock.venue.Venue;

/** {@code /admin/v1/findings} of a relay: empty while its feed is live; admin-api.md has what it answers. */
class AdminFindingsTest {
    private static final String PAGE = Pages.text("relay/docs/reference/admin-api.md");

    private final HttpClient http = HttpClient.newHttpClient();

    @TempDir
    private Path folder;

    @Test
    void shouldSayThatPricesAreNotLiveAndWhyAndNothingWhileTheyAre() throws Exception {
        final Path file = folder.resolve("ticking.conf");
        Files.writeString(file, TickingVenue.FILE);
        try (TickingVenue venue = new TickingVenue("A")) {
            final RelayConfig config = new RelayConfigLoader(Map.of()).loadText("relay.conf",
                "server { port = 0, io-threads = 2 }\nadmin.port = 0\nfeed { venue = \"" + file + "\", url = \""
                + venue.url() + "\", symbols = [A0, A1], channels = [quote] }", List.of());
            try (Relay relay = new Relay(config, Venue.load(file.toString(), config.feed().settings(), key -> null),
                    null)) {
                await("live").atMost(Patience.LIMIT).until(() -> findings(relay).isEmpty());

                venue.kill();
                await("lost").atMost(Patience.LIMIT).until(() -> !findings(relay).isEmpty());
                final Map<?, ?> worst = ParsedJson.object(findings(relay).get(0));
                assertThat(worst.get("severity")).isEqualTo("critical");
                assertThat(worst.get("subject")).isEqualTo("feed ticking");
                assertThat(worst.get("text")).isEqualTo("its prices are not live");
                assertThat(worst.get("cause").toString()).startsWith("the connection to the venue was lost");
                assertThat((long) worst.get("since")).isBetween((System.currentTimeMillis() - 60_000) * 1_000,
                    (System.currentTimeMillis() + 1_000) * 1_000);
                assertThat(worst.keySet()).isEqualTo(example().keySet());
                assertThat(Pages.rows(PAGE, "| member of a finding | meaning |").stream()
                    .map(row -> row.get(0).replace("`", "")).toList())
                    .isEqualTo(worst.keySet().stream().map(Object::toString).toList());

                venue.restart();
                await("live again").atMost(Patience.LIMIT).until(() -> findings(relay).isEmpty());
            }
        }
    }

    private List<?> findings(final Relay relay) throws IOException, InterruptedException {
        final HttpResponse<String> answer = http.send(HttpRequest.newBuilder(
            URI.create("http://127.0.0.1:" + relay.adminPort() + "/admin/v1/findings")).build(),
            HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
        return ParsedJson.list(ParsedJson.object(ParsedJson.values(answer.body())).get("findings"));
    }

    private static Map<?, ?> example() {
        return ParsedJson.object(ParsedJson.list(ParsedJson.object(ParsedJson.values(PAGE.lines()
            .filter(line -> line.startsWith("{\"findings\"")).findFirst().orElseThrow())).get("findings")).get(0));
    }
}
