package penstock.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import penstock.testkit.GoodClient;

class OriginsTest {
    private static final List<String> FOREIGN = List.of("https://evil.example", "https://quotes.example.evil",
        "https://quotes.exampl", "https://evil.example/https://quotes.example", "http://quotes.example",
        "https://quotes.example:8443", "null", "", "*", "localhost", "http://localhost:8080",
        "http://localhost.evil.example", "http://localhost@evil.example", "file://", "ftp://localhost");

    private static ServedFeed served;
    private static ServedFeed open;

    @BeforeAll
    static void serve() throws IOException {
        served = feed("https://quotes.example");
        served.live();
        open = feed("*");
        open.live();
    }

    @AfterAll
    static void close() {
        served.close();
        open.close();
    }

    @AfterEach
    void shouldServeAGoodClient() throws IOException {
        GoodClient.assertServed(served.port());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/snapshot", "/v1/symbols", "/healthz", "/v1/sse?symbols=A", "/penstock.js",
        "/penstock-share.js", "/penstock-sse.js", "/asyncapi.json", "/protocol.schema.json", "/envelope.xml"})
    void shouldLetListedPagesReadEveryEndpointAndNoOthers(final String target) throws IOException {
        try (SocketClient client = get(served, target, "https://quotes.example")) {
            assertThat(client.status).isEqualTo(200);
            assertThat(client.header("Access-Control-Allow-Origin")).isEqualTo("https://quotes.example");
            assertThat(client.header("Vary")).contains("Origin");
        }
        for (final String other : FOREIGN) {
            assertRefused(served.port(), target, other);
        }
        assertRefused(served.port(), target, "https://quotes.example\r\nOrigin: https://quotes.example");
    }

    /** The page that shows live prices, and any page that a proxy serves under the relay's host. */
    @ParameterizedTest
    @CsvSource({"localhost:8080,http://localhost:8080", "127.0.0.1:8080,http://127.0.0.1:8080",
        "LOCALHOST,http://localhost", "localhost:80,http://localhost", "localhost,https://localhost",
        "localhost:443,https://localhost", "[::1]:8080,http://[::1]:8080"})
    void shouldServeItsOwnPageWithoutAnyEntry(final String host, final String origin) throws IOException {
        try (ServedFeed own = feed()) {
            own.live();
            for (final int port : new int[] {own.port(), own.server.adminPort()}) {
                try (SocketClient client = new SocketClient(port).http("GET /healthz HTTP/1.1\r\nHost: " + host
                        + "\r\nOrigin: " + origin + "\r\n\r\n")) {
                    assertThat(client.status).isEqualTo(200);
                    assertThat(client.header("Access-Control-Allow-Origin")).isEqualTo(origin);
                }
            }
            try (SocketClient client = own.connect().http(SocketClient.handshake("/v1/ws")
                    .replace("localhost", host + "\r\nOrigin: " + origin))) {
                assertThat(client.status).isEqualTo(101);
                assertThat(client.read()).contains("\"welcome\"");
            }
        }
    }

    @Test
    void shouldServeNoPageOfAnotherHostByDefault() throws IOException {
        try (ServedFeed own = feed()) {
            for (final String origin : FOREIGN) {
                assertRefused(own.port(), "/v1/snapshot", origin);
                try (SocketClient client = own.connect().http(SocketClient.handshake("/v1/ws")
                        .replace("Host: localhost", "Host: localhost\r\nOrigin: " + origin))) {
                    assertThat(client.read()).startsWith("close 4403 bad_origin: ");
                }
            }
            assertThat(own.sessions()).isZero();
        }
    }

    @Test
    void shouldServeTheOperatorsListenerToNoPageOfAnotherHost() throws IOException {
        for (final ServedFeed feed : List.of(served, open)) {
            for (final String origin : List.of("https://quotes.example", "null", "http://localhost:1")) {
                assertRefused(feed.server.adminPort(), "/metrics", origin);
            }
        }
        try (SocketClient client = new SocketClient(served.server.adminPort()).http(SocketClient.handshake("/metrics")
                .replace("Host: localhost", "Host: localhost\r\nOrigin: https://quotes.example"))) {
            assertThat(client.status).isEqualTo(403);
        }
    }

    /** The question that a browser asks first, and the request that it sends without asking. */
    @ParameterizedTest
    @ValueSource(strings = {"OPTIONS /metrics", "POST /metrics", "GET /healthz", "HEAD /readyz", "DELETE /none"})
    void shouldGrantNothingOnTheOperatorsListenerToAPageOfAnotherHost(final String request) throws IOException {
        try (SocketClient client = new SocketClient(open.server.adminPort()).send((request
                + " HTTP/1.1\r\nHost: localhost\r\nOrigin: https://quotes.example\r\nAccess-Control-Request-Method: GET"
                + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII)).readResponseHead()) {
            assertThat(client.status).isEqualTo(403);
            assertThat(client.head).doesNotContain("Access-Control-Allow");
        }
    }

    @Test
    void shouldServeEveryPageIfConfigured() throws IOException {
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
            assertThat(client.header("Access-Control-Allow-Headers")).contains("If-None-Match", "Authorization");
            assertThat(client.header("Access-Control-Allow-Methods")).isEqualTo("GET, HEAD, POST");
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
    void shouldCloseARefusedSessionOfAPageThatAsksForTooMuch() throws IOException {
        final String patterns = IntStream.range(0, 300).mapToObj(i -> "S" + i + "*").collect(Collectors.joining(","));
        assertThat(firstFrame(served, "/v1/raw?symbols=" + patterns)).startsWith("close 4413 too_many_symbols: ");
        try (ServedFeed scarce = ServedFeed.withWork(1)) {
            scarce.live();
            for (int i = 0; i < 200; i++) {
                scarce.tick("S" + i, "1");
            }
            String frame = "";
            // each io thread accepts one such request
            for (int i = 0; i < 20 && !frame.startsWith("close"); i++) {
                frame = firstFrame(scarce, "/v1/raw?symbols=*S*");
            }
            assertThat(frame).startsWith("close 4429 rate_limited: ");
        }
    }

    @Test
    void shouldTellAPageWhenToReturn() throws IOException {
        try (ServedFeed draining = new ServedFeed()) {
            draining.drain();
            try (SocketClient client = draining.connect().http(SocketClient.handshake("/v1/ws")
                .replace("Host: localhost", "Host: localhost\r\nOrigin: http://localhost"))) {
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

    private static ServedFeed feed(final String... origins) throws IOException {
        return ServedFeed.withEdge(ServedFeed.edge(List.of(), List.of(origins)));
    }

    private static void assertRefused(final int port, final String target, final String origin) throws IOException {
        try (SocketClient client = new SocketClient(port).http("GET " + target + " HTTP/1.1\r\nHost: localhost\r\n"
                + "Origin: " + origin + "\r\n\r\n")) {
            assertThat(client.status).as(origin).isEqualTo(403);
            assertThat(client.body).contains("bad_origin", "server.allowed-origins");
            assertThat(client.header("Access-Control-Allow-Origin")).isNull();
        }
    }

    private static String firstFrame(final ServedFeed feed, final String target) throws IOException {
        try (SocketClient client = feed.connect().http(SocketClient.handshake(target)
            .replace("Host: localhost", "Host: localhost\r\nOrigin: http://localhost"))) {
            assertThat(client.status).isEqualTo(101);
            return client.read();
        }
    }

    private static SocketClient get(final ServedFeed feed, final String target, final String origin)
            throws IOException {
        return feed.connect().http("GET " + target + " HTTP/1.1\r\nHost: localhost\r\nOrigin: " + origin + "\r\n\r\n");
    }
}
