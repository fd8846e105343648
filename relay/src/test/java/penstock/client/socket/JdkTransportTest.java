package penstock.client.socket;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.net.ServerSocketFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import penstock.testkit.LoopbackServer;
import penstock.testkit.Patience;

/** What a handshake that fails is reported as. */
class JdkTransportTest {
    private final CompletableFuture<String> closed = new CompletableFuture<>();
    private final ClientTransport.Events events = new ClientTransport.Events() {
        @Override
        public void onOpen() {
            closed.complete("open");
        }

        @Override
        public void onText(final CharSequence text, final Runnable done) {
            closed.complete("a text");
        }

        @Override
        public void onClose(final int code, final String reason) {
            closed.complete(code + " " + reason);
        }
    };

    @ParameterizedTest
    @CsvSource({"401 Unauthorized, 4401 HTTP 401", "403 Forbidden, 4403 HTTP 403", "414 URI Too Long, 4413 HTTP 414",
        "426 Upgrade Required, 4400 HTTP 426", "429 Too Many Requests, 4429 retryAfter=7000 HTTP 429",
        "503 Service Unavailable, 4503 retryAfter=7000 HTTP 503", "404 Not Found, 1006 HTTP 404",
        "502 Bad Gateway, 1006 HTTP 502"})
    void shouldReportARefusedHandshakeAsTheCodeThatAPageGets(final String status, final String expected)
            throws Exception {
        try (LoopbackServer server =
                 new LoopbackServer(ServerSocketFactory.getDefault(), client -> refuse(client, status))) {
            assertThat(end(server.port())).isEqualTo(expected);
        }
    }

    @Test
    void shouldSendTheHeadersThatTheUserAsksForAndNoSubprotocolIfNoneIsOffered() throws Exception {
        final CompletableFuture<String> request = new CompletableFuture<>();
        try (LoopbackServer server = new LoopbackServer(ServerSocketFactory.getDefault(),
                 client -> request.complete(refuse(client, "403 Forbidden")))) {
            new JdkTransport().header("X-Desk", "7").header("Authorization", "Bearer key")
                .open(URI.create("ws://127.0.0.1:" + server.port() + "/v1/raw"), null, events);
            assertThat(request.get(Patience.SECONDS, TimeUnit.SECONDS)).contains("X-Desk: 7\r\n",
                "Authorization: Bearer key\r\n").doesNotContainIgnoringCase("Sec-WebSocket-Protocol");
        }
    }

    @Test
    void shouldReportARelayThatIsNotThereAsALostConnection() throws Exception {
        final int port;
        try (ServerSocket free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        assertThat(end(port)).startsWith("1006 ");
    }

    private String end(final int port) throws Exception {
        new JdkTransport().open(URI.create("ws://127.0.0.1:" + port + "/v1/ws"), "penstock.v1.json", events);
        return closed.get(Patience.SECONDS, TimeUnit.SECONDS);
    }

    /** Answers a handshake so; returns its head. */
    private static String refuse(final Socket client, final String status) {
        try (client) {
            final StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                head.append((char) client.getInputStream().read());
            }
            final String wait = status.matches("(429|503).*") ? "Retry-After: 7\r\n" : "";
            client.getOutputStream().write(("HTTP/1.1 " + status + "\r\nWWW-Authenticate: Bearer\r\n" + wait
                + "Content-Length: 2\r\nConnection: close\r\n\r\n{}").getBytes(StandardCharsets.US_ASCII));
            return head.toString();
        } catch (final IOException gone) {
            throw new AssertionError(gone);
        }
    }
}
