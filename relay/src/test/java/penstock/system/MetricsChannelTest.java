package penstock.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.net.http.WebSocketHandshakeException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import penstock.Relay;
import penstock.changes.ChangeKind;
import penstock.config.relay.RelayConfig;
import penstock.config.relay.RelayConfigLoader;
import penstock.docs.Pages;
import penstock.replay.DemoFeed;
import penstock.telemetry.Counter;
import penstock.testkit.ParsedJson;
import penstock.testkit.Patience;
import penstock.venue.Venue;

/** The channel {@code $metrics}: the relay's own figures, for its operator and for nobody else. */
@Timeout(Patience.TEST_SECONDS)
class MetricsChannelTest {
    private static final String TOKEN = "operators-token";
    private static final String ALL = "?channel=%24metrics&symbols=*&interval=0";

    private final HttpClient http = HttpClient.newHttpClient();
    private final List<WebSocket> open = new ArrayList<>();
    @TempDir
    private Path folder;
    private DemoFeed feed;
    private Relay relay;

    /** Keeps the messages of a session. */
    private static final class Messages implements WebSocket.Listener {
        private final List<String> all = new CopyOnWriteArrayList<>();
        private final StringBuilder part = new StringBuilder();

        @Override
        public CompletionStage<?> onText(final WebSocket socket, final CharSequence text, final boolean isLast) {
            part.append(text);
            if (isLast) {
                all.add(part.toString());
                part.setLength(0);
            }
            socket.request(1);
            return null;
        }

        /** The newest value of each symbol. */
        Map<String, Map<?, ?>> values() {
            final Map<String, Map<?, ?>> values = new TreeMap<>();
            for (final String message : all) {
                if (message.contains("\"data\":[")) {
                    ParsedJson.list(ParsedJson.object(ParsedJson.values(message)).get("data")).forEach(each -> {
                        final Map<?, ?> entry = ParsedJson.object(each);
                        values.put(entry.get("s").toString(), ParsedJson.object(entry.get("v")));
                    });
                }
            }
            return values;
        }
    }

    @BeforeEach
    void start() throws IOException {
        feed = DemoFeed.start(0);
        final RelayConfig config = new RelayConfigLoader(Map.of()).loadText("relay.conf", """
            feed { venue = demo, url = "%s" }
            server { port = 0, io-threads = 2 }
            admin { port = 0, token = %s }
            telemetry.dir = "%s"
            """.formatted(feed.marketUrl(), TOKEN, folder.resolve("telemetry")), List.of());
        relay = new Relay(config, Venue.load("demo", config.feed().settings(), name -> null), null);
        await("live").until(() -> get(relay.port(), "/readyz").statusCode() == 200);
    }

    @AfterEach
    void stop() {
        open.forEach(WebSocket::abort);
        relay.close();
        feed.close();
        assertThat(relay.telemetry().errors().entries()).isEmpty();
    }

    @Test
    void shouldShowTheOperatorWhatTheRelayDoes() throws Exception {
        final Messages client = new Messages();
        connect(relay.port(), "?symbols=*&interval=0", null, client);
        final Messages operator = new Messages();
        connect(relay.adminPort(), ALL, TOKEN, operator);
        await("figures").atMost(Patience.LIMIT).until(() -> operator.values().containsKey("changes")
            && (long) operator.values().get("relay").get("delivered") > 0);
        final Map<String, Map<?, ?>> values = operator.values();
        assertThat(values).containsOnlyKeys("relay", "changes", "feed.demo", "fanout-0", "fanout-1", "stage.ingest",
            "stage.ring", "stage.dwell", "stage.queueing", "stage.write", "stage.age");
        assertThat(values.get("relay").get("sessions")).as("clients alone").isEqualTo(1L);
        assertThat(values.get("relay").get("live")).isEqualTo(1L);
        assertThat(values.get("feed.demo").get("state")).isEqualTo("live");
        assertThat(values.get("feed.demo").get("ready")).isEqualTo(true);
        assertThat((long) values.get("feed.demo").get("since")).isPositive();
        assertThat((long) values.get("stage.age").get("count")).isPositive();
        assertThat(values.get("stage.age").get("p50").toString()).matches("[0-9]+\\.[0-9]+");
        assertThat((long) values.get("changes").get("newest")).isGreaterThanOrEqualTo(2);
        values.forEach((symbol, value) -> assertThat(value.values()).as(symbol)
            .allMatch(each -> !(each instanceof Map) && !(each instanceof List)));
    }

