package penstock.system;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import penstock.Relay;
import penstock.config.ConfigException;
import penstock.config.relay.RelayConfig;
import penstock.config.relay.RelayConfigLoader;
import penstock.identity.key.ClientKey;
import penstock.testkit.Patience;
import penstock.venue.Venue;

/** A whole relay with a file of keys. */
class ClientKeysTest {
    private final HttpClient client = HttpClient.newHttpClient();
    @TempDir
    private Path folder;

    @Test
    void shouldServeTheClientsOfTheKeysFileUntilTheirLinesAreRemoved() throws Exception {
        final String stays = ClientKey.random();
        final String goes = ClientKey.random();
        write(line("stays", stays, "fx"), line("goes", goes, "fx"));
        try (Relay relay = relay()) {
            assertThat(status(relay, stays)).isEqualTo(200);
            assertThat(status(relay, ClientKey.random())).isEqualTo(401);
            final CompletableFuture<Integer> closed = new CompletableFuture<>();
            open(relay, goes, closed);
            write(line("stays", stays, "fx"));
            assertThat(closed.get(Patience.SECONDS, TimeUnit.SECONDS)).isEqualTo(4401);
            assertThat(status(relay, goes)).isEqualTo(401);
            assertThat(status(relay, stays)).isEqualTo(200);
        }
    }

    @Test
    void shouldNotStartWithABrokenKeysFile() throws IOException {
        write("{ id = x, hash = \"sha256:1\", products = [fx] }");
        assertThatThrownBy(this::relay).isInstanceOf(ConfigException.class).hasMessageContaining("hash");
    }

    private Relay relay() throws IOException {
        final Path file = Files.writeString(folder.resolve("relay.conf"), """
            feed { venue = json, url = "ws://127.0.0.1:1/" }
            server { port = 0, io-threads = 2 }
            admin.enabled = false
            telemetry.dir = "%s"
            auth { mode = keys, keys-file = keys.conf }
            products { fx { symbols = ["EUR*"] }, metals { symbols = ["XAU*"] } }
            """.formatted(folder.resolve("telemetry")));
        final RelayConfig config = new RelayConfigLoader(Map.of()).load(file, List.of());
        return new Relay(config, Venue.load("json", config.feed().settings(), name -> null), null);
    }

    private int status(final Relay relay, final String key) throws Exception {
        return client.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + relay.port() + "/v1/symbols"))
            .header("Authorization", "Bearer " + key).build(), BodyHandlers.ofString()).statusCode();
    }

    private void open(final Relay relay, final String key, final CompletableFuture<Integer> closed) throws Exception {
        final CompletableFuture<String> welcome = new CompletableFuture<>();
        client.newWebSocketBuilder().header("Authorization", "Bearer " + key)
            .buildAsync(URI.create("ws://127.0.0.1:" + relay.port() + "/v1/ws"), new WebSocket.Listener() {
                @Override
                public CompletionStage<?> onText(final WebSocket socket, final CharSequence text, final boolean last) {
                    welcome.complete(text.toString());
                    socket.request(1);
                    return null;
                }

                @Override
                public CompletionStage<?> onClose(final WebSocket socket, final int code, final String reason) {
                    closed.complete(code);
                    return null;
                }
            }).get(Patience.SECONDS, TimeUnit.SECONDS);
        assertThat(welcome.get(Patience.SECONDS, TimeUnit.SECONDS)).contains("\"auth\":\"keys\"");
    }

    private void write(final String... lines) throws IOException {
        final Path next = Files.writeString(folder.resolve("keys.next"),
            "keys = [\n" + String.join("\n", lines) + "\n]\n");
        Files.move(next, folder.resolve("keys.conf"), ATOMIC_MOVE);
    }

    private static String line(final String id, final String key, final String product) {
        return "{ id = " + id + ", hash = \"sha256:" + ClientKey.hash(key) + "\", products = [" + product + "] }";
    }
}
