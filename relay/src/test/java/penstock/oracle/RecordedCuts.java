package penstock.oracle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import penstock.replay.ReplayServer;
import penstock.replay.ReplaySpeed;
import penstock.replay.VenueFileScript;
import penstock.system.ForeignScript;
import penstock.system.RelayProcess;
import penstock.testkit.CuttingProxy;
import penstock.testkit.Patience;
import penstock.testkit.Seeds;
import penstock.venue.generated.GeneratedRecording;

/**
 * A recording with quotes, trades and books is played to a relay, and every connection of clients is cut at a random
 * byte, a thousand in all.
 */
abstract class RecordedCuts {
    private static final int CUTS = Integer.getInteger("penstock.client.cuts", 1_000);
    private static final String VENUE = "bybit-v5";
    /** A minute and a half at {@link #SPEED}: longer than the cuts take. */
    private static final int ROUNDS = 60_000;
    private static final ReplaySpeed SPEED = new ReplaySpeed(20);
    /** On a busy machine the recording ends before this. */
    private static final Duration LIMIT = Patience.LIMIT.multipliedBy(2);

    @RegisterExtension
    final Seeds seeds = new Seeds();
    @TempDir
    private Path folder;

    /** Clients of that relay, which is also reached through that proxy; {@code cuts} returns when no more come. */
    interface Users {
        void run(String relay, String proxy, ForeignScript.Step cuts) throws Exception;
    }

    final void play(final Users users) throws Exception {
        play(users, "");
    }

    /** The same with more lines in the configuration of the relay. */
    final void play(final Users users, final String settings) throws Exception {
        final Path recording = GeneratedRecording.healthy(VENUE, ROUNDS).save(folder);
        try (ReplayServer replay = ReplayServer.start(ReplayServer.Options.of(recording)
                 .venue(VenueFileScript.load(VENUE)).speed(SPEED));
             RelayProcess relay = relay(replay.url("/"), settings);
             CuttingProxy proxy = new CuttingProxy(relay.port, seeds.random())) {
            users.run(address(relay.port), address(proxy.port()), () -> {
                await("cuts").atMost(LIMIT).until(() -> proxy.cuts() >= CUTS);
                proxy.stopCutting();
                replay.server().silent(true);
            });
            assertThat(replay.sentCount()).as("messages of the recording").isGreaterThan(CUTS);
        }
    }

    private static String address(final int port) {
        return "http://127.0.0.1:" + port + "/";
    }

    private RelayProcess relay(final String feed, final String settings) throws IOException {
        final Path config = Files.writeString(folder.resolve("relay.conf"), "feed { venue = " + VENUE + ", url = \"" + feed
            + "\", symbols = [BTCUSDT, ETHUSDT], spelling = venue, channels = [quote, trade, book] }\n"
            + "limits.work-per-second = 100000\n" + settings);
        return RelayProcess.start("run", "-c", config.toString());
    }
}
