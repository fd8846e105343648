package penstock.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import penstock.Relay;
import penstock.config.relay.RelayConfig;
import penstock.config.relay.RelayConfigLoader;
import penstock.identity.key.ClientKey;
import penstock.server.admin.RightsEndpoint;
import penstock.testkit.Patience;
import penstock.testkit.RightsService;
import penstock.telemetry.Counter;
import penstock.venue.Venue;

/** A whole relay with a service of rights; the operator says that rights have changed. */
@Timeout(Patience.TEST_SECONDS)
class RightsRefreshTest {
    private static final String KEY = ClientKey.random();

    private final HttpClient client = HttpClient.newHttpClient();
    @TempDir
    private Path folder;
    private RightsService service;
    private Relay relay;

    @BeforeEach
    void start() throws IOException {
        service = new RightsService();
        service.grant("desk-7", "fx");
        Files.writeString(folder.resolve("keys.conf"),
            "keys = [{ id = desk-7, hash = \"sha256:" + ClientKey.hash(KEY) + "\" }]");
        final Path file = Files.writeString(folder.resolve("relay.conf"), """
            feed { venue = json, url = "ws://127.0.0.1:1/" }
            server { port = 0, io-threads = 2, drain-time = 0 }
            admin { port = 0, token = operator }
            telemetry.dir = "%s"
            auth { mode = keys, keys-file = keys.conf, rights.url = "%s" }
            products { fx { symbols = ["EUR*"] } }
            """.formatted(folder.resolve("telemetry"), service.url()));
        final RelayConfig config = new RelayConfigLoader(Map.of()).load(file, List.of());
        relay = new Relay(config, Venue.load("json", config.feed().settings(), name -> null), null);
    }

    @AfterEach
    void stop() {
        relay.close();
        service.close();
        assertThat(relay.telemetry().errors().entries()).isEmpty();
    }

    @Test
    void shouldAskForOpenSessionsAgainWhenTheOperatorSaysSo() throws Exception {
        client.newWebSocketBuilder().header("Authorization", "Bearer " + KEY)
            .buildAsync(URI.create("ws://127.0.0.1:" + relay.port() + "/v1/ws"), new WebSocket.Listener() { }).join();
        assertThat(service.asked()).containsExactly("desk-7");

        assertThat(refresh("?principal=desk-7", "Authorization", "Bearer operator").body()).isEqualTo("{\"asked\":1}");
        await().until(() -> service.asked().size() == 2);
        assertThat(refresh("?principal=desk-8", "Authorization", "Bearer operator").body()).isEqualTo("{\"asked\":0}");
        final HttpResponse<String> all = refresh("", "Authorization", "Bearer operator");
        assertThat(all.statusCode()).isEqualTo(202);
        assertThat(all.body()).isEqualTo("{\"asked\":1}");
        await().until(() -> service.asked().size() == 3);

        // the service knows of a request before the relay has counted it
        await().until(() -> relay.telemetry().sum(Counter.RIGHTS_ASKED) == 3);
        final HttpResponse<String> metrics = client.send(request(relay.adminPort(), "/metrics")
            .header("Authorization", "Bearer operator").build(), BodyHandlers.ofString());
        assertThat(metrics.body()).contains("penstock_rights_asked_total{owner=\"rights\"} 3.0",
            "penstock_rights_failed_total{owner=\"rights\"} 0.0", "penstock_rights_missing_total{owner=\"rights\"} 0.0",
            "penstock_rights_age_seconds 0.0").doesNotContain("sessions_opened_total{owner=\"rights\"}");
    }

    @Test
    void shouldServeTheOperatorOnly() throws Exception {
        final String wrong = "Bearer operator2";
        assertThat(refresh("", "Authorization", wrong).statusCode()).isEqualTo(401);
        assertThat(refresh("", "X-Other", "y").statusCode()).isEqualTo(401);
        final HttpRequest page = request(relay.adminPort(), RightsEndpoint.PATH).POST(BodyPublishers.noBody())
            .header("Authorization", "Bearer operator").header("Origin", "https://evil.test").build();
        assertThat(client.send(page, BodyHandlers.ofString()).statusCode()).isEqualTo(403);
        final HttpRequest elsewhere = request(relay.port(), RightsEndpoint.PATH).POST(BodyPublishers.noBody())
            .header("Authorization", "Bearer operator").build();
        assertThat(client.send(elsewhere, BodyHandlers.ofString()).statusCode()).isEqualTo(404);
        assertThat(service.asked()).isEmpty();
    }

    @Test
    void shouldRefuseWhatIsNoSuchRequest() throws Exception {
        for (final String query : List.of("?id=x", "?principal=a&principal=b", "?principal=", "?principal=%0a",
            "?principal=" + "a".repeat(129))) {
            assertThat(refresh(query, "Authorization", "Bearer operator").statusCode()).as(query).isEqualTo(400);
        }
        final HttpRequest get = request(relay.adminPort(), RightsEndpoint.PATH)
            .header("Authorization", "Bearer operator").build();
        assertThat(client.send(get, BodyHandlers.ofString()).statusCode()).isEqualTo(405);
        final HttpRequest body = request(relay.adminPort(), RightsEndpoint.PATH).POST(BodyPublishers.ofString("x"))
            .header("Authorization", "Bearer operator").build();
        assertThat(client.send(body, BodyHandlers.ofString()).statusCode()).isEqualTo(400);
    }

    private HttpResponse<String> refresh(final String query, final String header, final String value)
            throws Exception {
        return client.send(request(relay.adminPort(), RightsEndpoint.PATH + query).header(header, value)
            .POST(BodyPublishers.noBody()).build(), BodyHandlers.ofString());
    }

    private static HttpRequest.Builder request(final int port, final String target) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + target));
    }
}
