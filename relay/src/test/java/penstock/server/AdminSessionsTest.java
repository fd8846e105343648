package penstock.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import penstock.docs.Pages;
import penstock.testkit.ParsedJson;
import penstock.testkit.Patience;

/** The requests of the operator about sessions, over HTTP; the page {@code admin-api.md} has what they answer. */
@Timeout(Patience.TEST_SECONDS)
class AdminSessionsTest {
    private static final String PAGE = Pages.text("relay/docs/reference/admin-api.md");
    private static final String SESSIONS = "/admin/v1/sessions";
    private static final String ENDED = "/admin/v1/ended";
    private static final String MEMBERS = "| member | meaning |";

    private final TestClients clients = new TestClients().with("desk-7").with("desk-8");
    private final List<SocketClient> open = new ArrayList<>();
    private ServedFeed served;

    @BeforeEach
    void serve() throws IOException {
        served = ServedFeed.withAccess(clients.access);
        served.live();
        served.tick("EURUSD", "1.1");
        served.tick("GBPUSD", "1.2");
    }

    @AfterEach
    void close() throws IOException {
        for (final SocketClient each : open) {
            each.close();
        }
        served.close();
    }

    @Test
    void shouldNameTheSlowSessionFirstAndWhy() throws IOException {
        for (int i = 0; i < 8; i++) {
            new Thread(drained(session("/v1/ws?symbols=*", "desk-8"))).start();
        }
        final String slow = nameOf(session("/v1/ws?symbols=*", "desk-7"));
        final String value = "\"" + "v".repeat(100_000) + "\"";
        await().pollInSameThread().atMost(Patience.LIMIT).until(() -> {
            served.tick("EURUSD", value);
            final Map<?, ?> worst = worst();
            return worst.get("session").equals(slow) && "socket".equals(worst.get("why"));
        });
        final Map<?, ?> worst = worst();
        assertThat(worst.get("why")).isEqualTo("socket");
        assertThat(worst.get("principal")).isEqualTo("desk-7");
        assertThat((long) worst.get("waiting")).isPositive();
        final Map<?, ?> one = object(get(SESSIONS + "?sort=blocked&limit=1"));
        assertThat(one.get("open")).isEqualTo(9L);
        assertThat(one.get("matched")).isEqualTo(9L);

        final Map<?, ?> details = object(get(SESSIONS + '/' + slow));
        final Map<?, ?> subscription = ParsedJson.object(ParsedJson.list(details.get("details")).get(0));
        assertThat(subscription.get("why")).isEqualTo("socket");
        assertThat(subscription.get("outstanding")).isEqualTo(1L);
        final Map<?, ?> oldest = ParsedJson.object(ParsedJson.list(subscription.get("oldest")).get(0));
        assertThat(oldest.get("s")).isEqualTo("EURUSD");
        assertThat((long) oldest.get("q")).isGreaterThan((long) oldest.get("sent"));
        assertHasMembers(worst, MEMBERS, "closing");
        final Map<?, ?> example = ParsedJson.object(ParsedJson.values(block("{\"session\"")));
        assertThat(subscription.keySet()).isEqualTo(ParsedJson.object(ParsedJson.list(example.get("details")).get(0))
            .keySet());
        assertHasMembers(subscription, "| member of an entry | meaning |", "overflow", "maxRate", "maxBytesPerSecond",
            "fields", "delta", "depth", "feed");
    }

    @Test
    void shouldFindSessionsByClientAddressAndChannel() throws IOException {
        final String seven = nameOf(session("/v1/ws?symbols=EURUSD", "desk-7"));
        final String eight = nameOf(session("/v1/ws?symbols=EURUSD&channel=trade", "desk-8"));
        final String none = nameOf(session("/v1/ws", "desk-8"));

        assertThat(found("")).containsExactlyInAnyOrder(seven, eight, none);
        assertThat(found("?principal=desk-8")).containsExactlyInAnyOrder(eight, none);
        assertThat(found("?principal=desk")).isEmpty();
        assertThat(found("?channel=trade")).containsExactly(eight);
        assertThat(found("?principal=desk-7&channel=trade")).isEmpty();
        assertThat(found("?address=127.0.0.0/8")).hasSize(3);
        assertThat(found("?address=10.0.0.0/8")).isEmpty();
        assertThat(found("?session=" + none)).containsExactly(none);
        assertThat(found("?limit=2")).hasSize(2);
    }

