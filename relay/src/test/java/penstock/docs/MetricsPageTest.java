package penstock.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.StringReader;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import penstock.Relay;
import penstock.config.relay.RelayConfig;
import penstock.config.relay.RelayConfigLoader;
import penstock.telemetry.MetricsPage;
import penstock.testkit.Patience;
import penstock.venue.Venue;
import penstock.venue.VenueReader;

/** The page of metrics has the names and types that a relay shows. */
class MetricsPageTest {
    private static final String VENUE = """
        name = all
        channels { quote { default = true, silence = 5s, first-value = 30s }, trade { class = event } }
        messages { rules = [ { name = quote, match { "$" = "*" }, key = "$/s", seq { rule = increment, at = "$/n" } },
          { name = trade, channel = trade, match { "$/t" = "*" }, key = "$/s", seq { rule = increment, at = "$/n" } } ] }
        """;

    @TempDir
    private Path folder;

    @Test
    void shouldHaveEveryMetricWithItsType() throws IOException {
        final Map<String, String> page = new TreeMap<>();
        Pages.rows(Pages.text("relay/docs/reference/metrics.md"), "| metric | type | meaning |")
            .forEach(row -> page.put(Pages.plain(row.get(0)), Pages.plain(row.get(1))));

        assertThat(page).isEqualTo(registered());
    }

    /** Those of a relay and of one behind it. */
    private static String ofEdge(final Relay relay) throws IOException {
        final RelayConfig config = new RelayConfigLoader(Map.of()).loadText("edge.conf", """
            feed { venue = penstock, url = "ws://127.0.0.1:%d/v1/ws" }
            server { port = 0, io-threads = 1, drain-time = 0 }
            admin.enabled = false
            """.formatted(relay.port()), List.of());
        try (Relay edge = new Relay(config, List.of(), null, Clock.systemUTC())) {
            final MetricsPage inFront = new MetricsPage(relay.telemetry());
            await().atMost(Patience.LIMIT).until(() -> inFront.text().contains("penstock_edge_late_seconds{"));
            return inFront.text() + new MetricsPage(edge.telemetry()).text();
        }
    }

    private Map<String, String> registered() throws IOException {
        final RelayConfig config = new RelayConfigLoader(Map.of()).loadText("all.conf", """
            feed { venue = json, url = "ws://127.0.0.1:1/", record = "%s" }
            server { port = 0, io-threads = 1, drain-time = 0 }
            admin.enabled = false
            usage.dir = "%s"
            """.formatted(folder.resolve("record"), folder.resolve("usage")), List.of());
        final Venue venue = VenueReader.read(new StringReader(VENUE), "all.conf", name -> null);
        final String text;
        try (Relay relay = new Relay(config, venue, null)) {
            // those of auth.rights, which needs a service
            relay.telemetry().counters("rights");
            text = ofEdge(relay);
        }
        final Map<String, String> types = new TreeMap<>();
        text.lines().filter(line -> line.startsWith("# TYPE ")).map(line -> line.split(" "))
            .forEach(words -> types.put(words[2], words[3]));
        return types;
    }
}
