package penstock.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class OriginsTest {
    private static ServedFeed served;
    private static ServedFeed open;

    @BeforeAll
    static void serve() throws IOException {
        served = new ServedFeed(100, false, null, 10_000, false, List.of("https://quotes.example"), 0);
        served.live();
        open = new ServedFeed();
        open.live();
    }

    @AfterAll
    static void close() {
        served.close();
        open.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/snapshot", "/v1/symbols", "/healthz", "/v1/sse?symbols=A"})
    void shouldLetListedPagesReadEveryEndpointAndNoOthers(final String target) throws IOException {
        try (SocketClient client = get(served, target, "https://quotes.example")) {
            assertThat(client.status).isEqualTo(200);
            assertThat(client.header("Access-Control-Allow-Origin")).isEqualTo("https://quotes.example");
            assertThat(client.header("Vary")).contains("Origin");
        }
        for (final String other : List.of("https://quotes.example.evil", "http://quotes.example", "null")) {
            try (SocketClient client = get(served, target, other)) {
                assertThat(client.status).isEqualTo(403);
                assertThat(client.body).contains("bad_origin");
                assertThat(client.header("Access-Control-Allow-Origin")).isNull();
            }
        }
    }

    @Test
    void shouldLetItsOwnPageAndEveryPageByDefault() throws IOException {
        try (SocketClient client = get(served, "/v1/snapshot", "http://localhost")) {
            assertThat(client.status).isEqualTo(200);
        }
        try (SocketClient client = get(open, "/v1/snapshot", "https://anything.example")) {
            assertThat(client.status).isEqualTo(200);
            assertThat(client.header("Access-Control-Allow-Origin")).isEqualTo("*");
        }
        try (SocketClient client = open.connect().get("/v1/snapshot")) {
            assertThat(client.header("Access-Control-Allow-Origin")).isNull();
        }
    }

    @Test
    void shouldAnswerThePreflightOfAPage() throws IOException {
        final String preflight = "OPTIONS /v1/snapshot HTTP/1.1\r\nHost: localhost\r\n"
            + "Origin: https://quotes.example\r\nAccess-Control-Request-Method: GET\r\n"
            + "Access-Control-Request-Headers: if-none-match\r\n\r\n";
        try (SocketClient client = served.connect().http(preflight)) {
            assertThat(client.status).isEqualTo(204);
            assertThat(client.header("Access-Control-Allow-Headers")).contains("If-None-Match");
            assertThat(client.header("Access-Control-Allow-Methods")).isEqualTo("GET, HEAD");
        }
        try (SocketClient client = served.connect().http(preflight.replace("https://quotes", "https://other"))) {
            assertThat(client.status).isEqualTo(403);
        }
    }

    /** A browser shows its page 1006 for every response but 101. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "/v1/ws|https://other.example||close 4403 bad_origin: ",
        "/v1/ws?token=x|https://quotes.example||close 4401 token_invalid: ",
        "/v1/raw?symbols=A&channel=nope|https://quotes.example||close 4400 unknown_channel: ",
        "/v1/ws|https://quotes.example|mqtt|close 4400 bad_subprotocol: "})
    void shouldCloseARefusedSessionOfAPageWithTheCodeThatSaysWhatToDo(final String target, final String origin,
            final String subprotocol, final String close) throws IOException {
        final String offer = subprotocol == null ? "" : "Sec-WebSocket-Protocol: " + subprotocol + "\r\n";
        try (SocketClient client = served.connect().http(SocketClient.handshake(target)
            .replace("Host: localhost", "Host: localhost\r\n" + offer + "Origin: " + origin))) {
            assertThat(client.status).isEqualTo(101);
            assertThat(client.header("Sec-WebSocket-Protocol")).isEqualTo(subprotocol);
            assertThat(client.read()).startsWith(close);
            client.socket.shutdownOutput();
            assertThat(client.read()).isNull();
        }
        assertThat(served.sessions()).isZero();
    }

    @Test
    void shouldTellAPageWhenToReturn() throws IOException {
        try (ServedFeed draining = new ServedFeed()) {
            draining.drain();
            try (SocketClient client = draining.connect().http(SocketClient.handshake("/v1/ws")
                .replace("Host: localhost", "Host: localhost\r\nOrigin: https://quotes.example"))) {
                assertThat(client.read()).isEqualTo("close 4503 retryAfter=2000");
            }
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"feed.v2|feed.v2", "bearer.secret, feed.v2, x|feed.v2", "bearer.secret|"})
    void shouldAnswerTheFirstSubprotocolOfARawClient(final String offers, final String answered) throws IOException {
        try (SocketClient client = served.connect().http(SocketClient.handshake("/v1/raw?symbols=A")
            .replace("Host: localhost", "Host: localhost\r\nSec-WebSocket-Protocol: " + offers))) {
            assertThat(client.status).isEqualTo(101);
            assertThat(client.header("Sec-WebSocket-Protocol")).isEqualTo(answered);
        }
    }

    private static SocketClient get(final ServedFeed feed, final String target, final String origin)
            throws IOException {
        return feed.connect().http("GET " + target + " HTTP/1.1\r\nHost: localhost\r\nOrigin: " + origin + "\r\n\r\n");
    }
}
