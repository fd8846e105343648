package penstock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import penstock.config.relay.RelayConfig;
import penstock.config.relay.RelayConfigLoader;
import penstock.testkit.FrameSocket;
import penstock.venue.Venue;

/** A relay that is closed more than once, as by a signal while a test or a fatal error closes it. */
@Timeout(20)
class RelayCloseTest {
    @TempDir
    private Path folder;

    @Test
    void shouldEndOnceForAllWhoCloseIt() throws Exception {
        final Path file = Files.writeString(folder.resolve("relay.conf"), """
            feed { venue = json, url = "ws://127.0.0.1:1/" }
            server { port = 0, drain-time = 300ms }
            admin.enabled = false
            telemetry.dir = "%s"
            usage.dir = "%s"
            """.formatted(folder.resolve("telemetry"), folder.resolve("usage")));
        final RelayConfig config = new RelayConfigLoader(Map.of()).load(file, List.of());
        final Relay relay = new Relay(config, Venue.load("json", config.feed().settings(), name -> null), null);
        // it never answers its Close frame, so the first call waits for the end of the drain time
        try (FrameSocket deaf = new FrameSocket(relay.port(), 0)) {
            deaf.write(FrameSocket.ascii(FrameSocket.handshake("/v1/ws", "dGhlIHNhbXBsZSBub25jZQ==")));
            assertThat(deaf.readHead()).contains(" 101 ");
            final CompletableFuture<?>[] closes = new CompletableFuture<?>[3];
            for (int i = 0; i < closes.length; i++) {
                closes[i] = CompletableFuture.runAsync(relay::close, task -> new Thread(task, "closing").start());
            }
            for (final CompletableFuture<?> close : closes) {
                close.get(10, TimeUnit.SECONDS);
                assertThatThrownBy(() -> new FrameSocket(relay.port(), 0)).isInstanceOf(IOException.class);
            }
        }
        relay.close();
        assertThat(relay.telemetry().errors().entries()).isEmpty();
    }
}
