package penstock.oracle;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import penstock.replay.FeedServer;
import penstock.system.NodeScript;
import penstock.system.RelayProcess;
import penstock.testkit.Patience;
import penstock.testkit.Seeds;

/** The client in JavaScript: by its situations, and against a process while its connection is cut again and again. */
@Tag("browser")
class JavaScriptClientTest {
    private static final int CUTS = Integer.getInteger("penstock.client.cuts", 400);

    @RegisterExtension
    private final Seeds seeds = new Seeds();
    @TempDir
    private Path folder;

    /** With the types, and with what the relay serves, which is the build of the source. */
    @Test
    @Timeout(Patience.TEST_SECONDS)
    void shouldKeepTheRulesOfAllClientsInEverySituation() throws Exception {
        NodeScript.ofClient("--test", "test/situations.test.mjs", "test/served.test.mjs", "test/build.test.mjs",
            "test/mutants.test.mjs", "test/shared.test.mjs", "test/hub.test.mjs", "test/sse.test.mjs",
            "test/fake.test.mjs", "test/react.test.mjs", "test/rows.test.mjs", "test/rows-situations.test.mjs",
            "test/rows-shared.test.mjs", "test/sessions.test.mjs", "test/sharing.test.mjs", "test/fallback.test.mjs")
            .run(Map.of());
    }

    @Test
    @Timeout(Patience.TEST_SECONDS)
    void shouldShowWhatTheRelayHasAfterManyCuts() throws Exception {
        final Market market = new Market(seeds.fresh(), 4);
        final MarketScript venue = new MarketScript(market, seeds.random());
        final List<String> relayOptions = List.of("limits.work-per-second=100000",
            "server.handshakes-per-second-per-address=1000", "server.handshakes-per-second=1000");
        try (FeedServer server = FeedServer.start(0, venue); RelayProcess relay = relay(server, relayOptions)) {
            NodeScript.ofClient("test/disconnects.mjs", "http://127.0.0.1:" + relay.port + "/", "" + CUTS)
                .run(Map.of("drop-upstream", server::dropConnections, "send-no-more", () -> venue.isSending = false));
        }
    }

    private RelayProcess relay(final FeedServer server, final List<String> options) throws IOException {
        final Path rules = Files.writeString(folder.resolve("oracle.conf"), VenueFile.text());
        final Path config = Files.writeString(folder.resolve("relay.conf"), "feed { venue = \"" + rules + "\", url = \""
            + server.url("/") + "\", symbols = [S0, S1, S2, S3], channels = [quote, stats, book, trade] }\n"
            + String.join("\n", options) + "\n");
        return RelayProcess.start("run", "-c", config.toString());
    }
}