    @Test
    void shouldShowOfTheFeedOfAnEdgeWhatItsLinkCarries() throws Exception {
        final RelayConfig config = new RelayConfigLoader(Map.of()).loadText("relay.conf", """
            feed { venue = penstock, url = "ws://127.0.0.1:%d/v1/ws" }
            server { port = 0, io-threads = 2 }
            admin { port = 0, token = %s }
            telemetry.dir = "%s"
            """.formatted(relay.port(), TOKEN, folder.resolve("edge")), List.of());
        try (Relay edge = new Relay(config, Venue.load("demo", config.feed().settings(), name -> null), null)) {
            final Messages operator = new Messages();
            connect(edge.adminPort(), ALL, TOKEN, operator);
            await("figures of the link").atMost(Patience.LIMIT).until(() ->
                operator.values().getOrDefault("feed.demo", Map.of()).get("updates") instanceof Long updates
                && updates > 0);
            final Map<?, ?> shown = operator.values().get("feed.demo");
            assertThat(shown.get("connections")).isEqualTo(1L);
            assertThat(shown.get("wanted")).isEqualTo(operator.values().get("relay").get("topics"));
            assertThat(shown.get("lost")).isEqualTo(0L);
            assertThat(shown.get("detail").toString()).contains("127.0.0.1:" + relay.port());
            assertThat(Double.parseDouble(shown.get("lag").toString())).isNotNegative();
        }
    }

    @Test
    void shouldPublishTheFieldsAndTheChangesOfThePage() throws Exception {
        final Messages operator = new Messages();
        connect(relay.adminPort(), ALL, TOKEN, operator);
        await("figures").atMost(Patience.LIMIT).until(() -> operator.values().containsKey("changes"));
        final String page = Pages.text("relay/docs/reference/admin-api.md");
        final Map<String, String> documented = new TreeMap<>();
        Pages.rows(page, "| symbol | fields |").forEach(row ->
            documented.put(row.get(0).replace("`", "").replaceAll("(NAME|N)$", ""), row.get(1)));
        operator.values().forEach((symbol, value) -> value.keySet().stream().map(Object::toString)
            .filter(field -> !field.matches("p[0-9]+")).forEach(field -> assertThat(documented.get(
                symbol.replaceAll("(?<=^feed\\.|^stage\\.|^fanout-).*", ""))).as(symbol).contains('`' + field + '`')));

        final Map<?, ?> answer = ParsedJson.object(ParsedJson.values(
            get(relay.adminPort(), "/admin/v1/changes?kind=feed").body()));
        final Map<?, ?> change = ParsedJson.object(ParsedJson.list(answer.get("changes")).get(0));
        assertThat(change.get("text")).isEqualTo("live");
        final Map<?, ?> example = ParsedJson.object(ParsedJson.values(
            page.lines().filter(line -> line.startsWith("{\"newest\"")).findFirst().orElseThrow()));
        assertThat(example.keySet()).isEqualTo(answer.keySet());
        assertThat(ParsedJson.object(ParsedJson.list(example.get("changes")).get(0)).keySet())
            .isEqualTo(change.keySet());
        assertThat(Pages.rows(page, "| member of a change | meaning |").stream()
            .map(row -> row.get(0).replace("`", "")).flatMap(names -> List.of(names.split(", ")).stream()))
            .containsExactlyElementsOf(change.keySet().stream().map(Object::toString).toList());
        assertThat(Pages.rows(page, "| `kind` | what changed |").stream().map(row -> row.get(0).replace("`", "")))
            .containsExactly(Stream.of(ChangeKind.values()).map(ChangeKind::text).toArray(String[]::new));
    }