    @Test
    void shouldKeepTheEndsOfSessions() throws IOException {
        final SocketClient left = session("/v1/ws?symbols=*", "desk-7");
        final String name = nameOf(left);
        left.close();
        await().atMost(Patience.LIMIT).until(() -> served.sessions() == 0);
        final SocketClient expelled = session("/v1/ws", "desk-8");
        final String other = nameOf(expelled);
        clients.without("desk-8").publish();
        served.credentialsChanged();
        expelled.readUntil("close");
        expelled.close();
        await().atMost(Patience.LIMIT).until(() -> served.sessions() == 0);

        assertThat(ended("")).containsExactly(other + " KE", name + " CD");
        assertThat(ended("?end=CD")).containsExactly(name + " CD");
        assertThat(ended("?principal=desk-8")).containsExactly(other + " KE");
        assertThat(ended("?limit=1")).containsExactly(other + " KE");
        final Map<?, ?> first = object(get(ENDED + "?limit=1"));
        assertThat(first.get("ended")).isEqualTo(2L);
        assertThat(ended("?before=" + first.get("before"))).containsExactly(name + " CD");
        final Map<?, ?> last = object(get(ENDED + "?before=2"));
        assertThat(last.get("before")).isNull();
        final Map<?, ?> entry = ParsedJson.object(ParsedJson.list(last.get("sessions")).get(0));
        assertThat((long) entry.get("bytes")).isPositive();
        assertThat(entry.keySet()).hasToString("[session, endpoint, principal, address, end, at, open, updates, bytes]")
            .isEqualTo(example("{\"ended\"").keySet());
    }

