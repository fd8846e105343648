package penstock.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import penstock.config.relay.AuthConfig;
import penstock.identity.AccessControl;
import penstock.identity.Principal;
import penstock.identity.Products;
import penstock.identity.TokenException;
import penstock.identity.rights.Rights;
import penstock.telemetry.Counter;
import penstock.telemetry.Telemetry;
import penstock.testkit.Patience;
import penstock.testkit.RightsService;

/** A server whose clients' products a real service decides, over HTTP. */
@Timeout(Patience.TEST_SECONDS)
class ServedRightsTest {
    private static final String AUTH = "{\"op\":\"auth\",\"token\":\"desk-7\"}";
    private static final String BEARER = "\r\nAuthorization: Bearer desk-7";

    private final Telemetry telemetry = new Telemetry();
    private RightsService service;
    private Rights rights;
    private ServedFeed served;

    @BeforeEach
    void serve() throws IOException {
        service = new RightsService();
        final AuthConfig.Product gold = new AuthConfig.Product(List.of(), List.of("XAU*"));
        final Products products = new Products(
            Map.of("fx", new AuthConfig.Product(List.of(), List.of("EUR*")), "metals", gold), true);
        rights = new Rights(new AuthConfig.Rights(service.url(), null, 60_000, 60_000), products, telemetry);
        served = ServedFeed.withAccess(new AccessControl("keys", token -> {
            if (!token.startsWith("desk-")) {
                throw TokenException.invalid("test");
            }
            return new Principal(token, Set.of("fx", "metals"), 0, Principal.NEVER, "test");
        }, products, Clock.systemUTC(), rights));
        rights.onChanged(served::credentialsChanged);
        rights.start();
        served.live();
        served.tick("EURUSD", "1.1");
        served.tick("XAUUSD", "2000");
    }

    @AfterEach
    void close() {
        rights.close();
        served.close();
        service.close();
    }

    @Test
    void shouldLeaveEachWayInWhatTheServiceLeaves() throws IOException {
        service.grant("desk-7", "fx", "unknown");
        for (final String ticket : new String[] {null, ticket(), ticket(), ticket()}) {
            final String query = ticket == null ? "" : "&ticket=" + ticket;
            try (SocketClient client = request("/v1/ws?symbols=*" + query, ticket == null ? BEARER : "")) {
                assertThat(client.readUntil("snapshot")).contains("EURUSD").doesNotContain("XAUUSD");
            }
        }
        try (SocketClient client = request("/v1/ws?symbols=*",
                "\r\nSec-WebSocket-Protocol: penstock.v1.json, bearer.desk-7");
             SocketClient first = served.upgraded("/v1/ws?symbols=*").say(AUTH);
             SocketClient raw = request("/v1/raw?symbols=EURUSD,XAUUSD", BEARER);
             SocketClient stream = request("/v1/sse?symbols=*", BEARER);
             SocketClient snapshot = request("/v1/snapshot", BEARER);
             SocketClient symbols = request("/v1/symbols", BEARER)) {
            assertThat(client.readUntil("snapshot")).contains("EURUSD").doesNotContain("XAUUSD");
            assertThat(first.readUntil("snapshot")).contains("EURUSD").doesNotContain("XAUUSD");
            assertThat(raw.read()).isEqualTo("<1.1>");
            assertThat(stream.readLineWith("data: {\"type\":\"snapshot\"")).contains("EURUSD")
                .doesNotContain("XAUUSD");
            assertThat(snapshot.body).contains("EURUSD").doesNotContain("XAUUSD");
            assertThat(symbols.body).contains("EURUSD").doesNotContain("XAUUSD");
        }
        assertThat(service.asked()).as("once, for all of them").containsExactly("desk-7");
    }