    @Test
    void shouldCountNothingOfTheOperatorAmongItsClients() throws Exception {
        final Messages operator = new Messages();
        connect(relay.adminPort(), ALL, TOKEN, operator);
        await("updates").atMost(Patience.LIMIT)
            .until(() -> operator.all.stream().filter(text -> text.contains("\"type\":\"update\"")).count() > 2);
        assertThat(relay.sessionCount()).isZero();
        for (final Counter counter : List.of(Counter.SESSIONS_OPENED, Counter.UPDATES_DELIVERED, Counter.BYTES_SENT,
                Counter.SUBSCRIPTIONS_OPENED)) {
            assertThat(relay.telemetry().sum(counter)).as(counter.metric()).isZero();
        }
        assertThat(get(relay.adminPort(), "/admin/v1/sessions").body()).startsWith("{\"open\":0,");
        assertThat(get(relay.adminPort(), "/admin/v1/ended").body()).startsWith("{\"ended\":0,");
    }

    @Test
    void shouldBeUnknownToSubscribersOfEveryEndpoint() throws Exception {
        connect(relay.adminPort(), ALL, TOKEN, new Messages());
        for (final String path : List.of("/v1/sse", "/v1/raw", "/v1/snapshot", "/v1/symbols")) {
            for (final String query : List.of("?channel=NAME&symbols=*", "?feed=NAME&symbols=*")) {
                final String none = answer(path + query.replace("NAME", "nothing"));
                assertThat(answer(path + query.replace("NAME", "%24metrics")).replace("$metrics", "nothing"))
                    .as(path).isEqualTo(none);
                assertThat(answer(path + query.replace("NAME", "relay")).replace("'relay'", "'nothing'"))
                    .as(path).isEqualTo(none);
                assertThat(none).matches("4[0-9][0-9] .*").doesNotContain("$metrics", "relay\"");
            }
        }
        assertThat(get(relay.port(), "/v1/symbols").body()).contains("EURUSD").doesNotContain("stage.", "changes");
        assertThat(get(relay.port(), "/v1/snapshot?symbols=*").body()).contains("EURUSD").doesNotContain("stage.");
        assertThat(get(relay.port(), "/ops").statusCode()).isEqualTo(404);
        assertThat(get(relay.port(), "/admin/v1/changes").statusCode()).isEqualTo(404);

        final Messages client = new Messages();
        final WebSocket socket = connect(relay.port(), "?symbols=*&interval=0", null, client);
        socket.sendText("{\"op\":\"subscribe\",\"id\":\"1\",\"sub\":\"m\",\"channel\":\"$metrics\",\"symbols\":[\"*\"]}",
            true).join();
        socket.sendText("{\"op\":\"subscribe\",\"id\":\"2\",\"sub\":\"n\",\"channel\":\"nothing\",\"symbols\":[\"*\"]}",
            true).join();
        await("errors").atMost(Patience.LIMIT).until(() -> errors(client).size() == 2);
        assertThat(errors(client).get(0).replace("\"id\":\"1\"", "\"id\":\"2\"").replace("$metrics", "nothing"))
            .isEqualTo(errors(client).get(1)).contains("unknown_channel");
        assertThat(client.all.get(0)).contains("\"welcome\"").doesNotContain("$metrics");
        assertThat(client.values()).containsKey("EURUSD").doesNotContainKeys("relay", "changes", "fanout-0");
    }

