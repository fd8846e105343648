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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import penstock.Relay;
import penstock.config.relay.RelayConfig;
import penstock.config.relay.RelayConfigLoader;
import penstock.docs.Pages;
import penstock.testkit.ParsedJson;
import penstock.venue.Venue;

/** What {@code /admin/v1/feeds} says of a feed while it is live and after its venue is gone; admin-api.md has it. */
class AdminFeedsTest {
    private final HttpClient http = HttpClient.newHttpClient();

    @TempDir
    private Path folder;

    @Test
    void shouldSayWhereEachConnectionIsAndHowItWasLost() throws Exception {
        final Path file = folder.resolve("ticking.conf");
        Files.writeString(file, TickingVenue.FILE);
        try (TickingVenue venue = new TickingVenue("A")) {
            final RelayConfig config = new RelayConfigLoader(Map.of()).loadText("relay.conf",
                "server { port = 0, io-threads = 1 }\nadmin.port = 0\nfeed { venue = \"" + file + "\", url = \""
                + venue.url() + "\", symbols = [A0, A1], channels = [quote] }", List.of());
            try (Relay relay = new Relay(config, Venue.load(file.toString(), config.feed().settings(), key -> null),
                    null)) {
                await("live").until(() -> connection(relay).get("state").equals("live"));
                final Map<?, ?> live = connection(relay);
                assertThat(live.get("url").toString()).startsWith("ws://");
                assertThat(live.get("items")).isEqualTo(2L);
                assertThat(live.get("requests")).isEqualTo(0L);
                assertThat(live.get("moving")).isEqualTo(false);
                assertThat(live.get("lastError")).isNull();
                assertThat(feed(relay).get("state")).isEqualTo("live");
                assertThat(feed(relay).get("wanted")).isEqualTo(2L);

                venue.kill();
                await("lost").until(() -> connection(relay).get("lastError") != null);
                await("told").until(() -> feed(relay).get("state").equals("stale"));
                final Map<?, ?> lost = connection(relay);
                assertThat((long) lost.get("lastErrorAgo")).isBetween(0L, 60_000L);
                final Map<?, ?> example = example();
                assertThat(feed(relay).keySet()).isEqualTo(example.keySet());
                assertThat(lost.keySet()).isEqualTo(first(example, "connections").keySet());
                assertThat(documented("| member of a feed | meaning |")).hasSameElementsAs(texts(example));
                assertThat(documented("| member of a connection | meaning |")).hasSameElementsAs(texts(lost));
            }
        }
    }

    private Map<?, ?> feed(final Relay relay) throws IOException, InterruptedException {
        final HttpResponse<String> answer = http.send(HttpRequest.newBuilder(
            URI.create("http://127.0.0.1:" + relay.adminPort() + "/admin/v1/feeds")).build(),
            HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).isEqualTo(200);
        return first(ParsedJson.object(ParsedJson.values(answer.body())), "feeds");
    }

    private Map<?, ?> connection(final Relay relay) throws IOException, InterruptedException {
        return first(feed(relay), "connections");
    }

    private static Map<?, ?> example() {
        return first(ParsedJson.object(ParsedJson.values(page().lines().filter(line -> line.startsWith("{\"feeds\""))
            .findFirst().orElseThrow())), "feeds");
    }

    private static List<String> documented(final String table) {
        return Pages.rows(page(), table).stream()
            .flatMap(row -> List.of(row.get(0).replace("`", "").split(", ")).stream()).toList();
    }

    private static String page() {
        return Pages.text("relay/docs/reference/admin-api.md");
    }

    private static List<String> texts(final Map<?, ?> object) {
        return new LinkedHashMap<>(object).keySet().stream().map(Object::toString).toList();
    }

    private static Map<?, ?> first(final Map<?, ?> object, final String name) {
        return ParsedJson.object(ParsedJson.list(object.get(name)).get(0));
    }
}
