package penstock.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import penstock.docs.Pages;
import penstock.telemetry.Counter;
import penstock.testkit.Patience;

/** What the operator sees of edges, over HTTP; the page {@code admin-api.md} says what each member means. */
@Timeout(Patience.TEST_SECONDS)
class EdgesEndpointTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String EDGES = "/admin/v1/edges";
    private static final String SESSION = "{\"client\":\"desk-7\",\"session\":\"%s\",\"address\":\"10.0.0.1:1\","
        + "\"since\":5}";

    private final TestClients clients = new TestClients().withEdge("london");
    private ServedFeed served;
    private SocketClient london;

    @BeforeEach
    void serve() throws IOException {
        served = ServedFeed.withAccess(clients.access);
        served.live();
        served.tick("EURUSD", "1.1");
        london = served.connect().http(SocketClient.handshake("/v1/ws?symbols=*&interval=0")
            .replace("\r\n\r\n", "\r\n" + TestClients.bearer("london") + "\r\n\r\n"));
        london.readUntil("snapshot");
        london.say("{\"op\":\"report\",\"sessions\":[" + SESSION.formatted("s1") + ',' + SESSION.formatted("s2") + "]}");
        london.readUntil("\"report\"");
    }

    @AfterEach
    void close() throws IOException {
        london.close();
        served.close();
    }

    @Test
    void shouldShowHowALinkIsServed() throws IOException {
        served.tick("EURUSD", "1.2");
        london.readUntil("1.2");
        final JsonNode answer = get(EDGES);
        assertThat(answer.get("links").asInt()).isEqualTo(1);
        assertThat(answer.get("sessions").asInt()).isEqualTo(2);
        final JsonNode edge = answer.get("edges").get(0);
        assertThat(edge.get("edge").asText()).isEqualTo("london");
        assertThat(edge.get("connected").asBoolean()).isTrue();
        assertThat(edge.get("updates").asLong()).isEqualTo(1);
        assertThat(edge.get("bytes").asLong()).isPositive();
        assertThat(edge.get("sessions").asInt()).isEqualTo(2);
        assertThat(edge.has("reported")).isFalse();
        assertThat(get(EDGES + "?edge=london&limit=1").get("edges").get(0).get("reported").toString())
            .isEqualTo("[{\"session\":\"s1\",\"principal\":\"desk-7\",\"address\":\"10.0.0.1:1\",\"since\":5}]");
        assertThat(served.telemetry.sum(Counter.UPDATES_CONFLATED))
            .isEqualTo(edge.get("conflated").asLong());
    }

    @Test
    void shouldHaveTheMembersOfThePage() throws IOException {
        final Set<String> members = new TreeSet<>(List.of("why"));
        get(EDGES + "?edge=london").get("edges").get(0).fieldNames().forEachRemaining(members::add);
        final Set<String> described = new TreeSet<>();
        final String page = Pages.text("relay/docs/reference/admin-api.md");
        final String table = page.substring(page.indexOf("| member of an edge | meaning |"));
        for (final String line : table.substring(0, table.indexOf("\n\n")).split("\n")) {
            final String cell = line.split("\\|")[1];
            for (final String name : cell.split(",")) {
                if (name.contains("`")) {
                    described.add(name.replace("`", "").trim());
                }
            }
        }
        assertThat(described).isEqualTo(members);
        final List<String> shown = new ArrayList<>();
        JSON.readTree(page.substring(page.indexOf("{\"links\":1")).lines().findFirst().orElseThrow()).get("edges")
            .get(0).fieldNames().forEachRemaining(shown::add);
        assertThat(members).containsAll(shown);
    }

    @Test
    void shouldKeepAnEdgeThatIsGoneForAWhile() throws IOException {
        london.close();
        await().atMost(Patience.LIMIT).until(() -> get(EDGES).get("links").asInt() == 0);
        final JsonNode edge = get(EDGES).get("edges").get(0);
        assertThat(edge.get("connected").asBoolean()).isFalse();
        assertThat(edge.get("sessions").asInt()).as("they still count").isEqualTo(2);
        assertThat(edge.has("bytes")).isFalse();
    }

    @Test
    void shouldSayWhatIsWrong() throws IOException {
        assertThat(ask(EDGES + "?edge=paris")).startsWith("404 ").contains("unknown_edge", EDGES);
        assertThat(ask(EDGES + "?limit=5")).startsWith("400 ").contains("edge=NAME");
        assertThat(ask(EDGES + "?edges=x")).startsWith("400 ").contains("did you mean edge?");
    }

    private JsonNode get(final String target) throws IOException {
        final String answer = ask(target);
        assertThat(answer).startsWith("200 ");
        return JSON.readTree(answer.substring(4));
    }

    private String ask(final String target) throws IOException {
        try (SocketClient operator = new SocketClient(served.server.adminPort()).get(target)) {
            return operator.status + " " + operator.body;
        }
    }
}
