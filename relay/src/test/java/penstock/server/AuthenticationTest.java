package penstock.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import penstock.telemetry.Counter;
import penstock.testkit.GoodClient;
import penstock.testkit.RecordedLog;
import penstock.websocket.Opcode;

class AuthenticationTest {
    private static final String AUTH = "{\"op\":\"auth\",\"id\":1,\"token\":\"key-desk-7\"}";
    private static final String PAGE = "Origin: https://quotes.example";

    private static TestClients clients;
    private static ServedFeed served;

    @BeforeAll
    static void serve() throws IOException {
        clients = new TestClients().with("desk-7").with("desk-8").with("gone").with("old", 0, 1, "all")
            .with("two", 2, Long.MAX_VALUE, "all");
        served = ServedFeed.withAccess(clients.access);
        served.live();
        served.tick("EURUSD", "{\"bid\":1.10}");
    }

    @AfterAll
    static void close() {
        served.close();
    }

    @AfterEach
    void shouldServeAGoodClient() throws IOException {
        GoodClient.assertServed(served.port(), TestClients.bearer("desk-7"));
    }

    @ParameterizedTest
    @CsvSource({"/v1/ws,101", "/v1/raw?symbols=EURUSD,101", "/v1/sse?symbols=EURUSD,200", "/v1/snapshot,200",
        "/v1/symbols,200"})
    void shouldServeEachEndpointToAClientThatShowsItsToken(final String target, final int status) throws IOException {
        try (SocketClient client = request(target, TestClients.bearer("desk-7"))) {
            assertThat(client.status).as(client.body).isEqualTo(status);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/raw?symbols=EURUSD", "/v1/sse?symbols=EURUSD", "/v1/snapshot", "/v1/symbols"})
    void shouldAnswerARequestWithoutATokenBeforeAnythingElse(final String target) throws IOException {
        for (final String nothing : List.of("X: y", "Authorization: Basic a2V5LWRlc2stNw==")) {
            try (SocketClient client = request(target, nothing)) {
                assertThat(client.status).isEqualTo(401);
                assertThat(client.header("WWW-Authenticate")).isEqualTo("Bearer");
                assertThat(client.body).isEqualTo("{\"type\":\"error\",\"status\":401,\"code\":\"auth_required\","
                    + "\"message\":\"this relay serves known clients only: send Authorization: Bearer and your token"
                    + "\",\"retry\":false}");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/ws", "/v1/raw?symbols=EURUSD", "/v1/sse?symbols=EURUSD", "/v1/snapshot",
        "/v1/symbols", "/v1/ws?ticket=nosuch"})
    void shouldAnswerAllWrongTokensAlike(final String target) throws IOException {
        final List<String> wrong = target.contains("ticket") ? List.of("X: y")
            : List.of("Authorization: Bearer secret", "Authorization: Bearer " + "s".repeat(12_000),
            "AUTHORIZATION: bearer " + "s".repeat(100 * 1_024),
            "Sec-WebSocket-Protocol: penstock.v1.json, bearer." + "s".repeat(100 * 1_024),
            "Sec-WebSocket-Protocol: penstock.v1.json, bearer.secret",
            TestClients.bearer("desk-7") + "\r\n" + TestClients.bearer("desk-7"));
        for (final String header : wrong) {
            try (SocketClient client = request(target, header)) {
                assertThat(client.status).as(header).isEqualTo(401);
                assertThat(client.body).isEqualTo("{\"type\":\"error\",\"status\":401,\"code\":"
                    + "\"token_invalid\",\"message\":\"the token is not valid\",\"retry\":false}");
                assertThat(client.head).doesNotContain("secret");
            }
        }
    }

    @Test
    void shouldSayThatATokenHasExpired() throws IOException {
        try (SocketClient client = request("/v1/ws", TestClients.bearer("old"))) {
            assertThat(client.status).isEqualTo(401);
            assertThat(client.body).contains("token_expired");
        }
    }

    @Test
    void shouldNameTheWayOfAuthenticationInTheWelcome() throws IOException {
        try (SocketClient client = request("/v1/ws", TestClients.bearer("desk-7"))) {
            assertThat(client.read()).contains("welcome", "\"auth\":\"keys\"");
        }
    }

    @Test
    void shouldTakeATokenAsASubprotocolAndNeverAnswerIt() throws IOException {
        try (SocketClient client = request("/v1/ws", "Sec-WebSocket-Protocol: penstock.v1.json, bearer.key-desk-7");
             SocketClient raw = request("/v1/raw?symbols=EURUSD", "Sec-WebSocket-Protocol: bearer.key-desk-7, mine")) {
            assertThat(client.status).isEqualTo(101);
            assertThat(client.header("Sec-WebSocket-Protocol")).isEqualTo("penstock.v1.json");
            assertThat(client.read()).contains("welcome");
            assertThat(raw.header("Sec-WebSocket-Protocol")).isEqualTo("mine");
            assertThat(raw.read()).isEqualTo("<{\"bid\":1.10}>");
        }
    }

    /** In the same packet as the handshake, as far as the network can tell. */
    @Test
    void shouldTakeATokenInTheFirstMessageAndRequestsBehindIt() throws IOException {
        try (SocketClient client = served.connect()) {
            final byte[] auth = SocketClient.text(AUTH);
            final byte[] subscribe = SocketClient.text("{\"op\":\"subscribe\",\"id\":2,\"symbols\":[\"EURUSD\"]}");
            client.upgrade("/v1/ws?symbols=EURUSD").send(both(auth, subscribe));
            assertThat(client.status).isEqualTo(101);
            assertThat(client.read()).contains("welcome");
            assertThat(client.read()).isEqualTo("{\"type\":\"ack\",\"id\":1,\"op\":\"auth\"}");
            assertThat(client.read()).contains("\"op\":\"subscribe\",\"sub\":\"0\"");
            // the snapshot of the query is sent in a turn, which comes before or after the second request
            final StringBuilder both = new StringBuilder();
            while (both.indexOf("1.10") < 0 || both.indexOf("\"ack\",\"id\":2,") < 0) {
                both.append(client.read());
            }
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
        "{\"op\":\"auth\",\"token\":\"secret\"}         |close 4401 token_invalid: the token is not valid",
        "{\"op\":\"auth\",\"token\":\"key-old\"}        |close 4401 token_expired: the token has expired",
        "{\"op\":\"auth\"}                                |close 4401 auth_required: ",
        "{\"op\":\"ping\"}                                |close 4401 auth_required: ",
        "ping                                             |close 4401 auth_required: ",
        "{                                                |close 4401 auth_required: "})
    void shouldCloseAtAnotherFirstMessage(final String message, final String close) throws IOException {
        try (SocketClient client = served.upgraded("/v1/ws").say(message)) {
            assertThat(client.read()).startsWith(close).doesNotContain("secret");
        }
    }

    @Test
    void shouldCloseAtAFirstFrameThatIsNoMessageOrLargerThan4KiB() throws IOException {
        for (final int opcode : new int[] {Opcode.BINARY, Opcode.PING, Opcode.PONG}) {
            try (SocketClient client = served.upgraded("/v1/ws").send(SocketClient.message(opcode, new byte[5]))) {
                assertThat(client.read()).startsWith("close 4401 auth_required");
            }
        }
        final String large = AUTH.replace("desk-7", "d".repeat(4_097 - AUTH.length() + 6));
        final byte[] text = SocketClient.text(large);
        final byte[] half = SocketClient.frame(Opcode.TEXT, large.substring(0, 3_000).getBytes());
        final byte[] headOfOtherHalf = Arrays.copyOf(SocketClient.frame(0, half), 8);
        for (final byte[] bytes : List.of(text, Arrays.copyOf(text, 8),
                Arrays.copyOf(SocketClient.text("x".repeat(65_536)), 14), both(half, headOfOtherHalf))) {
            try (SocketClient client = served.upgraded("/v1/ws").send(bytes)) {
                assertThat(client.read()).isEqualTo("close 4401 auth_required: the first message has at most "
                    + "4096 bytes: send a longer token in the header Authorization");
            }
        }
        try (SocketClient client = served.upgraded("/v1/ws").send(new byte[] {(byte) 0xff, 0})) {
            assertThat(client.read()).startsWith("close 1002");
        }
        try (SocketClient client = served.upgraded("/v1/ws")
                .send(SocketClient.message(Opcode.CLOSE, new byte[] {3, (byte) 0xe8}))) {
            assertThat(client.read()).startsWith("close 1000");
        }
    }

    /** A token with many claims has 3.5 KiB; a request behind it may be as large as any. */
    @Test
    void shouldTakeALargeTokenInTheFirstMessageAndLargerRequestsBehindIt() throws IOException {
        final byte[] auth = SocketClient.text(AUTH.replace("desk-7", "desk-7" + "=".repeat(3_584)));
        final byte[] largest = SocketClient.text("{\"op\":\"ping\",\"id\":\"after\"}" + " ".repeat(60_000));
        try (SocketClient client = served.upgraded("/v1/ws").send(both(auth, largest))) {
            assertThat(client.read()).contains("welcome");
            assertThat(client.readUntil("\"after\"")).contains("\"pong\"");
        }
    }

    private static byte[] both(final byte[] first, final byte[] second) {
        final byte[] all = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, all, first.length, second.length);
        return all;
    }

    @Test
    void shouldCloseASilentConnectionAndKeepNothingOfIt() throws IOException {
        try (ServedFeed hasty = ServedFeed.withAccessWithin(100, clients.access)) {
            try (SocketClient client = hasty.upgraded("/v1/ws")) {
                assertThat(hasty.sessions()).isZero();
                assertThat(client.read()).isEqualTo("close 4408 no auth in time");
            }
            hasty.upgraded("/v1/ws").close();
            hasty.settle();
            assertThat(hasty.sessions()).isZero();
        }
    }

    @Test
    void shouldCloseTheSocketOfAPageWithACode() throws IOException {
        try (SocketClient client = request("/v1/ws", PAGE + "\r\n" + TestClients.bearer("nobody"))) {
            assertThat(client.status).isEqualTo(101);
            assertThat(client.read()).isEqualTo("close 4401 token_invalid: the token is not valid");
        }
        try (SocketClient client = request("/v1/raw?symbols=EURUSD", PAGE)) {
            assertThat(client.status).isEqualTo(101);
            assertThat(client.read()).startsWith("close 4401 auth_required: ");
        }
    }

    @Test
    void shouldIssueTicketsThatOpenOneSessionOnAnyThread() throws IOException {
        for (int i = 0; i < 8; i++) {
            final String ticket = ticket("desk-7");
            try (SocketClient client = served.upgraded("/v1/ws?symbols=EURUSD&ticket=" + ticket);
                 SocketClient again = served.connect().upgrade("/v1/ws?ticket=" + ticket)) {
                assertThat(client.read()).contains("welcome");
                assertThat(client.read()).contains("ack");
                assertThat(again.status).isEqualTo(401);
                assertThat(again.body).contains("token_invalid").doesNotContain(ticket);
            }
        }
        try (EventClient stream =
                new EventClient(served.port(), "/v1/sse?symbols=EURUSD&ticket=" + ticket("desk-7"), 0)) {
            assertThat(stream.status).isEqualTo(200);
        }
        try (SocketClient client = served.connect().get("/v1/snapshot?ticket=" + ticket("desk-7"))) {
            assertThat(client.status).isEqualTo(401);
        }
    }

    @Test
    void shouldIssueTicketsToKnownClientsOnly() throws IOException {
        try (SocketClient client = served.connect().http("POST /v1/ticket HTTP/1.1\r\nHost: localhost\r\n\r\n")) {
            assertThat(client.status).isEqualTo(401);
        }
        try (SocketClient client = request("/v1/ticket", TestClients.bearer("desk-7"))) {
            assertThat(client.status).isEqualTo(405);
            assertThat(client.header("Allow")).isEqualTo("POST");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"token", "access_token", "bearer", "TOKEN"})
    void shouldRefuseATokenInTheQueryAndLogNothingOfIt(final String name) throws IOException {
        try (RecordedLog log = new RecordedLog("penstock");
             SocketClient client = request("/v1/ws?" + name + "=key-desk-7", TestClients.bearer("desk-7"))) {
            assertThat(client.status).isEqualTo(401);
            assertThat(client.body).contains("token_invalid").doesNotContain("desk-7");
            assertThat(log.lines().toString()).doesNotContain("desk-7");
        }
    }

    @Test
    void shouldRefuseTheSessionsThatAClientMayNotHave() throws IOException {
        try (SocketClient first = request("/v1/ws", TestClients.bearer("two")); SocketClient second =
            served.upgraded("/v1/ws").say(AUTH.replace("desk-7", "two"))) {
            assertThat(first.read()).contains("welcome");
            assertThat(second.read()).contains("welcome");
            try (SocketClient third = request("/v1/ws", TestClients.bearer("two"));
                 SocketClient fourth = served.upgraded("/v1/ws").say(AUTH.replace("desk-7", "two"));
                 SocketClient page = request("/v1/ws", PAGE + "\r\n" + TestClients.bearer("two"));
                 SocketClient snapshot = request("/v1/snapshot", TestClients.bearer("two"))) {
                assertThat(third.status).isEqualTo(429);
                assertThat(third.header("Retry-After")).isEqualTo("5");
                assertThat(third.body).contains("too_many_sessions", "2 sessions");
                assertThat(fourth.read()).startsWith("close 4429 too_many_sessions: ");
                assertThat(page.read()).startsWith("close 4429 too_many_sessions: ");
                assertThat(snapshot.status).isEqualTo(200);
            }
        }
        await().untilAsserted(() -> {
            try (SocketClient next = request("/v1/ws", TestClients.bearer("two"))) {
                assertThat(next.status).isEqualTo(101);
            }
        });
    }

    @Test
    void shouldTakeANewTokenOfTheSameClientOnly() throws IOException {
        try (SocketClient client = request("/v1/ws", TestClients.bearer("desk-7"))) {
            assertThat(client.read()).contains("welcome");
            assertThat(client.say(AUTH).read()).isEqualTo("{\"type\":\"ack\",\"id\":1,\"op\":\"auth\"}");
            assertThat(client.say(AUTH.replace("desk-7", "desk-8")).read()).contains("\"code\":\"not_entitled\"");
            assertThat(client.say(AUTH.replace("desk-7", "nobody")).read()).contains("\"code\":\"token_invalid\"");
            assertThat(client.say(AUTH.replace("desk-7", "old")).read()).contains("\"code\":\"token_expired\"");
            assertThat(client.say("{\"op\":\"auth\"}").read()).contains("\"path\":\"/token\"");
            assertThat(client.say("ping").read()).isEqualTo("pong");
        }
    }

    @Test
    void shouldCloseTheSessionsOfAClientThatIsGone() throws IOException {
        try (SocketClient gone = request("/v1/ws", TestClients.bearer("gone")); SocketClient other =
            request("/v1/ws", TestClients.bearer("desk-7"))) {
            final String ticket = ticket("gone");
            assertThat(gone.read()).contains("welcome");
            assertThat(other.read()).contains("welcome");
            clients.without("gone").publish();
            served.credentialsChanged();
            served.settle();
            assertThat(gone.read()).startsWith("close 4401");
            assertThat(other.say("ping").read()).isEqualTo("pong");
            try (SocketClient late = served.connect().upgrade("/v1/ws?ticket=" + ticket)) {
                assertThat(late.status).isEqualTo(401);
            }
        }
        assertThat(served.telemetry.sum(Counter.SESSIONS_REVOKED)).isEqualTo(1);
    }

    @Test
    void shouldCountRefusalsByTheirReason() throws IOException {
        final long missing = served.telemetry.sum(Counter.AUTH_MISSING);
        final long invalid = served.telemetry.sum(Counter.TOKENS_INVALID);
        request("/v1/snapshot", "X: y").close();
        request("/v1/snapshot", "Authorization: Bearer x").close();
        assertThat(served.telemetry.sum(Counter.AUTH_MISSING)).isGreaterThan(missing);
        assertThat(served.telemetry.sum(Counter.TOKENS_INVALID)).isGreaterThan(invalid);
    }

    /** Of 2,000 units a second, each of two threads has 2,000 to begin with, and an empty one needs seconds. */
    @Test
    void shouldVerifyNothingForAnAddressThatShowedTooManyWrongTokens() throws IOException {
        try (ServedFeed small = ServedFeed.withAccess(clients.access, 2_000)) {
            final List<SocketClient> sockets = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                sockets.add(small.upgraded("/v1/ws"));
            }
            final List<String> closes = new ArrayList<>();
            for (final SocketClient socket : sockets) {
                closes.add(socket.say(AUTH.replace("desk-7", "nobody")).read().substring(0, 10));
                socket.close();
            }
            assertThat(closes).contains("close 4401", "close 4429");
            final List<Integer> statuses = new ArrayList<>();
            for (int i = 0; i < 6; i++) {
                try (SocketClient client = small.connect().http("GET /v1/symbols HTTP/1.1\r\nHost: localhost\r\n"
                        + TestClients.bearer("nobody") + "\r\n\r\n")) {
                    statuses.add(client.status);
                }
            }
            assertThat(statuses).contains(429).isSubsetOf(401, 429);
        }
    }

    @Test
    void shouldServeThePageAndHealthToEveryone() throws IOException {
        for (final String target : List.of("/", "/healthz", "/readyz")) {
            try (SocketClient client = served.connect().get(target)) {
                assertThat(client.status).isEqualTo(200);
            }
        }
    }

    private static String ticket(final String id) throws IOException {
        try (SocketClient client = served.connect().http("POST /v1/ticket HTTP/1.1\r\nHost: localhost\r\n"
                + "Content-Length: 0\r\n" + TestClients.bearer(id) + "\r\n\r\n")) {
            assertThat(client.status).as(client.body).isEqualTo(200);
            assertThat(client.body).matches("\\{\"ticket\":\"[A-Za-z0-9_-]{43}\",\"expiresIn\":30000}");
            return client.body.substring(11, 54);
        }
    }

    /** A handshake for paths of WebSockets, else a GET. */
    private static SocketClient request(final String target, final String header) throws IOException {
        final String request = target.startsWith("/v1/ws") || target.startsWith("/v1/raw")
            ? SocketClient.handshake(target) : "GET " + target + " HTTP/1.1\r\nHost: localhost\r\n\r\n";
        final SocketClient client = served.connect();
        client.send(request.replace("\r\n\r\n", "\r\n" + header + "\r\n\r\n").getBytes());
        return client.readHttp();
    }
}
