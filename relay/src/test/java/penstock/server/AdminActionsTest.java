package penstock.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import penstock.config.relay.AuthConfig;
import penstock.identity.Principal;
import penstock.testkit.Patience;

/** What the operator does to sessions, over HTTP. */
@Timeout(Patience.TEST_SECONDS)
class AdminActionsTest {
    private static final String KICK = "/admin/v1/kick";
    private static final String NOTICE = "/admin/v1/notice";
    private static final String DRAIN = "/admin/v1/drain";
    private static final String CHANGES = "/admin/v1/changes";
    private static final AuthConfig.Product ALL = new AuthConfig.Product(List.of(), List.of("*"));

    private final TestClients clients = new TestClients(Map.of("fx", ALL, "metals", ALL))
        .with("desk-7", 0, Principal.NEVER, "fx").with("desk-8", 0, Principal.NEVER, "metals");
    private final List<SocketClient> open = new ArrayList<>();
    private ServedFeed served;
    private SocketClient seven;
    private SocketClient eight;
    private String sevensName;

    @BeforeEach
    void serve() throws IOException {
        served = ServedFeed.withAccess(clients.access);
        served.live();
        served.tick("EURUSD", "1.1");
        seven = session("/v1/ws?symbols=*", "desk-7");
        sevensName = seven.readUntil("welcome").replaceAll(".*\"session\":\"([^\"]+)\".*", "$1");
        eight = session("/v1/ws?symbols=*&channel=trade", "desk-8");
        eight.readUntil("ack");
    }

    @AfterEach
    void close() throws IOException {
        for (final SocketClient each : open) {
            each.close();
        }
        served.close();
    }

    @Test
    void shouldCloseOneSessionThatMayComeBack() throws IOException {
        assertThat(post(KICK + "?session=" + sevensName)).isEqualTo("200 {\"closed\":1}");
        assertThat(seven.readUntil("close")).matches("close 4503 retryAfter=[0-9]+");
        seven.close();
        await().atMost(Patience.LIMIT).until(() -> served.sessions() == 1);
        assertThat(served.audited).last().asString().contains("close session=" + sevensName, " end=KD ");
        assertThat(post(KICK + "?session=" + sevensName)).isEqualTo("200 {\"closed\":0}");
    }

    @Test
    void shouldCloseManyForGood() throws IOException {
        final SocketClient other = session("/v1/ws", "desk-8");
        assertThat(post(KICK + "?principal=desk-8&address=127.0.0.1&reconnect=false"))
            .isEqualTo("200 {\"closed\":2}");
        assertThat(eight.readUntil("close")).isEqualTo("close 4403 closed by the operator");
        assertThat(other.readUntil("close")).isEqualTo("close 4403 closed by the operator");
        served.tick("EURUSD", "1.2");
        assertThat(seven.readUntil("1.2")).as("the other client goes on").isNotNull();
    }

    @Test
    void shouldCloseNothingUnlessItIsSaidWhat() throws IOException {
        assertThat(post(KICK)).startsWith("400 ").contains("session, principal, address, channel", DRAIN);
        assertThat(post(KICK + "?reconnect=false")).startsWith("400 ");
        assertThat(post(KICK + "?channel=trade&reconnect=no")).startsWith("400 ").contains("true, false");
        assertThat(post(KICK + "?chanel=trade")).startsWith("400 ").contains("did you mean channel?");
        assertThat(ask("GET", KICK + "?channel=trade")).startsWith("405 ");
        assertThat(served.sessions()).isEqualTo(2);
    }

    @Test
    void shouldSendASentenceToThoseWhoAreMeant() throws IOException {
        final SocketClient raw = session("/v1/raw?symbols=EURUSD", "desk-7");
        assertThat(post(NOTICE + "?text=Maintenance%20at%2022:00%20UTC")).isEqualTo("200 {\"sent\":2}");
        for (final SocketClient each : List.of(seven, eight)) {
            assertThat(each.readUntil("notice"))
                .startsWith("{\"type\":\"notice\",\"level\":\"info\",\"text\":\"Maintenance at 22:00 UTC\",\"ts\":");
        }
        assertThat(post(NOTICE + "?product=metals&level=warning&text=two")).isEqualTo("200 {\"sent\":1}");
        assertThat(post(NOTICE + "?principal=desk-7&text=three")).isEqualTo("200 {\"sent\":1}");
        assertThat(eight.readUntil("notice")).contains("\"warning\"", "\"two\"");
        assertThat(seven.readUntil("notice")).contains("\"three\"");
        assertThat(raw.readUntil("1.1")).isEqualTo("<1.1>");
    }

    @Test
    void shouldSendNothingThatClientsTakeForSomethingElse() throws IOException {
        assertThat(post(NOTICE)).startsWith("400 ").contains("1 to 1000 characters");
        assertThat(post(NOTICE + "?text=" + "x".repeat(1_001))).startsWith("400 ");
        assertThat(post(NOTICE + "?text=a%0Ab")).startsWith("400 ").contains("control character");
        assertThat(post(NOTICE + "?text=closed:%204403%20x")).startsWith("400 ").contains("server-sent events");
        assertThat(post(NOTICE + "?text=x&level=fatal")).startsWith("400 ").contains("info, warning, error");
    }

