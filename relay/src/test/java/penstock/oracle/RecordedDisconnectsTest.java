package penstock.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import penstock.replay.ReplayServer;
import penstock.replay.ReplaySpeed;
import penstock.replay.VenueFileScript;
import penstock.system.ForeignScript;
import penstock.system.NodeScript;
import penstock.system.PythonScript;
import penstock.system.RelayProcess;
import penstock.testkit.CuttingProxy;
import penstock.testkit.Patience;
import penstock.testkit.Seeds;
import penstock.venue.generated.GeneratedRecording;

/**
 * Clients in two languages while a recording with quotes, trades and books is played: every connection is cut at a
 * random byte, a thousand in all.
 */
@Tag("browser")
class RecordedDisconnectsTest {
    private static final int CUTS = Integer.getInteger("penstock.client.cuts", 1_000);
    private static final String VENUE = "bybit-v5";
    /** A minute and a half at {@link #SPEED}: longer than the cuts take. */
    private static final int ROUNDS = 60_000;
    private static final ReplaySpeed SPEED = new ReplaySpeed(20);
    /** On a busy machine the recording ends before this. */
    private static final Duration LIMIT = Patience.LIMIT.multipliedBy(2);

    @RegisterExtension
    private final Seeds seeds = new Seeds();
    @TempDir
    private Path folder;

    /** The relay's address, and that of the proxy in front of it. */
    private interface Starter {
        ForeignScript script(String relay, String proxy) throws Exception;
    }

    @Test
    @Timeout(Patience.TEST_SECONDS)
    void shouldLoseNothingUntoldInJavaScript() throws Exception {
        play((relay, proxy) -> NodeScript.ofClient("test/recorded.mjs", relay, proxy));
    }

    @Test
    @Timeout(Patience.TEST_SECONDS)
    void shouldLoseNothingUntoldInPython() throws Exception {
        play((relay, proxy) -> PythonScript.ofClient("test/recorded.py", relay, proxy));
    }

    private void play(final Starter starter) throws Exception {
        final Path recording = GeneratedRecording.healthy(VENUE, ROUNDS).save(folder);
        try (ReplayServer replay = ReplayServer.start(ReplayServer.Options.of(recording)
                 .venue(VenueFileScript.load(VENUE)).speed(SPEED));
             RelayProcess relay = relay(replay.url("/"));
             CuttingProxy proxy = new CuttingProxy(relay.port, seeds.random())) {
            starter.script(address(relay.port), address(proxy.port())).run(Map.of("cut", () -> {
                await("cuts").atMost(LIMIT).until(() -> proxy.cuts() >= CUTS);
                proxy.stopCutting();
                replay.server().silent(true);
            }));
            assertThat(replay.sentCount()).as("messages of the recording").isGreaterThan(CUTS);
        }
    }

    private static String address(final int port) {
        return "http://127.0.0.1:" + port + "/";
    }

    private RelayProcess relay(final String feed) throws IOException {
        final Path config = Files.writeString(folder.resolve("relay.conf"), "feed { venue = " + VENUE + ", url = \"" + feed
            + "\", symbols = [BTCUSDT, ETHUSDT], spelling = venue, channels = [quote, trade, book] }\n"
            + "limits.work-per-second = 100000\n");
        return RelayProcess.start("run", "-c", config.toString());
    }
}