    @Test
    void shouldRefuseWhatItDoesNotKnow() throws IOException {
        assertRefused(SESSIONS + "?princpal=x", "unknown_field", "did you mean principal?");
        assertRefused(SESSIONS + "?principal=x&principal=y", "bad_field", "comes once");
        assertRefused(SESSIONS + "?limit=501", "bad_field", "1 to 500");
        assertRefused(SESSIONS + "?limit=-1", "bad_field", "1 to 500");
        assertRefused(SESSIONS + "?sort=worst", "bad_field", "late, blocked, waiting, missed");
        assertRefused(SESSIONS + "?address=localhost", "bad_field", "10.0.0.0/8");
        assertRefused(SESSIONS + "/x?limit=1", "unknown_field", "");
        assertRefused(ENDED + "?end=XX", "bad_field", "KS");
        assertRefused(ENDED + "?channel=quote", "unknown_field", "");
        try (SocketClient client = get(SESSIONS + "/nobody")) {
            assertThat(client.status).isEqualTo(404);
            assertThat(client.body).contains("unknown_session", ENDED);
        }
        for (final String path : new String[] {SESSIONS + "/a/b", SESSIONS + '/', "/admin/v1/x"}) {
            try (SocketClient client = get(path)) {
                assertThat(client.status).as(path).isEqualTo(404);
            }
        }
        try (SocketClient client = new SocketClient(served.server.adminPort())
                .http("POST " + SESSIONS + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n\r\n")) {
            assertThat(client.status).isEqualTo(405);
        }
    }

    @Test
    void shouldAnswerNobodyElse() throws IOException {
        try (ServedFeed secured = new ServedFeed(100, false, "s3cret", 10_000)) {
            for (final String path : new String[] {SESSIONS, SESSIONS + "/x", ENDED}) {
                try (SocketClient stranger = new SocketClient(secured.server.adminPort()).get(path);
                     SocketClient subscriber = secured.connect().get(path);
                     SocketClient operator = new SocketClient(secured.server.adminPort()).http("GET " + path
                        + " HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer s3cret\r\n\r\n")) {
                    assertThat(stranger.status).isEqualTo(401);
                    assertThat(subscriber.status).isEqualTo(404);
                    assertThat(operator.status).isEqualTo(path.endsWith("x") ? 404 : 200);
                }
            }
        }
    }

    @Test
    void shouldShowThePagesExamplesInFull() throws IOException {
        session("/v1/ws?symbols=*", "desk-7");
        final Map<?, ?> list = object(get(SESSIONS));
        assertThat(list.keySet()).isEqualTo(ParsedJson.object(ParsedJson.values(block("{\"open\""))).keySet());
        assertThat(example("{\"open\"").keySet()).as("and a session that is behind has why")
            .isEqualTo(with(ParsedJson.object(ParsedJson.list(list.get("sessions")).get(0)).keySet(), "why"));
    }

    /** An answer has the members that the page's first table of these has; some are there in some cases only. */
    private static void assertHasMembers(final Map<?, ?> answer, final String table, final String... sometimes) {
        final Set<String> known = Pages.rows(PAGE, table).stream().flatMap(row -> Arrays.stream(row.get(0).split(", ")))
            .map(cell -> cell.replace("`", "")).collect(Collectors.toCollection(TreeSet::new));
        assertThat(known).containsAll(answer.keySet().stream().map(Object::toString).toList());
        known.removeAll(List.of(sometimes));
        if (table.equals(MEMBERS)) {
            // the table of ended sessions has the same head
            known.removeAll(List.of("end", "at"));
        }
        assertThat(answer.keySet().stream().map(Object::toString).toList()).containsAll(known);
    }

    /** The first session of an example of the page. */
    private static Map<?, ?> example(final String begin) {
        return ParsedJson.object(ParsedJson.list(ParsedJson.object(ParsedJson.values(block(begin))).get("sessions"))
            .get(0));
    }

    private static String block(final String begin) {
        return PAGE.lines().filter(line -> line.startsWith(begin)).findFirst().orElseThrow();
    }

    private static Set<String> with(final Set<?> names, final String more) {
        final Set<String> all = names.stream().map(Object::toString).collect(Collectors.toCollection(TreeSet::new));
        all.add(more);
        return all;
    }

    private SocketClient session(final String target, final String id) throws IOException {
        final SocketClient client = served.connect().http(SocketClient.handshake(target)
            .replace("\r\n\r\n", "\r\n" + TestClients.bearer(id) + "\r\n\r\n"));
        assertThat(client.status).isEqualTo(101);
        open.add(client);
        return client;
    }

    private static String nameOf(final SocketClient client) throws IOException {
        return client.readUntil("welcome").replaceAll(".*\"session\":\"([^\"]+)\".*", "$1");
    }

    private static Runnable drained(final SocketClient client) {
        return () -> {
            try {
                while (client.read() != null) {
                    continue;
                }
            } catch (final IOException e) {
                // the test has ended
                return;
            }
        };
    }

    private SocketClient get(final String path) throws IOException {
        return new SocketClient(served.server.adminPort()).get(path);
    }

    private static Map<?, ?> object(final SocketClient answer) throws IOException {
        try (answer) {
            assertThat(answer.status).as(answer.body).isEqualTo(200);
            return ParsedJson.object(ParsedJson.values(answer.body));
        }
    }

    private Map<?, ?> worst() throws IOException {
        return ParsedJson.object(ParsedJson.list(object(get(SESSIONS)).get("sessions")).get(0));
    }

    private List<String> found(final String query) throws IOException {
        return ParsedJson.list(object(get(SESSIONS + query)).get("sessions")).stream()
            .map(each -> ParsedJson.object(each).get("session").toString()).toList();
    }

    private List<String> ended(final String query) throws IOException {
        return ParsedJson.list(object(get(ENDED + query)).get("sessions")).stream().map(ParsedJson::object)
            .map(each -> each.get("session") + " " + each.get("end")).toList();
    }

    private void assertRefused(final String path, final String code, final String part) throws IOException {
        try (SocketClient client = get(path)) {
            assertThat(client.status).as(path).isEqualTo(400);
            assertThat(client.body).contains('"' + code + '"', part);
        }
    }
}