    @Test
    void shouldDrainAndStopDraining() throws IOException {
        assertThat(ask("GET", DRAIN)).isEqualTo("200 {\"draining\":false,\"open\":2,\"resumable\":2}");
        assertThat(post(DRAIN + "?after=10m&over=1m")).isEqualTo("202 {\"draining\":true,\"open\":2,\"resumable\":2}");
        assertThat(ask("GET", "/readyz")).startsWith("503 ").contains("draining");
        try (SocketClient late = served.connect().http(SocketClient.handshake("/v1/ws").replace("\r\n\r\n",
                "\r\n" + TestClients.bearer("desk-7") + "\r\n\r\n"))) {
            assertThat(late.status).isEqualTo(503);
        }
        served.tick("EURUSD", "1.2");
        assertThat(seven.readUntil("1.2")).as("nobody has left yet").isNotNull();
        assertThat(ask("DELETE", DRAIN)).isEqualTo("200 {\"draining\":false,\"open\":2,\"resumable\":2}");
        assertThat(ask("GET", "/readyz")).startsWith("200 ");
        assertThat(session("/v1/ws", "desk-7").readUntil("welcome")).as("there is a third session").isNotNull();
        assertThat(post(DRAIN + "?after=0s&over=0s")).startsWith("202 ");
        for (final SocketClient each : open) {
            assertThat(each.readUntil("close")).isEqualTo("close 4503 retryAfter=100");
            each.close();
        }
        await().atMost(Patience.LIMIT).until(() -> ask("GET", DRAIN).equals("200 {\"draining\":true,\"open\":0,\"resumable\":0}"));
        assertThat(served.audited).last().asString().contains(" end=KS ");
    }

    @Test
    void shouldSayWhichSessionsCanGoOnElsewhere() throws IOException {
        session("/v1/raw?symbols=EURUSD", "desk-7");
        await().atMost(Patience.LIMIT).until(() ->
            ask("GET", DRAIN).equals("200 {\"draining\":false,\"open\":3,\"resumable\":2}"));
    }

    @Test
    void shouldKeepWhatTheOperatorDid() throws IOException {
        post(NOTICE + "?text=Maintenance");
        post(KICK + "?session=" + sevensName);
        post(KICK + "?session=" + sevensName);
        post(DRAIN + "?after=10m&over=1m");
        ask("DELETE", DRAIN);
        final String changes = ask("GET", CHANGES + "?kind=operator");
        assertThat(changes).startsWith("200 {\"newest\":4,\"changes\":[{\"number\":4,\"at\":");
        assertThat(changes.replaceAll("\"(number|at|last)\":[0-9]+,", "")).contains(
            "{\"count\":1,\"kind\":\"operator\",\"text\":\"the operator ends the drain: the sessions left stay\"}",
            "{\"count\":1,\"kind\":\"operator\",\"text\":\"the operator drains the relay: sessions leave within 60 s\"}",
            "{\"count\":1,\"kind\":\"operator\",\"text\":\"sessions closed: session=" + sevensName + "\"}",
            "{\"count\":2,\"kind\":\"operator\",\"text\":\"sessions that were sent a notice: Maintenance\"}");
        assertThat(ask("GET", CHANGES + "?limit=1").split("\"number\"")).hasSize(2);
        assertThat(ask("GET", CHANGES + "?kind=feed")).isEqualTo("200 {\"newest\":4,\"changes\":[]}");
        for (final String query : new String[] {"kind=feeds", "limit=0", "limit=1001", "since=1"}) {
            assertThat(ask("GET", CHANGES + '?' + query)).as(query).startsWith("400 ");
        }
    }

    @Test
    void shouldRefuseADrainThatIsNoneOrTakesDays() throws IOException {
        for (final String query : new String[] {"over=1", "over=-1s", "over=61m", "after=1h", "ovr=1s",
            "over=1s&over=2s"}) {
            assertThat(post(DRAIN + '?' + query)).as(query).startsWith("400 ");
        }
        assertThat(ask("DELETE", DRAIN + "?over=1s")).startsWith("400 ");
        assertThat(ask("GET", "/readyz")).startsWith("200 ");
    }

    private SocketClient session(final String target, final String id) throws IOException {
        final SocketClient client = served.connect().http(SocketClient.handshake(target)
            .replace("\r\n\r\n", "\r\n" + TestClients.bearer(id) + "\r\n\r\n"));
        assertThat(client.status).isEqualTo(101);
        open.add(client);
        return client;
    }

    private String post(final String target) throws IOException {
        return ask("POST", target);
    }

    private String ask(final String method, final String target) throws IOException {
        try (SocketClient client = new SocketClient(served.server.adminPort())
                .http(method + ' ' + target + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n")) {
            return client.status + " " + client.body;
        }
    }
}
