package penstock.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import penstock.Relay;
import penstock.config.relay.RelayConfig;
import penstock.config.relay.RelayConfigLoader;
import penstock.replay.DemoFeed;
import penstock.testkit.Patience;
import penstock.venue.Venue;

/** The calculator at {@code /sizing}: who is served it, and what Chromium shows, by {@code sizing-page.mjs}. */
@Timeout(Patience.TEST_SECONDS)
class SizingCalculatorTest {
    private static final String PATH = "/sizing";

    @TempDir
    private Path folder;

    @Test
    @Tag("browser")
    void shouldComputeWhatThePageSaysServedAndSaved() throws Exception {
        try (DemoFeed feed = DemoFeed.start(0); Relay relay = relay(feed)) {
            NodeScript.inChromium("sizing-page.mjs", "http://127.0.0.1:" + relay.adminPort() + PATH,
                folder.toRealPath().toString()).run(Map.of());
            assertThat(relay.telemetry().errors().entries()).as("error log").isEmpty();
        }
    }

    @Test
    void shouldServeOperatorsOnePieceThatMayLoadNothing() throws Exception {
        try (DemoFeed feed = DemoFeed.start(0); Relay relay = relay(feed)) {
            final HttpResponse<String> page = get(relay.adminPort());
            assertThat(page.statusCode()).isEqualTo(200);
            assertThat(page.headers().firstValue("Content-Security-Policy").orElse(""))
                .matches("default-src 'none'; script-src 'sha256-[^ ']+'; style-src 'sha256-[^ ']+'; .*");
            assertThat(page.body()).contains("\"examples\"", "\"profiles\"").doesNotContain("data-within", "import ",
                "export ", "src=", "rel=\"stylesheet\"");
            assertThat(get(relay.port()).statusCode()).as("of subscribers").isEqualTo(404);
        }
    }

    private static HttpResponse<String> get(final int port) throws Exception {
        return HttpClient.newHttpClient().send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + PATH))
            .build(), BodyHandlers.ofString());
    }

    private Relay relay(final DemoFeed feed) throws IOException {
        final RelayConfig config = new RelayConfigLoader(Map.of()).loadText("relay.conf", """
            feed { venue = demo, url = "%s" }
            server { port = 0, io-threads = 2 }
            admin { port = 0, token = operators-token }
            telemetry.dir = "%s"
            """.formatted(feed.marketUrl(), folder.resolve("telemetry")), List.of());
        return new Relay(config, Venue.load("demo", config.feed().settings(), name -> null), null);
    }
}
