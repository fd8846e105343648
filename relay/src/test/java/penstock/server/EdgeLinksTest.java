package penstock.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import penstock.config.relay.AuthConfig;
import penstock.config.relay.AuthConfig.OnExcess;
import penstock.identity.Principal;
import penstock.testkit.Patience;

/** The relays behind a relay, played by clients, on two io threads. */
@Timeout(Patience.TEST_SECONDS)
class EdgeLinksTest {
    private static final AuthConfig.Product ALL = new AuthConfig.Product(List.of(), List.of("*"));

    private final TestClients clients = new TestClients(Map.of("all", ALL, "more", ALL))
        .withEdge("london").withEdge("tokyo").with("one", 1, OnExcess.DENY_NEW)
        .with("newest", 1, OnExcess.EVICT_OLDEST).with("free");
    private final List<SocketClient> open = new ArrayList<>();
    private ServedFeed served;
    private Edge london;
    private Edge tokyo;

    @BeforeEach
    void serve() throws IOException {
        clients.publish();
        served = ServedFeed.withAccess(clients.access);
        served.live();
        served.tick("EURUSD", "{\"bid\":1.10}");
        london = edge("/v1/ws", "london");
        tokyo = edge("/v1/ws?link=harbour", "tokyo");
        for (final Edge each : List.of(london, tokyo)) {
            assertThat(each.readUntil("welcome")).contains("\"subscriptions\":1024", "\"symbols\":1000000",
                "\"requestsPerSecond\":1000");
            assertThat(each.readUntil("elsewhere"))
                .isEqualTo("{\"type\":\"elsewhere\",\"clients\":[],\"all\":true}");
        }
    }

    @AfterEach
    void close() throws IOException {
        for (final SocketClient each : open) {
            each.close();
        }
        served.close();
    }

    @Test
    void shouldCountTheSessionsOfAllEdgesAndItsOwnForTheLimitOfAClient() throws IOException {
        london.report("one", "l1");
        assertThat(tokyo.readUntil("elsewhere"))
            .isEqualTo("{\"type\":\"elsewhere\",\"clients\":[{\"client\":\"one\",\"sessions\":1}]}");
        tokyo.report("one", "t1");
        assertThat(tokyo.readUntil("revoke")).startsWith("{\"type\":\"revoke\",\"sessions\":[\"t1\"],\"code\":4429,"
            + "\"reason\":\"too_many_sessions: ");
        assertThat(session("/v1/ws", "one").status).as("here, too").isEqualTo(429);
        london.say("\"ended\":[\"l1\"]");
        assertThat(tokyo.readUntil("elsewhere")).contains("{\"client\":\"one\",\"sessions\":0}");
        assertThat(session("/v1/ws", "one").status).isEqualTo(101);
        tokyo.report("one", "t2");
        assertThat(tokyo.readUntil("revoke")).contains("[\"t2\"]");
    }

    @Test
    void shouldEndTheOldestSessionAtWhicheverRelayItIs() throws IOException {
        london.report("newest", "l1");
        tokyo.report("newest", "t1");
        assertThat(london.readUntil("revoke")).isEqualTo("{\"type\":\"revoke\",\"sessions\":[\"l1\"],\"code\":4409,"
            + "\"reason\":\"replaced by a newer session\"}");
        final SocketClient here = session("/v1/ws", "newest");
        assertThat(tokyo.readUntil("revoke")).contains("[\"t1\"]", "4409");
        london.report("newest", "l2");
        assertThat(here.readUntil("close")).isEqualTo("close 4409 replaced by a newer session");
    }

