package penstock.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.StringReader;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import penstock.config.ConfigException;
import penstock.config.Problem;
import penstock.config.relay.FeedConfig;
import penstock.feed.tick.SessionState;
import penstock.telemetry.Counter;
import penstock.testkit.RecordedLog;
import penstock.upstream.ScriptedServer;
import penstock.venue.Venue;
import penstock.venue.VenueReader;

/** Keys, tokens and addresses that are read at each login, over real sockets. */
class LoginValuesTest extends NetworkFeedRig {
    private static final String VENUE = """
        name = test
        connection { idle { any-frame = 10s, data = 0 }, reconnect { min = 1ms, max = 20ms, reset-after = 60s }, %s }
        channels { quote { class = last-value, default = true } }
        %s
        messages { rules = [ { name = quote, match { "$/s" = "*" }, channel = quote, key = "$/s", emit = "$/v" }
          { name = pong, match { "$/pong" = "*" }, as = heartbeat } ] }
        """;
    private static final int ROTATIONS = 200;

    private final Queue<String> asked = new ConcurrentLinkedQueue<>();
    private final AtomicInteger answers = new AtomicInteger();
    /** What the HTTP service answers; %d is the number of the answer. */
    private volatile String answer = "{}";
    private volatile int status = 200;
    private HttpServer http;
    @TempDir
    private Path folder;

    @BeforeEach
    void listen() throws IOException {
        http = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
        http.createContext("/", this::answer);
        http.start();
    }

    @AfterEach
    void stopListening() {
        http.stop(0);
    }

