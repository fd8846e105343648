package penstock.server;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import penstock.identity.AccessControl;
import penstock.identity.Principal;
import penstock.quota.Accounts;
import penstock.quota.QuotaLimits;
import penstock.testkit.GoodClient;

/** Clients that use more than their name or their address may, each beside one that does not. */
class PrincipalQuotasTest {
    private static final QuotaLimits.Keys NAMES = new QuotaLimits.Keys("auth.quotas.", "");
    private static final QuotaLimits.Keys PLACES = new QuotaLimits.Keys("server.", "-per-address");

    private int requests;
    private final TestClients clients = new TestClients().with("greedy").with("good").with("other")
        .with("twenty", 20, Principal.NEVER, "all");

    @Test
    void shouldRefuseTheTwentyFirstSessionOfAClient() throws IOException {
        final List<SocketClient> sessions = new ArrayList<>();
        try (ServedFeed served = ServedFeed.withAccess(clients.access)) {
            for (int i = 0; i < 20; i++) {
                sessions.add(open(served, "/v1/ws", "twenty"));
                assertThat(sessions.get(i).status).isEqualTo(101);
            }
            try (SocketClient refused = open(served, "/v1/ws", "twenty")) {
                assertThat(refused.status).isEqualTo(429);
                assertThat(refused.header("Retry-After")).isEqualTo("5");
            }
            GoodClient.assertServed(served.port(), TestClients.bearer("good"));
        } finally {
            for (final SocketClient session : sessions) {
                session.close();
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/ws", "/v1/raw?symbols=A", "/v1/sse?symbols=A"})
    void shouldRefuseHandshakesOfAClientThatComeTooFast(final String target) throws IOException {
        try (ServedFeed served = served(new QuotaLimits(NAMES, 2, 0, 0, 0, 0), QuotaLimits.NONE)) {
            SocketClient client = open(served, target, "greedy");
            for (int i = 0; i < 200 && client.status != 429; i++) {
                client.close();
                client = open(served, target, "greedy");
            }
            assertThat(client.status).isEqualTo(429);
            assertThat(client.header("Retry-After")).isEqualTo("1");
            assertThat(client.readBody().body).contains("\"too_many_handshakes\"", "auth.quotas.handshakes-per-second = 2");
            client.close();
            try (SocketClient good = open(served, target, "good")) {
                assertThat(good.status).isBetween(101, 200);
            }
            GoodClient.assertServed(served.port(), TestClients.bearer("other"));
        }
    }

    @Test
    void shouldRefuseHandshakesOfAClientThatShowsItsTokenInAMessage() throws IOException {
        try (ServedFeed served = served(new QuotaLimits(NAMES, 1, 0, 0, 0, 0), QuotaLimits.NONE)) {
            String answer = "";
            for (int i = 0; i < 200 && !answer.startsWith("close"); i++) {
                try (SocketClient client = served.upgraded("/v1/ws").say("{\"op\":\"auth\",\"token\":\"key-greedy\"}")) {
                    answer = client.read();
                }
            }
            assertThat(answer).startsWith("close 4429 too_many_handshakes: ");
            GoodClient.assertServed(served.port(), TestClients.bearer("good"));
        }
    }

    @Test
    void shouldRefuseRequestsOfAllSessionsOfAClientTogether() throws IOException {
        try (ServedFeed served = served(new QuotaLimits(NAMES, 0, 10, 0, 0, 0), QuotaLimits.NONE);
             SocketClient first = open(served, "/v1/ws", "greedy"); SocketClient second =
                 open(served, "/v1/ws", "greedy"); SocketClient good = open(served, "/v1/ws", "good")) {
            String refusal = null;
            for (int i = 0; i < 500 && refusal == null; i++) {
                final String answer = (i % 2 == 0 ? first : second).say("{\"op\":\"ping\",\"id\":1}")
                    .readUntil("\"id\":1");
                refusal = answer.contains("error") ? answer : null;
            }
            assertThat(refusal).contains("\"status\":429", "\"rate_limited\"", "\"retryAfter\":",
                "auth.quotas.requests-per-second = 10");
            assertThat(good.say("{\"op\":\"ping\",\"id\":1}").readUntil("\"id\":1")).contains("pong");
            GoodClient.assertServed(served.port(), TestClients.bearer("good"));
        }
    }

    @Test
    void shouldRefuseWorkThatAClientAsksForByEitherWay() throws IOException {
        try (ServedFeed served = served(new QuotaLimits(NAMES, 0, 0, 1, 0, 0), QuotaLimits.NONE)) {
            for (int i = 0; i < 30; i++) {
                served.tick("S" + i, "1");
            }
            try (SocketClient first = get(served, "greedy"); SocketClient refused = get(served, "greedy");
                 SocketClient good = get(served, "good"); SocketClient session = open(served, "/v1/ws", "greedy")) {
                assertThat(first.status).isEqualTo(200);
                assertThat(refused.status).isEqualTo(429);
                assertThat(Integer.parseInt(refused.header("Retry-After"))).isGreaterThan(5);
                assertThat(refused.body).contains("\"rate_limited\"", "auth.quotas.work-per-second = 1");
                assertThat(good.status).isEqualTo(200);
                assertThat(session.say("{\"op\":\"subscribe\",\"id\":1,\"symbols\":[\"*\"]}").readUntil("\"id\":1"))
                    .contains("\"status\":429", "auth.quotas.work-per-second = 1");
                GoodClient.assertServed(served.port(), TestClients.bearer("good"));
            }
        }
    }

    @Test
    void shouldRefuseSubscriptionsAndSymbolsBeyondThoseOfAllSessions() throws IOException {
        try (ServedFeed served = served(new QuotaLimits(NAMES, 0, 0, 0, 2, 5), QuotaLimits.NONE);
             SocketClient second = open(served, "/v1/ws", "greedy"); SocketClient good =
                 open(served, "/v1/ws", "good")) {
            try (SocketClient first = open(served, "/v1/ws", "greedy")) {
                assertThat(subscribe(first, "a", "\"A\",\"B*\",\"C\"")).contains("\"ack\"");
                assertThat(subscribe(second, "b", "\"A\",\"B\",\"C\"")).contains("\"status\":429",
                    "\"quota_exceeded\"", "\"path\":\"/symbols\"", "auth.quotas.symbols = 5", "\"retryAfter\":5000");
                assertThat(subscribe(second, "b", "\"A\",\"B\"")).contains("\"ack\"");
                assertThat(subscribe(second, "c", "\"A\"")).contains("\"status\":429", "\"quota_exceeded\"",
                    "\"path\":\"/sub\"", "\"retry\":true,\"retryAfter\":5000", "auth.quotas.subscriptions = 2");
                assertThat(subscribe(good, "a", "\"A\"")).contains("\"ack\"");
                try (SocketClient raw = open(served, "/v1/raw?symbols=A", "greedy")) {
                    assertThat(raw.read()).startsWith("close 4429 quota_exceeded: ");
                }
                try (SocketClient stream = open(served, "/v1/sse?symbols=A", "greedy")) {
                    assertThat(stream.readLineWith("data: {\"type\":\"error\"")).contains("quota_exceeded");
                    assertThat(stream.readLineWith("data: {\"type\":\"notice\"")).contains("closed: 4429");
                }
            }
            String again = "error";
            for (int i = 0; i < 500 && again.contains("error"); i++) {
                again = subscribe(second, "c", "\"A\"");
            }
            assertThat(again).as("the first session has ended").contains("\"ack\"");
            GoodClient.assertServed(served.port(), TestClients.bearer("good"));
        }
    }

    @Test
    void shouldLimitWhatAnAddressHasInAllItsSessionsWithoutAuthentication() throws IOException {
        final QuotaLimits ofAddress = new QuotaLimits(PLACES, 0, 0, 0, 1, 0);
        final AccessControl everyone = AccessControl.ofEveryone();
        everyone.limit(new Accounts(QuotaLimits.NONE, ofAddress, System::nanoTime));
        try (ServedFeed served = ServedFeed.withAccess(everyone); SocketClient first = served.upgraded("/v1/ws");
             SocketClient second = served.upgraded("/v1/ws")) {
            assertThat(subscribe(first, "a", "\"A\"")).contains("\"ack\"");
            assertThat(subscribe(second, "a", "\"A\"")).contains("\"status\":429",
                "server.subscriptions-per-address = 1");
        }
    }

    private ServedFeed served(final QuotaLimits ofName, final QuotaLimits ofAddress) throws IOException {
        clients.access.limit(new Accounts(ofName, ofAddress, System::nanoTime));
        final ServedFeed served = ServedFeed.withAccess(clients.access);
        served.live();
        served.tick("A", "1.10");
        return served;
    }

    private String subscribe(final SocketClient client, final String sub, final String symbols)
            throws IOException {
        final String answer = "\"id\":" + ++requests + ",";
        return client.say("{\"op\":\"subscribe\"," + answer + "\"sub\":\"" + sub + "\",\"symbols\":[" + symbols + "]}")
            .readUntil(answer);
    }

    private static SocketClient open(final ServedFeed served, final String target, final String id)
            throws IOException {
        final SocketClient client = served.connect().send(SocketClient.handshake(target)
            .replace("\r\n\r\n", "\r\n" + TestClients.bearer(id) + "\r\n\r\n").getBytes(US_ASCII));
        return client.readResponseHead();
    }

    private static SocketClient get(final ServedFeed served, final String id) throws IOException {
        return served.connect().http("GET /v1/snapshot HTTP/1.1\r\nHost: localhost\r\n" + TestClients.bearer(id)
            + "\r\n\r\n");
    }
}