    @Test
    void shouldCountSessionsOfAnEdgeThatIsGoneForAWhileAndNotTwiceWhenItComesBack() throws IOException {
        london.report("one", "l1");
        tokyo.readUntil("elsewhere");
        london.client.close();
        await().atMost(Patience.LIMIT).until(() -> served.sessions() == 1);
        assertThat(session("/v1/ws", "one").status).as("in its time of grace").isEqualTo(429);
        final Edge again = edge("/v1/ws", "london");
        again.say("\"full\":true,\"more\":true,\"sessions\":[" + one("one", "l1") + "]");
        assertThat(session("/v1/ws", "one").status).isEqualTo(429);
        again.say("\"sessions\":[" + one("free", "l2") + "]");
        assertThat(session("/v1/ws", "one").status).as("still listed").isEqualTo(429);
        again.say("\"full\":true,\"sessions\":[" + one("free", "l2") + "]");
        assertThat(session("/v1/ws", "one").status).as("no longer listed").isEqualTo(101);
    }

    @Test
    void shouldTellAnEdgeWhatBecomesOfItsClientsAndAgainWhenItComesBack() throws IOException {
        london.report("free", "l1");
        clients.with("free", 0, Principal.NEVER, "all", "more").publish();
        served.credentialsChanged();
        assertThat(london.readUntil("rights")).isEqualTo(
            "{\"type\":\"rights\",\"client\":\"free\",\"credential\":\"test\",\"products\":[\"all\",\"more\"]}");
        clients.without("free").publish();
        served.credentialsChanged();
        final String revoked = "{\"type\":\"rights\",\"client\":\"free\",\"credential\":\"test\",\"revoked\":true}";
        assertThat(london.readUntil("rights")).isEqualTo(revoked);
        final Edge again = edge("/v1/ws", "london");
        assertThat(london.readUntil("close")).isEqualTo("close 4409 replaced by a newer session");
        again.report("free", "l1");
        assertThat(again.readUntil("rights")).as("it was cut off").isEqualTo(revoked);
        again.say("\"ended\":[\"l1\"]");
        clients.with("free").publish();
        served.credentialsChanged();
        assertThat(again.readUntil("rights")).as("nothing is taken away any more")
            .isEqualTo("{\"type\":\"rights\",\"client\":\"free\",\"credential\":\"test\"}");
    }

    @Test
    void shouldTakeReportsFromEdgesOnly() throws IOException {
        final SocketClient client = session("/v1/ws", "free");
        client.say("{\"op\":\"report\",\"id\":1,\"sessions\":[]}");
        assertThat(client.readUntil("error")).contains("\"status\":403,\"code\":\"forbidden\"");
        assertThat(session("/v1/ws?link=free", "free").status).isEqualTo(403);
        tokyo.client.say("{\"op\":\"report\",\"id\":1,\"edge\":\"london\"}");
        assertThat(tokyo.readUntil("error")).contains("\"code\":\"bad_field\",\"path\":\"/edge\"", "harbour");
        tokyo.client.say("{\"op\":\"report\",\"id\":2,\"sessions\":[{\"client\":\"x\",\"session\":\"s\",\"adress\":\"y\"}]}");
        assertThat(tokyo.readUntil("error")).contains("\"path\":\"/sessions/0/adress\"", "did you mean address?");
        tokyo.client.say("{\"op\":\"report\",\"id\":3,\"ended\":[" + "\"s\",".repeat(500) + "\"s\"]}");
        assertThat(tokyo.readUntil("error")).contains("at most 500");
    }

    @Test
    void shouldPassTheWordsOfTheOperatorOnToEdgesAndLeaveTheirLinksAlone() throws IOException {
        final SocketClient here = session("/v1/ws?symbols=*", "free");
        here.readUntil("ack");
        assertThat(post("/admin/v1/notice?text=Maintenance&level=warning"))
            .isEqualTo("200 {\"sent\":1,\"edges\":2}");
        assertThat(here.readUntil("notice")).doesNotContain("\"to\"");
        for (final Edge each : List.of(london, tokyo)) {
            assertThat(each.readUntil("notice")).startsWith("{\"type\":\"notice\",\"level\":\"warning\","
                + "\"text\":\"Maintenance\",\"ts\":").matches(".*,\"to\":\\{},\"order\":\"[0-9a-f]+\",\"age\":\\d+}");
        }
        post("/admin/v1/notice?text=two&product=fx&address=10.0.0.0/8");
        assertThat(tokyo.readUntil("notice")).contains(",\"to\":{\"address\":\"10.0.0.0/8\",\"product\":\"fx\"},");

        london.client.say("{\"op\":\"subscribe\",\"symbols\":[\"*\"]}");
        assertThat(london.readUntil("snapshot")).contains("EURUSD");
        assertThat(post("/admin/v1/kick?channel=quote&reconnect=false")).isEqualTo("200 {\"closed\":1,\"edges\":2}");
        assertThat(here.readUntil("close")).isEqualTo("close 4403 closed by the operator");
        for (final Edge each : List.of(london, tokyo)) {
            assertThat(each.readUntil("revoke")).startsWith("{\"type\":\"revoke\",\"to\":{\"channel\":\"quote\"},"
                + "\"code\":4403,\"reason\":\"closed by the operator\",\"order\":\"");
        }
        assertThat(post("/admin/v1/kick?principal=london")).isEqualTo("200 {\"closed\":1,\"edges\":2}");
        assertThat(london.readUntil("close")).startsWith("close 4503 retryAfter=");
    }

