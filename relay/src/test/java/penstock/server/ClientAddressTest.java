package penstock.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import penstock.config.relay.ServerConfig;
import penstock.telemetry.Counter;

/** An address may have one session here: whether a second one is opened shows whom the relay takes for the client. */
class ClientAddressTest {
    private static final String CLIENT = "203.0.113.7";

    /** {@code same}: the client is 203.0.113.7. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', value = {
        "203.0.113.7|same", "203.0.113.7:4711|same", "1.2.3.4, 203.0.113.7|same", "203.0.113.7,10.0.0.5|same",
        "unknown, 203.0.113.7 , 10.0.0.5,10.9.9.9|same", "1.2.3.4\\r\\nX-Forwarded-For: 203.0.113.7|same",
        "203.0.113.7\\r\\nX-Forwarded-For: 10.0.0.5|same", "203.0.113.8|other", "203.0.113.7, 203.0.113.8|other",
        "203.0.113.7, unknown|other", "203.0.113.7, 10.0.0.5.|other", "|other", "203.0.113.7,|other",
        "203.0.113.7, 2001:db8::1|other", "203.0.113.7, [2001:db8::1]:80|other", "203.0.113.7.evil.example|other"})
    void shouldTakeTheRightmostAddressThatIsNoTrustedProxyForTheClient(final String forwarded, final String client)
            throws IOException {
        try (ServedFeed served = served(List.of("127.0.0.1", "10.0.0.0/8"), false);
             SocketClient first = open(served, CLIENT);
             SocketClient second = open(served, forwarded == null ? "" : forwarded.replace("\\r\\n", "\r\n"))) {
            assertThat(first.status).isEqualTo(101);
            assertThat(second.status).isEqualTo(client.equals("same") ? 429 : 101);
        }
    }

    @ParameterizedTest
    @CsvSource({"2001:db8:0:7::1,2001:db8:0:7:ffff::2,429", "2001:db8:0:7::1,2001:db8:0:8::1,101",
        "[2001:db8:0:7::1]:5,2001:db8:0:7::1,429", "::ffff:203.0.113.7,203.0.113.7,429"})
    void shouldTakeTheHostsOfAnIpv6NetworkForOneClient(final String one, final String other, final int status)
            throws IOException {
        try (ServedFeed served = served(List.of("127.0.0.1"), false);
             SocketClient first = open(served, one); SocketClient second = open(served, other)) {
            assertThat(first.status).isEqualTo(101);
            assertThat(second.status).isEqualTo(status);
        }
    }

    @ParameterizedTest
    @CsvSource({"203.0.113.8", "10.0.0.5", "127.0.0.1"})
    void shouldNotBelieveAnyoneElse(final String forwarded) throws IOException {
        try (ServedFeed served = served(List.of("10.0.0.0/8"), false);
             SocketClient first = open(served, CLIENT); SocketClient second = open(served, forwarded)) {
            assertThat(first.status).isEqualTo(101);
            assertThat(second.status).isEqualTo(429);
        }
    }

    /** The proxy passes its own name for the relay as the Host. */
    @ParameterizedTest
    @CsvSource({
        "127.0.0.1,relay.example.com,https,https://relay.example.com,200",
        "127.0.0.1,'localhost, relay.example.com','http, HTTPS',https://relay.example.com,200",
        "127.0.0.1,relay.example.com:8443,https,https://relay.example.com:8443,200",
        "127.0.0.1,relay.example.com,https,http://relay.example.com,403",
        "127.0.0.1,relay.example.com,http,https://relay.example.com,403",
        "127.0.0.1,relay.example.com,https,https://relay.example.com:8443,403",
        "127.0.0.1,relay.example.com,https,https://127.0.0.1:8080,403",
        "127.0.0.1,evil.example,https,https://evil.example,421",
        "10.0.0.1,relay.example.com,https,https://relay.example.com,403",
        "10.0.0.1,evil.example,https,https://127.0.0.1:8080,200"})
    void shouldTakeHostAndSchemeFromATrustedProxyOnly(final String trusted, final String host, final String scheme,
            final String origin, final int status) throws IOException {
        try (ServedFeed served = served(List.of(trusted), false);
             SocketClient client = served.connect().http("GET /v1/snapshot HTTP/1.1\r\nHost: 127.0.0.1:8080\r\n"
                + "X-Forwarded-Host: " + host + "\r\nX-Forwarded-Proto: " + scheme + "\r\nOrigin: " + origin
                + "\r\n\r\n")) {
            assertThat(client.status).isEqualTo(status);
        }
    }

