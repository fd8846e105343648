package penstock.tap;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.Socket;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ServerSocketFactory;
import org.junit.jupiter.api.Test;
import penstock.testkit.LoopbackServer;
import penstock.testkit.Patience;
import penstock.wire.SubscriptionOptions;

/** A tap at a relay that asks for a token. */
class TapTokenTest {
    private final CompletableFuture<String> request = new CompletableFuture<>();
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    @Test
    void shouldSendTheTokenInTheHeaderAndNeverPrintIt() throws Exception {
        assertThat(run("s3cret")).isNotZero();
        assertThat(request.get(Patience.SECONDS, TimeUnit.SECONDS)).contains("Authorization: Bearer s3cret\r\n");
        assertThat(printed.toString(StandardCharsets.UTF_8)).contains("--token-env").doesNotContain("s3cret");
    }

    @Test
    void shouldSendNoHeaderWithoutAToken() throws Exception {
        assertThat(run(null)).isNotZero();
        assertThat(request.get(Patience.SECONDS, TimeUnit.SECONDS)).doesNotContain("Authorization");
    }

    private int run(final String token) throws IOException {
        try (LoopbackServer server = new LoopbackServer(ServerSocketFactory.getDefault(), this::refuse)) {
            final TapOptions options = new TapOptions("127.0.0.1:" + server.port(), List.of(), null,
                SubscriptionOptions.UNSPECIFIED, TapOptions.Form.LINES, false, new TapOptions.Limits(0, 10));
            return new Tap(options, token, new PrintStream(printed, true, StandardCharsets.UTF_8),
                HttpClient.newHttpClient()).run();
        }
    }

    private void refuse(final Socket client) {
        try (client) {
            final StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                head.append((char) client.getInputStream().read());
            }
            request.complete(head.toString());
            client.getOutputStream().write(("HTTP/1.1 401 Unauthorized\r\nWWW-Authenticate: Bearer\r\n"
                + "Content-Length: 0\r\nConnection: close\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        } catch (final IOException gone) {
            request.completeExceptionally(gone);
        }
    }
}