    private void answer(final HttpExchange exchange) throws IOException {
        final String body = new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8);
        asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " "
            + exchange.getRequestHeaders().getFirst("Authorization") + " "
            + exchange.getRequestHeaders().getFirst("API-Sign") + " "
            + exchange.getRequestHeaders().getFirst("Content-Type") + " " + body);
        final byte[] bytes = answer.formatted(answers.incrementAndGet()).getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Test
    void shouldConnectWithTheAddressTokenAndPingIntervalThatTheVenueGives() throws Exception {
        try (ScriptedServer server = new ScriptedServer(peer -> {
            seen.add(peer.request().lines().findFirst().orElseThrow());
            seen.add(peer.accept().read().text());
            seen.add(peer.read().text());
            peer.text("{\"s\":\"A\",\"v\":1}").awaitEnd();
        })) {
            answer = "{\"code\":\"200000\",\"data\":{\"token\":\"t/+%d=\",\"instanceServers\":[{\"endpoint\":"
                + "\"ws://127.0.0.1:" + server.port() + "/endpoint\",\"pingInterval\":100}]}}";
            begin(read("urls = [\"{http:bullet/endpoint}?token={http:bullet/token}\"]", """
                fetch { bullet { url = "%s/api/v1/bullet-public", method = post, values {
                  token = "$/data/token", endpoint = "$/data/instanceServers/0/endpoint"
                  ping = "$/data/instanceServers/0/pingInterval" } } }
                subscribe { message = \"""{"topic":{symbols|json},"privateToken":"{http:bullet/token}"}\""" }
                heartbeat { send = "ping", every = 1h, every-ms = "{http:bullet/ping}" }
                """.formatted(service())), List.of("A"));
            assertThat(next()).isEqualTo("GET /endpoint?token=t%2F%2B1%3D HTTP/1.1");
            assertThat(next()).isEqualTo("{\"topic\":[\"A\"],\"privateToken\":\"t/+1=\"}");
            assertThat(next()).isEqualTo("ping");
            await().until(() -> session.state() == SessionState.LIVE);
            assertThat(asked).containsExactly("POST /api/v1/bullet-public null null null ");
        }
    }

    @Test
    void shouldNotAskForAnAddressThatAnotherOneReplaces() throws Exception {
        try (ScriptedServer server = new ScriptedServer(peer ->
                peer.accept().text("{\"s\":\"A\",\"v\":1}").awaitEnd())) {
            begin(read("urls = [\"{http:bullet/endpoint}\"]",
                "fetch { bullet { url = \"" + service() + "/\", values { endpoint = \"$/endpoint\" } } }"),
                new FeedConfig("test", "test", List.of(server.url()), List.of(), List.of(), Map.of()));
            await().until(() -> session.state() == SessionState.LIVE);
            assertThat(asked).isEmpty();
        }
    }

    @Test
    void shouldUseAKeyOfAFileAndAnAccountThatBelongsToIt() throws Exception {
        try (ScriptedServer server = new ScriptedServer(peer -> {
            seen.add(peer.request());
            peer.accept().text("{\"s\":\"A\",\"v\":1}").awaitEnd();
        })) {
            answer = "{\"accounts\":[{\"id\":\"101-004-%d\",\"tags\":[]}]}";
            final Path key = Files.writeString(folder.resolve("oanda"), "key-1\n");
            begin(read("urls = [\"ws://127.0.0.1:" + server.port() + "/v3/accounts/{http:account/id}/stream\"], headers "
                + "{ Authorization = \"Bearer {file:" + key + "}\" }", """
                fetch { account { url = "%s/v3/accounts", headers { Authorization = "Bearer {file:%s}" }
                  values { id = "$/accounts/0/id" }, expires = 1d } }
                """.formatted(service(), key)), List.of());
            assertThat((String) next()).startsWith("GET /v3/accounts/101-004-1/stream HTTP/1.1")
                .contains("Authorization: Bearer key-1\r\n");
            assertThat(asked).containsExactly("GET /v3/accounts Bearer key-1 null null ");
            await().until(() -> session.state() == SessionState.LIVE);
            assertThat(session.detail()).doesNotContain("101-004");
        }
    }

    @Test
    void shouldFetchATokenOfKrakenWithASignedRequestAndUseItAgainUntilItExpires() throws Exception {
        try (ScriptedServer server = new ScriptedServer(peer -> {
            seen.add(peer.accept().read().text());
            peer.text("{\"s\":\"A\",\"v\":" + peer.number + "}");
            if (peer.number < 3) {
                peer.close(1001, "moving");
            }
            peer.awaitEnd();
        })) {
            answer = "{\"error\":[],\"result\":{\"token\":\"W%d\",\"expires\":900}}";
            begin(read("", """
                plugins = [ { name = kraken-signature, with { secret = "{exec:/bin/echo 'c2VjcmV0'}" } } ]
                fetch { token { url = "%s/0/private/GetWebSocketsToken", body = "{plugin:body}"
                  headers { API-Sign = "{plugin:signature}" }
                  values { token = "$/result/token" }, expires-in = "$/result/expires" } }
                subscribe { message = \"""{"channel":"level3","symbol":{symbols|json},"token":"{http:token/token}"}\""" }
                """.formatted(service())), List.of("A"), server.url());
            for (int i = 0; i < 3; i++) {
                assertThat(next()).isEqualTo("{\"channel\":\"level3\",\"symbol\":[\"A\"],\"token\":\"W1\"}");
            }
            assertThat(asked).singleElement().asString().matches("POST /0/private/GetWebSocketsToken null "
                + "[A-Za-z0-9+/]{86}== application/x-www-form-urlencoded nonce=[0-9]{13}");
        }
    }

    @Test
    void shouldFetchAgainATokenThatTheVenueDoesNotTake() throws Exception {
        try (ScriptedServer server = new ScriptedServer(peer -> {
            final String line = peer.request().lines().findFirst().orElseThrow();
            seen.add(line);
            if (line.contains("token=2 ")) {
                peer.accept().text("{\"s\":\"A\",\"v\":1}").awaitEnd();
            } else {
                peer.answer("HTTP/1.1 400 No\nContent-Length: 0\n\n");
            }
        })) {
            answer = "{\"token\":%d}";
            begin(read("urls = [\"ws://127.0.0.1:" + server.port() + "/?token={http:t/token}\"]",
                "fetch { t { url = \"" + service() + "/\", values { token = \"$/token\" }, expires = 1d } }"), List.of());
            await().until(() -> session.state() == SessionState.LIVE);
            assertThat(seen).containsExactly("GET /?token=1 HTTP/1.1", "GET /?token=2 HTTP/1.1");
        }
    }

    @Test
    void shouldRotateATokenAtTheCostOfOneReconnectEachTime() throws Exception {
        final Path token = Files.writeString(folder.resolve("token"), "T1");
        try (ScriptedServer server = new ScriptedServer(peer -> {
            seen.add(peer.request());
            peer.accept().text("{\"s\":\"A\",\"v\":" + peer.number + "}");
            if (peer.number <= ROTATIONS) {
                final Path next = Files.writeString(folder.resolve("next"), "T" + (peer.number + 1));
                Files.move(next, token, StandardCopyOption.ATOMIC_MOVE);
                peer.close(4001, "the token has expired");
            }
            peer.awaitEnd();
        })) {
            begin(read("headers { Authorization = \"{file:" + token + "}\" }", ""), List.of(), server.url());
            for (int i = 1; i <= ROTATIONS + 1; i++) {
                assertThat((String) next()).contains("Authorization: T" + i + "\r\n");
            }
            awaitNews("0 " + (ROTATIONS + 1));
            assertThat(server.failures).isEmpty();
            assertThat(ring.count(Counter.FEED_CONNECT_FAILURES)).isZero();
        }
        final List<String> states = ring.all.stream().filter(each -> each.matches("(STALE|LIVE|CLOSED).*")).toList();
        assertThat(states).hasSize(2 * ROTATIONS + 1);
        for (int i = 0; i < states.size(); i++) {
            assertThat(states.get(i)).isEqualTo(i % 2 == 0 ? "LIVE null" : "STALE upstream_disconnected");
        }
        assertThat(fatal).isEmpty();
    }

    @Test
    void shouldTakeTheTokensOfTheFeedsOwnAddressAndHeaders() throws Exception {
        final Path token = Files.writeString(folder.resolve("token"), "abc");
        try (ScriptedServer server = new ScriptedServer(peer -> {
            seen.add(peer.request());
            peer.accept().text("{\"s\":\"A\",\"v\":1}").awaitEnd();
        })) {
            begin(read("", ""), new FeedConfig("test", "test", List.of(server.url() + "?k={file:" + token + "}"),
                List.of(), List.of(), Map.of("X-Key", "{exec:/bin/echo e}")));
            assertThat((String) next()).startsWith("GET /feed?k=abc HTTP/1.1").contains("X-Key: e\r\n");
        }
    }

    @Test
    void shouldSayWhatIsWrongWithAValueAndTryAgain() throws Exception {
        final Path empty = Files.writeString(folder.resolve("empty"), "\n");
        final Path big = Files.write(folder.resolve("big"), new byte[70_000]);
        final Path none = folder.resolve("none");
        shouldFail("file:" + none, "", "file " + none + " does not exist");
        shouldFail("file:" + folder, "", "file " + folder + " is no regular file");
        shouldFail("file:" + empty, "", "file " + empty + " is empty");
        shouldFail("file:" + big, "", "file " + big + " has more than 65536 bytes");
        shouldFail("exec:/bin/nothing-there key", "",
            "command /bin/nothing-there cannot be started; give the whole path of a program");
        shouldFail("exec:/bin/sh -c 'echo secret; exit 3'", "", "command /bin/sh ended with code 3");
        final String fetch = "fetch { t { url = \"" + service() + "/path/CANARY\", timeout = 100ms, values { v = "
            + "\"$/v\" }, rate { permits = 1000 } } }";
        answer = "{\"w\":\"CANARY %d\"}";
        shouldFail("http:t/v", fetch, "fetch t: the answer has nothing at $/v");
        status = 503;
        shouldFail("http:t/v", fetch, "fetch t: GET " + service() + " answered 503");
        shouldFail("http:t/v", fetch.replace(service(), "http://127.0.0.1:1"), "fetch t: GET http://127.0.0.1:1: "
            + "java.net.ConnectException");
    }

    private void shouldFail(final String value, final String more, final String why) throws Exception {
        try (RecordedLog log = new RecordedLog("penstock")) {
            begin(read("headers { X-Key = \"{" + value + "}\" }", more), List.of(), "ws://127.0.0.1:1/");
            await().atMost(Duration.ofSeconds(10)).until(() -> log.lines().stream()
                .filter(line -> line.startsWith("WARN feed: login_failed: " + why)).count() >= 2);
            assertThat(log.lines()).noneMatch(line -> line.contains("CANARY") || line.contains("secret"));
        }
        session.stop().get();
        assertThat(fatal).isEmpty();
    }

    @Test
    void shouldAskNoMoreOftenThanTheRateAllows() throws Exception {
        status = 500;
        begin(read("headers { X-Key = \"{http:t/v}\" }", "fetch { t { url = \"" + service()
            + "/\", values { v = \"$/v\" }, rate { permits = 2, per = 1h } } }"), List.of(), "ws://127.0.0.1:1/");
        await().until(() -> session.detail().equals("fetch t: no more than 2 requests in 3600000 ms"));
        assertThat(asked).hasSize(2);
    }

    @Test
    void shouldRefuseAFileWhoseValuesHaveNoOrigin() {
        assertThat(problems("subscribe { message = \"{http:t/token}\" }")).containsExactly("test.conf:1: fetch: has no "
            + "value {http:t/token}; add: fetch { t { url = \"https://…\", values { token = \"$/…\" } } }");
        assertThat(problems("fetch { t { url = \"ftp://x\", body = a, method = get, expires-in = \"x\" } }"))
            .hasSize(4).anyMatch(line -> line.contains("fetch.t.url: must begin with http:// or https://"))
            .anyMatch(line -> line.contains("fetch.t.body: is for method = post; remove one of them"))
            .anyMatch(line -> line.contains("fetch.t.values: are missing"))
            .anyMatch(line -> line.contains("fetch.t.expires-in: "));
        assertThat(problems("""
            fetch { a { url = "https://x/{http:b/v}", values { v = "$/v" } }
              b { url = "https://x/{plugin:v}", values { v = "$/v" } } }
            plugins = [ { name = test, with { do = "{http:a/v}" } } ]
            """)).containsExactly("test.conf:4: fetch.a: needs a value that it has itself to bring",
            "test.conf:5: fetch.b: needs a value that it has itself to bring");
    }

    private static List<String> problems(final String more) {
        return catchThrowableOfType(ConfigException.class, () -> read("", more)).problems().stream()
            .map(Problem::toString).toList();
    }

    private String service() {
        return "http://127.0.0.1:" + http.getAddress().getPort();
    }

    private static Venue read(final String connection, final String more) {
        return VenueReader.read(new StringReader(VENUE.formatted(connection, more)), "test.conf", name -> null);
    }
}