    @Test
    void shouldSendTheWordsOfTheOperatorAgainToAnEdgeThatConnects() throws IOException {
        post("/admin/v1/notice?text=Maintenance");
        post("/admin/v1/kick?principal=free");
        final String id = london.readUntil("notice").replaceAll(".*\"order\":\"([0-9a-f]+)\".*", "$1");
        final Edge again = edge("/v1/ws", "london");
        assertThat(again.readUntil("notice")).contains("\"text\":\"Maintenance\"", "\"order\":\"" + id + '"');
        assertThat(again.readUntil("revoke")).contains("\"to\":{\"principal\":\"free\"}", "\"age\":");
    }

    @Test
    void shouldLimitTheRateOfNotices() throws IOException {
        final List<String> answers = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            answers.add(post("/admin/v1/notice?text=" + i));
            if (answers.get(i).startsWith("429 ")) {
                break;
            }
        }
        assertThat(answers).last().asString().contains("\"code\":\"rate_limited\"", "\"retryAfter\":");
    }

    private String post(final String target) throws IOException {
        try (SocketClient operator = new SocketClient(served.server.adminPort())
                .http("POST " + target + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n")) {
            return operator.status + " " + operator.body;
        }
    }

    private static String one(final String client, final String session) {
        return "{\"client\":\"" + client + "\",\"session\":\"" + session + "\",\"address\":\"10.0.0.1:1\",\"since\":1,"
            + "\"credential\":\"test\",\"products\":[\"all\"]}";
    }

    private Edge edge(final String target, final String id) throws IOException {
        return new Edge(session(target, id));
    }

    private SocketClient session(final String target, final String id) throws IOException {
        final String subprotocol = target.contains("link=") ? "Sec-WebSocket-Protocol: penstock.v1.bin\r\n" : "";
        final SocketClient client = served.connect().http(SocketClient.handshake(target)
            .replace("\r\n\r\n", "\r\n" + subprotocol + TestClients.bearer(id) + "\r\n\r\n"));
        open.add(client);
        return client;
    }

    /** An edge, which keeps what it was sent until it is asked for it. One thread. */
    private static final class Edge {
        private final SocketClient client;
        private final Deque<String> unread = new ArrayDeque<>();

        Edge(final SocketClient client) {
            this.client = client;
        }

        /** Reports a session that has begun. */
        void report(final String of, final String session) throws IOException {
            say("\"sessions\":[" + one(of, session) + "]");
        }

        /** Reports, and waits until the relay has taken it. */
        void say(final String members) throws IOException {
            client.say("{\"op\":\"report\"," + members + "}");
            String message = client.read();
            while (message != null && !message.equals("{\"type\":\"ack\",\"op\":\"report\"}")) {
                unread.add(message);
                message = client.read();
            }
        }

        /** The next message with {@code part} in it; those before it are skipped. */
        String readUntil(final String part) throws IOException {
            while (!unread.isEmpty()) {
                final String message = unread.remove();
                if (message.contains(part)) {
                    return message;
                }
            }
            return client.readUntil(part);
        }
    }
}
