package penstock.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.WebSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import penstock.docs.MonitoringFiles;

/**
 * A Prometheus, as Debian packages it, scrapes a relay and evaluates every expression of the alerts and of the
 * dashboard; promtool checks the metrics and runs the tests of the alerts.
 */
@Tag("gate")
class PrometheusTest {
    private static final Duration SOON = Duration.ofSeconds(20);
    private static final String INSTALL = "%s is missing: apt-get install prometheus";

    private final HttpClient http = HttpClient.newHttpClient();
    @TempDir
    private Path folder;
    private String address;

    @Test
    void shouldPassTheTestsOfItsAlerts() throws Exception {
        for (final Path file : MonitoringFiles.ofAlerts()) {
            Files.copy(file, folder.resolve(file.getFileName()));
        }

        assertThat(promtool(null, "check", "rules", "--lint-fatal", "alerts.yml")).contains("SUCCESS");
        assertThat(promtool(null, "test", "rules", "alerts-test.yml")).contains("SUCCESS");
    }

    @Test
    void shouldBeScrapedAndHaveAnAnswerForEveryAlertAndPanel() throws Exception {
        try (RelayProcess relay = RelayProcess.start("demo", "--set", "usage.dir=" + folder.resolve("usage"))) {
            final WebSocket subscriber = http.newWebSocketBuilder().buildAsync(URI.create("ws://127.0.0.1:" + relay.port
                + "/v1/ws?symbols=*&interval=100"), new WebSocket.Listener() { }).get(10, TimeUnit.SECONDS);
            final Process prometheus = startPrometheus(relay);
            try {
                await("two scrapes").atMost(SOON).ignoreExceptions()
                    .until(() -> values("count_over_time(up{job=\"penstock\"}[1m]) > 2").size() == 1);
                assertThat(values("up == 1 and scrape_samples_scraped > 300")).hasSize(1);
                assertAlertsAreWell();
                for (final String panel : MonitoringFiles.panels()) {
                    final List<String> values = values(panel);
                    // the only ones that have nothing to show while nothing goes wrong
                    assertThat(values.isEmpty()).as(panel).isEqualTo(panel.endsWith(" > 0")
                        || panel.contains("penstock_channel_without_value"));
                }
                assertThat(promtool(relay.get(relay.adminPort, "/metrics").body(), "check", "metrics")).isEmpty();
            } finally {
                subscriber.abort();
                end(prometheus);
            }
        }
    }

    /** Each was evaluated without an error, and none fires. */
    private void assertAlertsAreWell() throws Exception {
        final JsonNode groups = get("/api/v1/rules").get("groups");
        await("evaluated").atMost(SOON).until(() -> get("/api/v1/rules").findValuesAsText("health").stream()
            .noneMatch("unknown"::equals));
        final JsonNode rules = get("/api/v1/rules").get("groups").get(0).get("rules");
        assertThat(groups).hasSize(1);
        assertThat(rules.findValuesAsText("name")).isEqualTo(MonitoringFiles.alerts());
        assertThat(rules.findValuesAsText("health")).containsOnly("ok");
        assertThat(rules.findValuesAsText("lastError")).isEmpty();
        for (final JsonNode rule : rules) {
            assertThat(rule.get("state").asText()).as(rule.get("name").asText()).isNotEqualTo("firing");
        }
    }

    private Process startPrometheus(final RelayProcess relay) throws IOException {
        final int port = RelayRig.freePort();
        address = "http://127.0.0.1:" + port;
        Files.copy(MonitoringFiles.ofAlerts().get(0), folder.resolve("alerts.yml"));
        Files.writeString(folder.resolve("prometheus.yml"), """
            global: { scrape_interval: 500ms, evaluation_interval: 1s }
            rule_files: [alerts.yml]
            scrape_configs:
              - { job_name: penstock, static_configs: [{ targets: ["127.0.0.1:%d"] }] }
            """.formatted(relay.adminPort));
        return start(new ProcessBuilder("prometheus", "--config.file=prometheus.yml", "--storage.tsdb.path=data",
            "--web.listen-address=127.0.0.1:" + port, "--log.level=warn")
            .redirectOutput(folder.resolve("prometheus.log").toFile()));
    }

    /** The values of an instant query, or an error with its text. */
    private List<String> values(final String expression) throws Exception {
        final List<String> values = new ArrayList<>();
        for (final JsonNode sample : get("/api/v1/query?query="
                + URLEncoder.encode(expression, StandardCharsets.UTF_8)).get("result")) {
            values.add(sample.get("value").get(1).asText());
        }
        return values;
    }

    private JsonNode get(final String path) throws Exception {
        final HttpResponse<String> answer = http.send(HttpRequest.newBuilder(URI.create(address + path)).build(),
            HttpResponse.BodyHandlers.ofString());
        assertThat(answer.statusCode()).as(path + ": " + answer.body()).isEqualTo(200);
        return new ObjectMapper().readTree(answer.body()).get("data");
    }

    /** What promtool prints for what it reads; fails if it is not content. */
    private String promtool(final String input, final String... arguments) throws Exception {
        final List<String> command = new ArrayList<>(List.of("promtool"));
        command.addAll(List.of(arguments));
        final Path in = folder.resolve("promtool.in");
        Files.writeString(in, input == null ? "" : input);
        final Process process = start(new ProcessBuilder(command).redirectInput(in.toFile()));
        final String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(String.join(" ", command) + ": " + printed).isZero();
        return printed;
    }

    private Process start(final ProcessBuilder builder) throws IOException {
        try {
            return builder.directory(folder.toFile()).redirectErrorStream(true).start();
        } catch (final IOException missing) {
            throw new IOException(INSTALL.formatted(builder.command().get(0)), missing);
        }
    }

    /** Its folder can be deleted afterwards. */
    private static void end(final Process process) throws InterruptedException {
        process.destroyForcibly();
        process.waitFor();
    }
}
