package penstock.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import penstock.testkit.GoodClient;

/** A page whose name points to the relay's address reaches neither listener (DNS rebinding). */
class HostsTest {
    private static ServedFeed served;

    @BeforeAll
    static void serve() throws IOException {
        served = ServedFeed.withEdge(ServedFeed.edge(List.of("Relay.example.com", "intranet"), List.of()));
        served.live();
    }

    @AfterAll
    static void close() {
        served.close();
    }

    @AfterEach
    void shouldServeAGoodClient() throws IOException {
        GoodClient.assertServed(served.port());
    }

    @ParameterizedTest
    @ValueSource(strings = {"localhost", "LOCALHOST:80", "localhost.", "app.localhost:8080", "127.0.0.1",
        "127.0.0.1:8080", "192.0.2.255", "[::1]", "[::1]:8080", "[2001:db8::7]", "relay.example.com",
        "RELAY.example.com:8443", "relay.example.com.", "intranet"})
    void shouldServeRequestsThatNameTheRelay(final String host) throws IOException {
        assertThat(get(served.port(), "/healthz", host).status).isEqualTo(200);
        assertThat(get(served.server.adminPort(), "/metrics", host).status).isEqualTo(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"evil.example", "evil.example:8080", "localhost.evil.example", "127.0.0.1.evil.example",
        "notlocalhost", "x.relay.example.com", "relay.example.com.evil", "relay.example", "intranet2", "2130706433",
        "0x7f.1", "127.1", "127.0.0.01", "999.0.0.1", "[v1.relay]"})
    void shouldAnswer421ToRequestsForAnotherName(final String host) throws IOException {
        for (final String target : List.of("/", "/healthz", "/readyz", "/metrics", "/v1/snapshot", "/v1/sse?symbols=A",
                "/nothing")) {
            assertRefused(get(served.port(), target, host), host);
        }
        for (final String target : List.of("/metrics", "/healthz", "/nothing")) {
            assertRefused(get(served.server.adminPort(), target, host), host);
        }
        try (SocketClient client = served.connect().http(
                SocketClient.handshake("/v1/ws").replace("localhost", host))) {
            assertRefused(client, host);
        }
        assertThat(served.sessions()).isZero();
    }

    /** In the browser it has the origin of the name, so the origin alone would make it the relay's own page. */
    @Test
    void shouldOpenNoWebSocketToAPageUnderANameOfItsOwn() throws IOException {
        try (SocketClient client = served.connect().http(SocketClient.handshake("/v1/ws")
                .replace("localhost", "evil.example\r\nOrigin: http://evil.example"))) {
            assertRefused(client, "evil.example");
            assertThat(client.header("Access-Control-Allow-Origin")).isNull();
        }
    }

    @ParameterizedTest
    @CsvSource({"http://localhost/healthz,200", "http://localhost:80/healthz,200", "http://evil-localhost/healthz,421",
        "http://localhost.evil.example/healthz,421", "http://a@localhost/healthz,421",
        "http://evil.example/healthz,400", "http://evil.example?localhost,400"})
    void shouldCheckTheHostOfATargetThatNamesOne(final String target, final int status) throws IOException {
        assertThat(get(served.port(), target, "localhost").status).isEqualTo(status);
    }

    @Test
    void shouldServeHttp10WithoutAHost() throws IOException {
        try (SocketClient client = served.connect().http("GET /healthz HTTP/1.0\r\n\r\n")) {
            assertThat(client.status).isEqualTo(200);
        }
    }

    private static void assertRefused(final SocketClient client, final String host) {
        assertThat(client.status).isEqualTo(421);
        assertThat(client.body).isEqualTo("{\"type\":\"error\",\"status\":421,\"code\":\"unknown_host\",\"message\":"
            + "\"the Host of the request is not a name of this relay: use its IP address, or add the name to "
            + "server.host-names\"}");
        assertThat(client.head).startsWith("HTTP/1.1 421 Misdirected Request\r\n").doesNotContain(host);
    }

    private static SocketClient get(final int port, final String target, final String host) throws IOException {
        try (SocketClient client = new SocketClient(port)) {
            return client.http("GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
        }
    }
}
