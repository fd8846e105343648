package penstock.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.SocketException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import penstock.telemetry.Counter;
import penstock.testkit.GoodClient;

class WebSocketEndpointTest {
    private static ServedFeed served;

    @BeforeAll
    static void serve() throws IOException {
        served = new ServedFeed();
        served.live();
        served.tick("EURUSD", "{\"bid\":1.10}");
    }

    @AfterAll
    static void close() {
        served.close();
    }

    @AfterEach
    void shouldServeAGoodClient() throws IOException {
        GoodClient.assertServed(served.port());
    }

    @Test
    void shouldUpgrade() throws IOException {
        try (SocketClient client = served.connect().upgrade("/v1/ws")) {
            assertThat(client.status).isEqualTo(101);
            assertThat(client.header("Sec-WebSocket-Accept")).isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
            assertThat(client.header("Upgrade")).isEqualTo("websocket");
            assertThat(client.header("Content-Length")).isNull();
            assertThat(client.header("Sec-WebSocket-Protocol")).isNull();
            assertThat(client.read()).startsWith("{\"type\":\"welcome\",\"protocol\":\"penstock.v1\"");
        }
    }

    @Test
    void shouldSendBinaryMessagesToAClientThatPrefersThem() throws IOException {
        try (SocketClient client = served.connect().http(handshake("Sec-WebSocket-Protocol: penstock.v1.bin")
                .replace("/v1/ws", "/v1/ws?symbols=BINARY&interval=0"))) {
            assertThat(client.header("Sec-WebSocket-Protocol")).isEqualTo("penstock.v1.bin");
            client.read();
            assertThat(client.read()).contains("\"op\":\"subscribe\"");
            assertThat(client.read()).as("a snapshot without entries").startsWith("binary:").contains("\"0\"");
            served.tick("BINARY", "{\"bid\":1.10}");
            assertThat(client.read()).startsWith("{\"type\":\"topics\"").contains("\"BINARY\"");
            assertThat(client.read()).startsWith("binary:").contains("{\"bid\":1.10}");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"penstock.v1.json", "other, penstock.v1.json , bearer.secret"})
    void shouldAcceptOnlyItsSubprotocol(final String offer) throws IOException {
        try (SocketClient client = served.connect().http(handshake("Sec-WebSocket-Protocol: " + offer))) {
            assertThat(client.status).isEqualTo(101);
            assertThat(client.header("Sec-WebSocket-Protocol")).isEqualTo("penstock.v1.json");
            assertThat(client.head).doesNotContain("secret", "other");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {"penstock.v1.rows, penstock.v1.json|penstock.v1.rows",
        "penstock.v1.json, penstock.v1.rows|penstock.v1.json"})
    void shouldSendRowsToAClientThatPrefersThem(final String offers, final String answer) throws IOException {
        try (SocketClient client = served.connect().http(handshake("Sec-WebSocket-Protocol: " + offers)
                .replace("/v1/ws", "/v1/ws?symbols=ROWS&interval=0"))) {
            assertThat(client.header("Sec-WebSocket-Protocol")).isEqualTo(answer);
            client.read();
            assertThat(client.read()).contains("\"op\":\"subscribe\"");
            assertThat(client.read()).startsWith("{\"type\":\"snapshot\"");
            served.tick("ROWS", "{\"bid\":1.10}");
            if (answer.endsWith("rows")) {
                assertThat(client.read()).contains("\"ROWS\"").startsWith("{\"type\":\"rows\",\"sub\":\"0\",\"columns\":[");
                assertThat(client.read()).startsWith("[\"0\",").endsWith(",1.10]]");
            } else {
                assertThat(client.read()).startsWith("{\"type\":\"update\"");
            }
        }
    }

    /** A drop-in for the venue answers what the venue answers. */
    @Test
    void shouldAnswerTheFirstSubprotocolOfARawSession() throws IOException {
        try (SocketClient client = served.connect().http(handshake("Sec-WebSocket-Protocol: feed.v2, other")
                .replace("/v1/ws", "/v1/raw?symbols=EURUSD"))) {
            assertThat(client.status).isEqualTo(101);
            assertThat(client.header("Sec-WebSocket-Protocol")).isEqualTo("feed.v2");
        }
    }

    /** A part of a valid handshake, its replacement, the response. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "GET |POST                                              |405|method_not_allowed",
        "GET |TRACE                                             |405|method_not_allowed",
        "HTTP/1.1|HTTP/1.0                                      |505|http_version",
        "/v1/ws|http://localhost/v1/ws                          |400|bad_handshake",
        "/v1/ws|/v1/wss                                         |404|not_found",
        "/v1/ws|/V1/WS                                          |404|not_found",
        "Upgrade: websocket|X: y                                |400|bad_handshake",
        "Upgrade: websocket|Upgrade: h2c                        |400|bad_handshake",
        "Connection: Upgrade|Connection: keep-alive             |400|bad_handshake",
        "Sec-WebSocket-Version: 13|X: y                         |426|upgrade_required",
        "Sec-WebSocket-Version: 13|Sec-WebSocket-Version: 12    |426|upgrade_required",
        "Sec-WebSocket-Version: 13|Sec-WebSocket-Version: 8     |426|upgrade_required",
        "Sec-WebSocket-Version: 13|Sec-WebSocket-Version: 13, 8 |426|upgrade_required",
        "Sec-WebSocket-Version: 13|Sec-WebSocket-Version: 7     |426|upgrade_required",
        "dGhlIHNhbXBsZSBub25jZQ==|aGVsbG8=                      |400|bad_handshake",
        "dGhlIHNhbXBsZSBub25jZQ==|AAAA                          |400|bad_handshake",
        "dGhlIHNhbXBsZSBub25jZQ==|!!!!                          |400|bad_handshake",
        "Sec-WebSocket-Key|X-WebSocket-Key                      |400|bad_handshake",
        "Host: localhost|Host: localhost\\r\\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==|400|bad_handshake",
        "Host: localhost|Host: localhost\\r\\nContent-Length: 5 |400|bad_handshake",
        "Host: localhost|Host: localhost\\r\\nTransfer-Encoding: chunked |400|bad_handshake",
        "Host: localhost|Host: localhost\\r\\nSec-WebSocket-Protocol: mqtt, bearer.x |400|bad_subprotocol",
        "Host: localhost|Host: localhost\\r\\nOrigin: http://a\\r\\nOrigin: http://b |403|bad_origin",
        "Host: localhost|X: y                                   |400|``",
        "Host: localhost|Host: localhost\\r\\nHost: b           |400|``",
        "Host: localhost|Host: a@evil/x                         |400|``",
        "Host: localhost|Host : localhost                       |400|``",
        "Host: localhost|Host: localhost\\r\\nnocolon           |400|``",
        "Host: localhost|Host: localhost\\r\\nContent-Length: 1\\r\\nContent-Length: 2   |400|``",
        "Host: localhost|Host: localhost\\r\\n Leading: space         |400|``",
        "Host: localhost|Host: localhost\\r\\nX: a\\0b             |400|``",
        "Host: localhost|Host: localhost\\r\\nX: a\\rY: b           |400|``",
        "Host: localhost|Host: localhost\\nX: y                   |400|``",
        "Host: localhost|Host: localhost\\r\\nContent-Length: 5\\r\\nTransfer-Encoding: chunked |400|``",
        "GET /v1/ws|CONNECT localhost:80                        |404|not_found",
        "GET /v1/ws|CONNECT /v1/ws                              |405|method_not_allowed",
        "/v1/ws|http://evil.example/v1/ws                       |400|``",
        "/v1/ws|/v1/ws?token=secret                             |401|token_invalid",
        "/v1/ws|/v1/ws?ticket=secret                            |401|token_invalid",
        "/v1/ws|/v1/raw                                         |400|bad_field",
        "/v1/ws|/v1/raw?symbols=A&interval=-5                   |400|bad_interval",
        "/v1/ws|/v1/raw?symbols=A&channel=nope                  |400|unknown_channel",
        "/v1/ws|/v1/raw?symbols=A&channel=trade&mode=conflate   |400|bad_field",
        "/v1/ws|/v1/raw?symbols=A&mode=all&interval=5           |400|bad_field",
        "/v1/ws|/v1/raw?symbols=A&fields=bid                    |400|bad_field",
        "/v1/ws|/v1/raw?symbols=A&delta=true                    |400|bad_field",
        "/v1/ws|/v1/raw?symbols=A&depth=5                       |400|bad_field",
        "/v1/ws|/v1/raw?symbol=A                                |400|unknown_field"})
    void shouldRejectAMalformedHandshake(final String part, final String instead, final int status, final String code)
    throws IOException {
        final String handshake = SocketClient.handshake("/v1/ws").replace(part, instead
            .replace("\\r", "\r").replace("\\n", "\n").replace("\\0", "\0"));
        try (SocketClient client = served.connect().http(handshake)) {
            assertThat(client.status).as(client.head + client.body).isEqualTo(status);
            if (!code.isEmpty()) {
                assertThat(client.body)
                    .startsWith("{\"type\":\"error\",\"status\":" + status + ",\"code\":\"" + code + "\"");
            }
            assertThat(client.head + client.body).doesNotContain("secret");
        }
    }

    /** What nginx does without {@code proxy_http_version 1.1}. */
    @Test
    void shouldNameTheMissingLinesOfNginx() throws IOException {
        final String handshake = SocketClient.handshake("/v1/ws").replace("HTTP/1.1", "HTTP/1.0");
        try (SocketClient client = served.connect().http(handshake)) {
            assertThat(client.status).isEqualTo(505);
            assertThat(client.body).contains("proxy_http_version 1.1", "proxy_set_header Upgrade $http_upgrade",
                "proxy_set_header Connection ");
        }
    }

    @Test
    void shouldNameTheSupportedVersion() throws IOException {
        try (SocketClient client = served.connect().http(SocketClient.handshake("/v1/ws").replace("n: 13", "n: 12"))) {
            assertThat(client.header("Sec-WebSocket-Version")).isEqualTo("13");
        }
        try (SocketClient client = served.connect().http(SocketClient.handshake("/v1/ws").replace("GET", "PUT"))) {
            assertThat(client.header("Allow")).isEqualTo("GET");
        }
        try (SocketClient client = served.connect().http(handshake("Sec-WebSocket-Protocol: mqtt"))) {
            assertThat(client.body).contains("penstock.v1.json");
        }
    }

    @Test
    void shouldRejectALongTarget() throws IOException {
        try (SocketClient client = served.connect().upgrade("/v1/ws?symbols=" + "A,".repeat(5_000))) {
            assertThat(client.status).isEqualTo(414);
        }
        try (SocketClient client = served.connect().upgrade("/v1/ws?symbols=" + "A".repeat(65_536))) {
            assertThat(client.status).isIn(400, 414);
        }
        try (SocketClient client = served.connect().http(handshake("X: " + "y".repeat(20_000)))) {
            assertThat(client.status).isEqualTo(400);
        }
        try (SocketClient client = served.connect().http(handshake("X: y\r\n".repeat(99) + "X: y"))) {
            assertThat(client.status).isEqualTo(400);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {64 * 1024, 2 * 1024 * 1024})
    void shouldRejectAHugeHeader(final int bytes) throws IOException {
        try (SocketClient client = served.connect()) {
            final byte[] request = handshake("X: " + "y".repeat(bytes)).getBytes();
            try {
                client.send(request);
                assertThat(client.readHttp().status).isEqualTo(400);
            } catch (final SocketException reset) {
                // the answer was lost, because the relay closes with bytes unread
                assertThat(client.read()).isNull();
            }
        }
        try (SocketClient client = served.connect().http(handshake("X: y\r\n".repeat(299) + "X: y"))) {
            assertThat(client.status).isEqualTo(400);
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "/v1/ws|penstock.v1.json\\r\\nX-Injected: 1", "/v1/ws|penstock.v1.json, a%0d%0aX-Injected: 1",
        "/v1/ws|a%0d%0aX-Injected: 1", "/v1/raw?symbols=A|a%0d%0aX-Injected: 1",
        "/v1/raw?symbols=A|%0d%0aX-Injected: 1"})
    void shouldReflectNoLineOfASubprotocol(final String target, final String offer) throws IOException {
        try (SocketClient client = served.connect().http(handshake("Sec-WebSocket-Protocol: "
                + offer.replace("\\r\\n", "\r\n")).replace("/v1/ws", target))) {
            assertThat(client.status).isIn(101, 400);
            assertThat(client.head + client.body).doesNotContain("Injected", "%0d");
        }
    }

    @Test
    void shouldServeOthersDuringIncompleteHandshakes() throws IOException {
        final SocketClient[] halves = new SocketClient[50];
        for (int i = 0; i < halves.length; i++) {
            halves[i] = served.connect().send("GET /v1/ws HTTP/1.1\r\nHost:".getBytes());
        }
        GoodClient.assertServed(served.port());
        for (final SocketClient half : halves) {
            half.close();
        }
    }

    @Test
    void shouldDisconnectAClientThatDoesNotCompleteTheHandshake() throws IOException {
        final long start = System.nanoTime();
        try (SocketClient half = served.connect()
                .send("GET /v1/ws HTTP/1.1\r\nHost:".getBytes()); SocketClient silent = served.connect()) {
            assertThat(half.socket.getInputStream().read()).isNegative();
            assertThat(silent.socket.getInputStream().read()).isNegative();
        }
        assertThat(System.nanoTime() - start).isBetween(3_000_000_000L, 8_000_000_000L);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001", "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
            "\u0000\u0001\u0002\r\n\r\n"})
    void shouldRejectOtherProtocols(final String opening) throws IOException {
        try (SocketClient client = served.connect()
                .send(opening.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1))) {
            final int first = client.socket.getInputStream().read();
            assertThat(first < 0 || first == 'H').isTrue();
        }
    }