    /** A browser on the proxy's machine is as trusted by its address, and its page can set the header. */
    @ParameterizedTest
    @CsvSource({"localhost", "relay.example.com"})
    void shouldNotLetAForwardedHostHideTheHost(final String forwarded) throws IOException {
        try (ServedFeed served = served(List.of("127.0.0.1"), false);
             SocketClient client = served.connect().http("GET /v1/snapshot HTTP/1.1\r\nHost: evil.example\r\n"
                + "X-Forwarded-Host: " + forwarded + "\r\n\r\n")) {
            assertThat(client.status).isEqualTo(421);
        }
    }

    @ParameterizedTest
    @CsvSource({"PROXY TCP4 203.0.113.7 127.0.0.1 5 80,429", "PROXY TCP4 203.0.113.8 127.0.0.1 5 80,101",
        "PROXY UNKNOWN,101"})
    void shouldTakeTheClientFromThePROXYHeader(final String line, final int status) throws IOException {
        try (ServedFeed served = served(List.of("127.0.0.1"), true);
             SocketClient first = served.connect().http("PROXY TCP4 203.0.113.7 127.0.0.1 5 80\r\n"
                + SocketClient.handshake("/v1/ws"));
             SocketClient second = served.connect()) {
            assertThat(first.status).isEqualTo(101);
            assertThat(first.read()).contains("\"welcome\"");
            for (final byte each : (line + "\r\n").getBytes()) {
                second.send(new byte[] {each});
            }
            assertThat(second.upgrade("/v1/ws").status).isEqualTo(status);
            // a client that is no proxy says nothing about others
            try (SocketClient third = served.connect().http("PROXY TCP4 203.0.113.7 127.0.0.1 6 80\r\n"
                    + SocketClient.handshake("/v1/ws").replace("\r\n\r\n", "\r\nX-Forwarded-For: 1.2.3.4\r\n\r\n"))) {
                assertThat(third.status).isEqualTo(429);
            }
            assertThat(served.telemetry.sum(Counter.PROXY_HEADERS_REFUSED)).isZero();
        }
    }

    @ParameterizedTest
    @CsvSource({"'GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n'", "'PROXY TCP4 1.2.3.4 5.6.7.8 9\r\n'"})
    void shouldCloseAndCountAConnectionOfAProxyWithAnInvalidHeader(final String bytes) throws IOException {
        try (ServedFeed served = served(List.of("127.0.0.1"), true); SocketClient client = served.connect()) {
            client.send(bytes.getBytes());
            assertThat(client.read()).isNull();
            await().untilAsserted(() -> assertThat(served.telemetry.sum(Counter.PROXY_HEADERS_REFUSED)).isOne());
        }
    }

    @Test
    void shouldCloseAndCountConnectionsOfAProxyWithoutAWholeHeader() throws IOException {
        try (ServedFeed served = served(List.of("127.0.0.1"), true); SocketClient half = served.connect();
             SocketClient silent = served.connect()) {
            half.send("PROXY TCP4 1.2.3.4".getBytes());
            assertThat(half.read()).as("after 5 s at most").isNull();
            assertThat(silent.read()).isNull();
            await().untilAsserted(() -> assertThat(served.telemetry.sum(Counter.PROXY_HEADERS_REFUSED)).isEqualTo(2));
        }
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void shouldTakeAHeaderFromAnyoneElseForAMalformedRequest(final boolean isOn) throws IOException {
        try (ServedFeed served = served(List.of("10.0.0.0/8"), isOn); SocketClient client = served.connect()) {
            client.http("PROXY TCP4 203.0.113.7 127.0.0.1 5 80\r\n" + SocketClient.handshake("/v1/ws"));
            assertThat(client.status).isEqualTo(400);
            try (SocketClient plain = served.connect().get("/healthz")) {
                assertThat(plain.status).isEqualTo(200);
            }
        }
    }

    private static ServedFeed served(final List<String> proxies, final boolean isProxyProtocol) throws IOException {
        return ServedFeed.withEdge(new ServerConfig.Edge(List.of("relay.example.com"), List.of(), proxies,
            isProxyProtocol, new ServerConfig.Quotas(1, 0, 0)));
    }

    private static SocketClient open(final ServedFeed served, final String forwarded) throws IOException {
        return served.connect().http(SocketClient.handshake("/v1/ws").replace("\r\n\r\n",
            "\r\nX-Forwarded-For: " + forwarded + "\r\n\r\n"));
    }
}