    @Test
    void shouldLetNobodyInWithoutTheToken() throws Exception {
        for (final String shown : new String[] {"wrong", TOKEN + "x", TOKEN.substring(1)}) {
            assertThatThrownBy(() -> connect(relay.adminPort(), ALL, shown, new Messages()))
                .isInstanceOfSatisfying(CompletionException.class, refused -> assertThat(
                    ((WebSocketHandshakeException) refused.getCause()).getResponse().statusCode()).isEqualTo(401));
        }
        final Messages stranger = new Messages();
        connect(relay.adminPort(), "", null, stranger)
            .sendText("{\"op\":\"subscribe\",\"channel\":\"$metrics\",\"symbols\":[\"*\"]}", true).join();
        final Messages page = new Messages();
        final WebSocket known = connect(relay.adminPort(), "", null, page);
        known.sendText("{\"op\":\"auth\",\"token\":\"" + TOKEN + "\"}", true).join();
        known.sendText("{\"op\":\"subscribe\",\"channel\":\"$metrics\",\"symbols\":[\"relay\"]}", true).join();
        await("a page shows the token in its first message").atMost(Patience.LIMIT)
            .until(() -> page.values().containsKey("relay"));
        assertThat(stranger.all).noneMatch(text -> text.contains("\"data\"") || text.contains("welcome"));
    }

    @Test
    void shouldRefusePagesOfOtherHostsAndTooManyOfItsOwn() throws Exception {
        assertThatThrownBy(() -> http.newWebSocketBuilder().header("Authorization", "Bearer " + TOKEN)
            .header("Origin", "https://other.example").buildAsync(sessions(relay.adminPort(), ALL), new Messages())
            .join()).hasCauseInstanceOf(WebSocketHandshakeException.class);
        for (int i = 0; i < 16; i++) {
            connect(relay.adminPort(), ALL, TOKEN, new Messages());
        }
        assertThatThrownBy(() -> connect(relay.adminPort(), ALL, TOKEN, new Messages()))
            .hasCauseInstanceOf(WebSocketHandshakeException.class);
        assertThat(get(relay.adminPort(), "/admin/v1/sessions").statusCode()).as("requests go on").isEqualTo(200);
    }

    @Test
    void shouldServeThePageWithoutTheTokenAndNothingElse() throws Exception {
        final HttpResponse<String> page = http.send(HttpRequest.newBuilder(
            URI.create("http://127.0.0.1:" + relay.adminPort() + "/ops")).build(), BodyHandlers.ofString());
        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body()).contains("data-auth=\"token\"").doesNotContain("demo", TOKEN);
        assertThat(page.headers().firstValue("Content-Security-Policy").orElse("")).startsWith("default-src 'none'; ");
        for (final String path : List.of("/admin/v1/changes", "/admin/v1/drain", "/metrics")) {
            assertThat(http.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + relay.adminPort() + path))
                .build(), BodyHandlers.ofString()).statusCode()).as(path).isEqualTo(401);
        }
    }

    private static List<String> errors(final Messages client) {
        return client.all.stream().filter(text -> text.contains("\"type\":\"error\"")).toList();
    }

    private String answer(final String target) throws Exception {
        final HttpResponse<String> answer = http.send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + relay.port() + target)).build(),
            BodyHandlers.ofString());
        return answer.statusCode() + " " + answer.body();
    }

    private WebSocket connect(final int port, final String query, final String token, final Messages messages) {
        final WebSocket.Builder builder = http.newWebSocketBuilder();
        if (token != null) {
            builder.header("Authorization", "Bearer " + token);
        }
        final WebSocket socket = builder.buildAsync(sessions(port, query), messages).join();
        open.add(socket);
        return socket;
    }

    private static URI sessions(final int port, final String query) {
        return URI.create("ws://127.0.0.1:" + port + "/v1/ws" + query);
    }

    private HttpResponse<String> get(final int port, final String path) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
            .header("Authorization", "Bearer " + TOKEN).build(), BodyHandlers.ofString());
    }
}
