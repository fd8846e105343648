package penstock.system;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
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

/** The operator's pages of a relay and of one behind it: Chromium shows them, {@code ops-relays.mjs} looks. */
@Tag("browser")
class OpsRelaysTest {
    private static final String EDGE = "edge-1";

    @TempDir
    private Path folder;

    @Test
    @Timeout(2 * Patience.TEST_SECONDS)
    void shouldShowWhatIsInFrontAndWhatIsBehind() throws Exception {
        try (DemoFeed feed = DemoFeed.start(0);
             Relay ingest = relay("ingest-a", "feed { venue = demo, url = \"" + feed.marketUrl() + "\" }");
             Relay edge = relay(EDGE, "feed { venue = penstock, url = \"ws://127.0.0.1:" + ingest.port()
                 + "/v1/ws\" }")) {
            NodeScript.inChromium("ops-relays.mjs", operators(ingest), operators(edge), EDGE)
                .run(Map.of("end-ingest", ingest::close));
            assertThat(ingest.telemetry().errors().entries()).as("error log").isEmpty();
            assertThat(edge.telemetry().errors().entries()).as("error log").isEmpty();
        }
    }

    private static String operators(final Relay relay) {
        return "http://127.0.0.1:" + relay.adminPort() + "/ops";
    }

    private Relay relay(final String name, final String feed) throws IOException {
        final RelayConfig config = new RelayConfigLoader(Map.of()).loadText("relay.conf", """
            %s
            lease.name = %s
            server { port = 0, io-threads = 2, drain-time = 100ms }
            admin.port = 0
            telemetry.dir = "%s"
            """.formatted(feed, name, folder.resolve(name)), List.of());
        return new Relay(config, config.feeds().values().stream()
            .map(each -> Venue.load("demo", each.settings(), file -> null)).toList(), null, Clock.systemUTC());
    }
}
