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
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import penstock.Relay;
import penstock.config.relay.RelayConfig;
import penstock.config.relay.RelayConfigLoader;
import penstock.replay.FeedServer;
import penstock.venue.Venue;

/** A symbol that the venue accepts and has no value of: its subscribers, the operator and the metrics know it. */
class AwaitedValuesTest {
    private final OnDemandVenue venue = new OnDemandVenue();
    private final FeedServer server = FeedServer.start(0, venue);
    private final HttpClient http = HttpClient.newHttpClient();

    @TempDir
    private Path folder;

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void shouldNameASymbolThatWasAcceptedAndHasNoValueUntilItHasOne() throws Exception {
        final Path file = OnDemandVenue.file(folder, "max-connections = 1");
        Files.writeString(file, Files.readString(file) + "channels.quote.first-value = 100ms\n");
        final String feed = "{ venue = \"" + file + "\", url = \"" + server.url("/") + "\", symbols = on-demand }\n";
        final RelayConfig config = new RelayConfigLoader(Map.of("PENSTOCK_ADMIN_TOKEN", "secret")).loadText("two.conf",
            "server { port = 0, io-threads = 1 }\nadmin.port = 0\nfeeds {\n one " + feed + " two " + feed + "}", List.of());
        try (Relay relay = new Relay(config, config.feeds().values().stream()
                .map(each -> Venue.load(file.toString(), each.settings(), key -> null)).toList(), null,
                Clock.systemUTC());
                SubscriberFleet fleet = new SubscriberFleet(relay.port())) {
            final Subscriber one = fleet.open("/v1/ws?feed=two&symbols=EURUSD,QUIET&interval=0", 0);
            await("told").until(() -> has(one, "[\"QUIET\"],\"state\":\"stale\",\"reason\":\"no_value\""));
            final Subscriber late = fleet.open("/v1/ws?feed=two&symbols=QUIET&interval=0", 0);
            await("told, too").until(() -> has(late, "[\"QUIET\"],\"state\":\"stale\",\"reason\":\"no_value\""));
            final int admin = relay.adminPort();
            await("named").until(() -> get(admin, "/readyz", "secret").endsWith(
                ",{\"name\":\"two\",\"state\":\"live\",\"ready\":true,\"withoutValue\":[\"quote QUIET\"]}]}"));
            assertThat(get(admin, "/readyz", "secret")).as("of feed two only").containsOnlyOnce("withoutValue");
            assertThat(get(admin, "/readyz", "guess")).as("without the token").startsWith("{\"ready\":true")
                .doesNotContain("QUIET");
            assertThat(get(relay.port(), "/readyz", "secret")).as("to subscribers").doesNotContain("QUIET");
            assertThat(get(admin, "/metrics", "secret"))
                .contains("penstock_channel_without_value{channel=\"quote\",feed=\"two\"} 1.0\n");
            venue.tradesAll = true;
            await("live").until(() -> has(one, "\"symbols\":[\"QUIET\"],\"state\":\"live\"") && one.seen.containsKey("QUIET"));
            await("no name left").until(() -> !get(admin, "/readyz", "secret").contains("withoutValue"));
            assertThat(fleet.breaches()).isEmpty();
        }
    }

    private static boolean has(final Subscriber client, final String part) {
        return client.controls.stream().anyMatch(text -> text.contains(part));
    }

    private String get(final int port, final String path, final String token) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .header("Authorization", "Bearer " + token).build(), HttpResponse.BodyHandlers.ofString()).body();
    }
}
