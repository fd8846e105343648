package penstock.system;

import static org.assertj.core.api.Assertions.assertThat;
import static penstock.system.FaultyVenue.quote;
import static penstock.system.FaultyVenue.subscribed;
import static penstock.system.FaultyVenue.untilClosed;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import penstock.testkit.Patience;
import penstock.upstream.ScriptedServer;

/** A vendor whose token changes: each change costs one reconnect, and no subscriber its session. */
@Timeout(Patience.TEST_SECONDS)
@Tag("slow")
@Tag("gate")
class RotatedTokensTest {
    private static final int ROTATIONS = 200;

    @TempDir
    private Path folder;

    @Test
    void shouldKeepTheEpochAndTheSessionsOverTwoHundredRotations() throws Exception {
        final Path token = Files.writeString(folder.resolve("token"), "T1\n");
        final ConcurrentMap<Integer, String> tokens = new ConcurrentHashMap<>();
        try (ScriptedServer server = new ScriptedServer(peer -> {
            tokens.put(peer.number, peer.request().replaceAll("(?s).*Authorization: (\\S+).*", "$1"));
            subscribed(peer).text(quote("BTCUSDT", peer.number));
            if (peer.number <= ROTATIONS) {
                final Path next = Files.writeString(folder.resolve("next"), "T" + (peer.number + 1) + "\n");
                Files.move(next, token, StandardCopyOption.ATOMIC_MOVE);
                peer.close(4001, "the token has expired");
            }
            untilClosed(peer);
        }); FaultRig rig = new FaultRig(FaultyVenue.plain().connection("headers { Authorization = \"{file:" + token
                + "}\" }, reconnect { min = 1ms, max = 5ms }").file(folder), List.of(server.url()), null,
                "feed.symbols=[BTCUSDT]")) {
            rig.awaitValue("BTCUSDT", ROTATIONS + 1);
            assertThat(server.failures).isEmpty();
            for (int i = 1; i <= ROTATIONS + 1; i++) {
                assertThat(tokens.get(i)).isEqualTo("T" + i);
            }
            final List<String> states = rig.states();
            // a busy machine passes on only the newest of two states
            assertThat(states.stream().filter("stale upstream_disconnected"::equals).count()).isBetween(1L,
                (long) ROTATIONS);
            assertThat(states).containsOnly("live", "stale upstream_disconnected").endsWith("live");
            assertThat(rig.subscriber.isGone).isFalse();
            assertThat(rig.subscriber.breaches).isEmpty();
            assertThat(rig.subscriber.controls).filteredOn(text -> text.contains("\"type\":\"welcome\"")).hasSize(1);
            assertThat(rig.subscriber.seen.get("BTCUSDT").stale()).isFalse();
            assertThat(rig.metric("feed_connects_total")).isEqualTo(ROTATIONS + 1);
            assertThat(rig.metric("feed_connect_failures_total")).isZero();
        }
    }
}