    @Test
    void shouldServeOthersWhileTheServiceIsSlowAndOpenNoSessionBeforeItsAnswer() throws IOException {
        service.grant("desk-7", "metals");
        service.hold();
        try (SocketClient client = begin("/v1/ws?symbols=*", BEARER);
             SocketClient first = served.upgraded("/v1/ws?symbols=*").say(AUTH);
             SocketClient snapshot = begin("/v1/snapshot", BEARER)) {
            await().until(() -> !service.asked().isEmpty());
            for (int i = 0; i < 6; i++) {
                try (SocketClient other = served.connect().get("/healthz")) {
                    assertThat(other.status).isEqualTo(200);
                }
            }
            assertThat(served.sessions()).isZero();
            service.release();
            assertThat(client.readHttp().status).isEqualTo(101);
            assertThat(client.readUntil("snapshot")).contains("XAUUSD").doesNotContain("EURUSD");
            assertThat(first.readUntil("snapshot")).contains("XAUUSD").doesNotContain("EURUSD");
            assertThat(snapshot.readHttp().body).contains("XAUUSD").doesNotContain("EURUSD");
        }
    }

    /** How a session reacts is the affair of the session: it is closed, or some of its symbols are denied. */
    @Test
    void shouldReachOpenSessionsAndRequestsWhenRightsChange() throws IOException {
        service.grant("desk-7", "fx", "metals");
        service.grant("desk-8", "fx", "metals");
        try (SocketClient client = request("/v1/ws?symbols=*", BEARER);
             SocketClient other = request("/v1/ws?symbols=*", BEARER.replace("7", "8"))) {
            assertThat(client.readUntil("snapshot")).contains("EURUSD", "XAUUSD");
            assertThat(other.readUntil("snapshot")).contains("EURUSD", "XAUUSD");
            service.grant("desk-7", "fx");
            service.grant("desk-8");
            assertThat(rights.refresh("desk-7")).isEqualTo(1);
            String frame = client.read();
            while (!frame.startsWith("close 4503") && !frame.contains("denied")) {
                frame = client.read();
            }
            served.tick("XAUUSD", "2001");
            assertThat(other.readUntil("2001")).as("the other one was not asked for").contains("XAUUSD");
            try (SocketClient snapshot = request("/v1/snapshot", BEARER)) {
                assertThat(snapshot.body).contains("EURUSD").doesNotContain("XAUUSD");
            }
        }
    }

    @Test
    void shouldServeNothingToNewClientsWhileTheServiceFails() throws IOException {
        service.grant("desk-7", "fx");
        service.grant("desk-8", "fx");
        try (SocketClient snapshot = request("/v1/snapshot", BEARER)) {
            assertThat(snapshot.body).contains("EURUSD");
        }
        service.fail(500);
        rights.refresh(null);
        for (int i = 0; i < 2; i++) {
            try (SocketClient known = request("/v1/snapshot", BEARER);
                 SocketClient unknown = request("/v1/snapshot", BEARER.replace("7", "8"))) {
                assertThat(known.body).contains("EURUSD");
                assertThat(unknown.status).isEqualTo(200);
                assertThat(unknown.body).doesNotContain("EURUSD");
            }
        }
        assertThat(telemetry.sum(Counter.RIGHTS_MISSING)).isEqualTo(2);
        assertThat(telemetry.sum(Counter.RIGHTS_FAILED)).isPositive();
    }

    private String ticket() throws IOException {
        try (SocketClient client = served.connect()
                .http("POST /v1/ticket HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0" + BEARER + "\r\n\r\n")) {
            assertThat(client.status).isEqualTo(200);
            return client.body.substring(11, 54);
        }
    }

    private SocketClient request(final String target, final String headers) throws IOException {
        final SocketClient client = begin(target, headers);
        return target.startsWith("/v1/sse") ? client.readResponseHead() : client.readHttp();
    }

    private SocketClient begin(final String target, final String headers) throws IOException {
        final String request = target.startsWith("/v1/ws") || target.startsWith("/v1/raw")
            ? SocketClient.handshake(target) : "GET " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
        return served.connect().send(request.replace("\r\n\r\n", headers + "\r\n\r\n").getBytes());
    }
}
