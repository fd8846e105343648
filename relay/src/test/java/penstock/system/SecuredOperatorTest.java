package penstock.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import penstock.Relay;
import penstock.config.relay.RelayConfig;
import penstock.config.relay.RelayConfigLoader;
import penstock.testkit.Patience;
import penstock.testkit.TestAuthority;
import penstock.venue.Venue;

/** A whole relay whose operator's listener speaks TLS, and whose subscribers' listener does not. */
@Timeout(Patience.TEST_SECONDS)
class SecuredOperatorTest {
    private static final TestAuthority AUTHORITY = new TestAuthority("authority");

    @TempDir
    private Path folder;
    private Relay relay;

    @BeforeEach
    void start() throws IOException {
        AUTHORITY.issue("relay", "localhost").write(folder.resolve("own.pem"), folder.resolve("own.key"));
        final Path file = Files.writeString(folder.resolve("relay.conf"), """
            feed { venue = json, url = "ws://127.0.0.1:1/" }
            server { port = 0, io-threads = 2 }
            admin { port = 0, tls { certificate = own.pem, key = own.key } }
            telemetry.dir = "%s"
            """.formatted(folder.resolve("telemetry")));
        final RelayConfig config = new RelayConfigLoader(Map.of()).load(file, List.of());
        relay = new Relay(config, Venue.load("json", config.feed().settings(), name -> null), null);
    }

    @AfterEach
    void stop() {
        relay.close();
        assertThat(relay.telemetry().errors().entries()).isEmpty();
    }

    @Test
    void shouldServeMetricsAndHealthOverHttps() throws Exception {
        final SSLContext trusts = AUTHORITY.context(null);
        assertThat(get(trusts, "/healthz").statusCode()).isEqualTo(200);
        assertThat(get(trusts, "/readyz").statusCode()).as("the venue cannot be reached").isEqualTo(503);
        final HttpResponse<String> metrics = get(trusts, "/metrics");
        assertThat(metrics.statusCode()).isEqualTo(200);
        assertThat(metrics.body()).containsPattern("(?m)^penstock_tls_handshakes_total\\{.*} [1-9]");
    }

    @Test
    void shouldNotBeTrustedByAClientOfAnotherAuthority() {
        final SSLContext stranger = new TestAuthority("stranger").context(null);
        assertThatThrownBy(() -> get(stranger, "/healthz")).isInstanceOf(SSLException.class);
    }

    @Test
    void shouldRefusePlainHttp() throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), relay.adminPort())) {
            socket.getOutputStream()
                .write("GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            assertThat(socket.getInputStream().readAllBytes().length).as("at most an alert").isLessThan(16);
        }
    }

    private HttpResponse<String> get(final SSLContext context, final String path)
            throws IOException, InterruptedException {
        return HttpClient.newBuilder().sslContext(context).build().send(HttpRequest.newBuilder(
            URI.create("https://localhost:" + relay.adminPort() + path)).build(), BodyHandlers.ofString());
    }
}
