package penstock.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import java.io.StringReader;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.junit.jupiter.api.Test;
import penstock.config.ConfigException;
import penstock.config.Problem;
import penstock.feed.tick.SessionState;
import penstock.telemetry.Counter;
import penstock.testkit.Patience;
import penstock.upstream.ScriptedServer;
import penstock.venue.JsonTree;
import penstock.venue.Venue;
import penstock.venue.VenueReader;

/** Plugins, over real sockets. */
class PluginsTest extends NetworkFeedRig {
    private static final String VENUE = """
        name = test
        connection { idle { any-frame = 5s, data = 0 }, reconnect { min = 1ms, max = 20ms, reset-after = 60s }, %s }
        channels { quote { class = last-value, default = true } }
        %s
        messages { rules = [ { name = quote, match { "$/s" = "*" }, channel = quote, key = "$/s", emit = "$/v" } ] }
        """;
    private static final String SECRET = Base64.getEncoder()
        .encodeToString("a secret of this test".getBytes(StandardCharsets.UTF_8));

    @Test
    void shouldSignTheSubscriptionOfCoinbase() throws Exception {
        try (ScriptedServer server = new ScriptedServer(peer -> {
            seen.add(peer.accept().read().text());
            peer.text("{\"s\":\"A\",\"v\":1}").awaitEnd();
        })) {
            begin(read("", """
                plugins = [ { name = coinbase-signature,
                    with { key = "{env:KEY}", secret = "{env:SECRET}", passphrase = "pass \\"word\\"" } } ]
                subscribe { message = \"""{"product_ids":{symbols|json},"key":"{plugin:key}","passphrase":"{plugin:passphrase}",\\
                "timestamp":"{plugin:timestamp}","signature":"{plugin:signature}"}\""" }
                """.replace("\\\n", "")), server.url());
            final JsonTree sent = JsonTree.of(nextText().getBytes(StandardCharsets.UTF_8));
            final String timestamp = sent.text("timestamp");
            assertThat(Double.parseDouble(timestamp)).isCloseTo(System.currentTimeMillis() / 1000.0, within(60.0));
            final Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec("a secret of this test".getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
            assertThat(Base64.getDecoder().decode(sent.text("signature")))
                .isEqualTo(mac.doFinal((timestamp + "GET/users/self/verify").getBytes(StandardCharsets.UTF_8)));
            assertThat(sent.text("key")).isEqualTo("k3y");
            assertThat(sent.text("passphrase")).isEqualTo("pass \"word\"");
            await().until(() -> session.state() == SessionState.LIVE);
        }
    }

    @Test
    void shouldCallThePluginBeforeEachConnection() throws Exception {
        final AtomicInteger asked = new AtomicInteger();
        try (ScriptedServer server = new ScriptedServer(peer -> {
            seen.add(peer.request());
            seen.add(peer.accept().read().text());
            peer.text("{\"s\":\"A\",\"v\":" + peer.number + "}");
            if (peer.number == 1) {
                peer.close(1001, "moving");
            }
            peer.awaitEnd();
        })) {
            final HttpServer http = HttpServer.create(new InetSocketAddress("127.0.0.1", 0), 0);
            http.createContext("/bullet-public", exchange -> {
                final byte[] answer = ("{\"code\":\"200000\",\"data\":{\"token\":\"t/" + asked.incrementAndGet()
                    + "=\",\"instanceServers\":"
                    + "[{\"endpoint\":\"ws://127.0.0.1:" + server.port() + "/endpoint\"}]}}")
                    .getBytes(StandardCharsets.UTF_8);
                exchange.sendResponseHeaders(200, answer.length);
                exchange.getResponseBody().write(answer);
                exchange.close();
            });
            http.start();
            try {
                begin(read("urls = [\"{plugin:endpoint}?token={plugin:token}\"], headers { X-Token = \"T "
                    + "{plugin:token}\" }", """
                    plugins = [ { name = test, with { do = fetch, from = "http://127.0.0.1:%d/bullet-public" }, timeout = 10s } ]
                    subscribe { message = \"""{"ask":"{symbols}","token":"{plugin:token}"}\""" }
                    """.formatted(http.getAddress().getPort())));
                for (int i = 1; i <= 2; i++) {
                    assertThat(nextText()).startsWith("GET /endpoint?token=t%2F" + i + "%3D HTTP/1.1")
                        .contains("X-Token: T t/" + i + "=");
                    assertThat(next()).isEqualTo("{\"ask\":\"A\",\"token\":\"t/" + i + "=\"}");
                }
                await().until(() -> session.state() == SessionState.LIVE);
                assertThat(session.detail()).contains("{plugin:endpoint}?…").doesNotContain("t/");
                assertThat(asked.get()).isEqualTo(2);
            } finally {
                http.stop(0);
            }
        }
    }

    @Test
    void shouldRetryWhenAPluginFails() throws Exception {
        try (ScriptedServer server = new ScriptedServer(peer -> peer.accept().awaitEnd())) {
            begin(read("", "plugins = [ { name = test, with { do = fail } } ]"), server.url());
            await().until(() -> ring.count(Counter.FEED_CONNECT_FAILURES) >= 3);
            assertThat(session.detail())
                .isIn("plugin test: the venue's door is closed", "connecting to " + server.url());
            assertThat(ring.news()).contains("STALE login_failed");
            assertThat(server.accepted.get()).isZero();
            assertThat(fatal).isEmpty();
        }
    }

    @Test
    void shouldFailPermanentlyWhenAPluginSaysSoOrSuppliesUnusableValues() throws Exception {
        begin(read("", "plugins = [ { name = test, with { do = refuse } } ]"), "ws://127.0.0.1:1/");
        await().until(() -> fatal.contains("plugin test: the key is invalid"));
        session.stop().get(Patience.SECONDS, TimeUnit.SECONDS);
        begin(read("headers { X-Token = \"{plugin:token}\" }", "plugins = [ { name = test, with { do = less } } ]"),
            "ws://127.0.0.1:1/");
        await().until(() -> fatal.contains("no plugin supplies token, which the venue file needs; supplied: nothing"));
        session.stop().get(Patience.SECONDS, TimeUnit.SECONDS);
        begin(read("headers { X-Token = \"{plugin:nothing}\" }", "plugins = [ { name = test, with { do = less } } ]"),
            "ws://127.0.0.1:1/");
        await().until(() ->
            fatal.contains(
            "the plugins supplied unusable values: headers: the value of X-Token holds a character that is "
            + "not printable ASCII"));
    }

    @Test
    void shouldNotWaitForAPluginThatHangs() throws Exception {
        begin(read("", "plugins = [ { name = test, with { do = hang }, timeout = 100ms } ]"), "ws://127.0.0.1:1/");
        await().until(() -> ring.count(Counter.FEED_CONNECT_FAILURES) >= 2);
        assertThat(session.detail())
            .isIn("the values of the login were not there within 100 ms", "connecting to ws://127.0.0.1:1/");
        session.stop().get(Patience.SECONDS, TimeUnit.SECONDS);
        await().until(() -> Thread.getAllStackTraces().keySet().stream()
            .noneMatch(thread -> thread.getName().equals("login")));
    }

    @Test
    void shouldListTheAvailablePluginsWhenOneIsUnknown() {
        assertThat(problems("plugins = [ { name = coinbase-sign } ]")).containsExactly(
            "test.conf:4: plugins[0].name: unknown plugin coinbase-sign; available: coinbase-signature, kraken-crc32, "
                + "kraken-signature, okx-crc32, test");
        assertThat(problems("subscribe { message = \"{plugin:token}\" }"))
            .containsExactly("test.conf:1: plugins: are missing, "
            + "{plugin:token} needs one; add: plugins = [ { name = … } ]; available: coinbase-signature, kraken-crc32, "
            + "kraken-signature, okx-crc32, test");
    }

    private static List<String> problems(final String more) {
        return catchThrowableOfType(ConfigException.class, () -> read("", more)).problems().stream()
            .map(Problem::toString).toList();
    }

    private static Venue read(final String connection, final String more) {
        return VenueReader.read(new StringReader(VENUE.formatted(connection, more)), "test.conf",
            Map.of("KEY", "k3y", "SECRET", SECRET)::get);
    }

    private void begin(final Venue venue, final String... urls) {
        begin(venue, List.of("A"), urls);
    }

    private String nextText() throws InterruptedException {
        return (String) next();
    }
}