    @Test
    void shouldRejectSessionsBeyondTheLimit() throws IOException {
        try (ServedFeed small = new ServedFeed(2, false, null, 10_000);
             SocketClient first = small.upgraded("/v1/ws"); SocketClient second = small.upgraded("/v1/ws")) {
            assertThat(first.read()).contains("welcome");
            assertThat(second.read()).contains("welcome");
            try (SocketClient third = small.connect().upgrade("/v1/ws")) {
                assertThat(third.status).isEqualTo(503);
                assertThat(third.header("Retry-After")).isNotNull();
                assertThat(third.body).contains("too_many_sessions");
            }
            // counted after the response was sent
            await().untilAsserted(() -> assertThat(small.telemetry.sum(Counter.SESSIONS_REFUSED)).isEqualTo(1));
            first.send(SocketClient.message(8, new byte[] {3, (byte) 0xe8}));
            assertThat(first.read()).isEqualTo("close 1000 ");
            assertThat(first.read()).isNull();
            small.upgraded("/v1/ws").close();
        }
    }

    @Test
    void shouldRejectWhileDraining() throws IOException {
        try (ServedFeed draining = new ServedFeed(); SocketClient open = draining.upgraded("/v1/ws")) {
            draining.drain();
            assertThat(open.readUntil("close")).isEqualTo("close 4503 retryAfter=2000");
            try (SocketClient client = draining.connect().upgrade("/v1/ws")) {
                assertThat(client.status).isEqualTo(503);
                assertThat(client.header("Retry-After")).isEqualTo("2");
                assertThat(client.body).contains("\"code\":\"draining\"");
            }
            try (SocketClient client = draining.connect().get("/readyz")) {
                assertThat(client.status).isEqualTo(503);
                assertThat(client.body).contains("draining");
            }
        }
    }

    private static String handshake(final String headers) {
        return SocketClient.handshake("/v1/ws").replace("Host: localhost", "Host: localhost\r\n" + headers);
    }
}
