package penstock.identity.rights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import javax.net.ServerSocketFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import penstock.config.relay.AuthConfig;
import penstock.testkit.LoopbackServer;
import penstock.testkit.Patience;

/** A real HTTP server in place of the operator's service. */
@Timeout(Patience.TEST_SECONDS)
class RightsSourceTest {
    private final Queue<String> heads = new ConcurrentLinkedQueue<>();
    private volatile String answer = "";
    private LoopbackServer server;
    private RightsSource source;

    @BeforeEach
    void start() throws IOException {
        server = new LoopbackServer(ServerSocketFactory.getDefault(), this::serve);
        source = new RightsSource(new AuthConfig.Rights("http://127.0.0.1:" + server.port() + "/clients/{id}/rights",
            "HIDDEN", 1, 1), 2_000);
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
    }

    @Test
    void shouldAskWithTheIdAndTheToken() {
        answer = ok("{\"products\":[\"fx\",\"metals\"],\"more\":1}");

        assertThat(source.ask("desk 7/../x?y=z&#").join()).containsExactlyInAnyOrder("fx", "metals");
        assertThat(heads).singleElement().asString()
            .startsWith("GET /clients/desk%207%2F..%2Fx%3Fy%3Dz%26%23/rights HTTP/1.1\r\n")
            .contains("\r\nAuthorization: Bearer HIDDEN\r\n");
    }

    @Test
    void shouldTakeAnUnknownClientForOneWithoutProducts() {
        answer = "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

        assertThat(source.ask("a").join()).isEmpty();
    }

    @Test
    void shouldTakeEveryOtherAnswerForAFailure() {
        for (final String wrong : new String[] {"HTTP/1.1 500 No\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
            "HTTP/1.1 302 Found\r\nLocation: /x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n", ok(""), ok("null"),
            ok("[]"), ok("{}"), ok("{\"products\":\"fx\"}"), ok("{\"products\":[1]}"), ok("<html>"),
            ok("{\"products\":[]}" + " ".repeat(64 * 1_024)), "no HTTP\r\n\r\n",
            "HTTP/1.1 200 OK\r\nContent-Length: 9\r\nConnection: close\r\n\r\n{"}) {
            answer = wrong;
            final Throwable failure = catchThrowable(() -> source.ask("a").join());
            assertThat(failure).as(wrong.substring(0, Math.min(80, wrong.length()))).isNotNull();
            assertThat(failure.toString()).doesNotContain("HIDDEN");
        }
    }

    private static String ok(final String body) {
        return "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
    }

    private void serve(final Socket client) {
        try (client) {
            final StringBuilder head = new StringBuilder();
            for (int next = client.getInputStream().read(); next >= 0; next = client.getInputStream().read()) {
                head.append((char) next);
                if (head.indexOf("\r\n\r\n") >= 0) {
                    heads.add(head.toString());
                    client.getOutputStream().write(answer.getBytes(StandardCharsets.UTF_8));
                    return;
                }
            }
        } catch (final IOException gone) {
            // the client had enough
        }
    }
}
