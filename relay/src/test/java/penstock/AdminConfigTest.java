package penstock;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import penstock.config.relay.RelayConfigLoader;
import penstock.docs.Pages;
import penstock.feed.FeedProxy;
import penstock.replay.DemoFeed;
import penstock.testkit.ParsedJson;
import penstock.venue.Venue;

/** What {@code /admin/v1/config} and {@code /admin/v1/log} say and change; admin-api.md has both. */
class AdminConfigTest {
    private static final String CONFIG = "/admin/v1/config";
    private static final String LOG = "/admin/v1/log";

    private final HttpClient http = HttpClient.newHttpClient();

    @TempDir
    private Path folder;

    @Test
    void shouldSayWhereEachValueComesFromAndWhatTheLogHas() throws Exception {
        final Path file = folder.resolve("relay.conf");
        try (DemoFeed feed = DemoFeed.start(0)) {
            Files.writeString(file, "feed.venue = demo\nfeed.url = \"" + feed.marketUrl() + "\"\n"
                + "server { port = 0, io-threads = 1 }\n\nadmin.port = 0\nring.slots = 16384\n");
            final RelayConfigLoader.Loaded read = new RelayConfigLoader(Map.of("PENSTOCK_ADMIN_TOKEN", "s3cret",
                "PENSTOCK_FANOUT_INTERVAL_DEFAULT", "250ms")).read(file, List.of("server.max-sessions=77"));
            final ConfigOptions.Loaded loaded = new ConfigOptions.Loaded(read.config(), read.view(),
                List.of(Venue.load("demo", read.config().feed().settings(), key -> null)),
                () -> new ConfigOptions().load(file));
            try (Relay relay = Relay.after(() -> { }, loaded)) {
                shouldShowOrigins(relay, file.toString());
                shouldChangeTheLevelOfTheLog(relay);
                shouldReloadAllOrNothing(relay, file);
            }
        }
    }

    private void shouldShowOrigins(final Relay relay, final String file) throws Exception {
        final Map<String, Map<?, ?>> all = values(get(relay, CONFIG, "s3cret"));
        assertThat(all).hasSizeGreaterThan(80);
        assertThat(all.get("server.max-sessions")).hasToString(
            "{key=server.max-sessions, value=77, origin=--set, default=20000}");
        assertThat(all.get("server.io-threads")).hasToString(
            "{key=server.io-threads, value=1, origin=" + file + ":3, default=0}");
        assertThat(all.get("fanout.interval.default")).hasToString("{key=fanout.interval.default, value=250ms, "
            + "origin=PENSTOCK_FANOUT_INTERVAL_DEFAULT, default=100ms}");
        assertThat(all.get("fanout.heartbeat").keySet()).hasToString("[key, value]");
        assertThat(all.get("feed.venue").get("origin")).isEqualTo(file + ":1");
        assertThat(all.get("feed.urls").get("origin")).isEqualTo(file + ":2");
        assertThat(all.get("admin.token").get("value")).isEqualTo("\"***\"");

        final Map<String, Map<?, ?>> changed = values(get(relay, CONFIG + "?only=changed", "s3cret"));
        assertThat(changed.keySet()).containsExactlyInAnyOrder("feed.venue", "feed.urls", "server.port",
            "server.io-threads", "server.max-sessions", "admin.port", "admin.token", "fanout.interval.default");
        assertThat(all.get("ring.slots")).as("written, and the default all the same")
            .hasToString("{key=ring.slots, value=16384, origin=" + file + ":6}");
        assertThat(get(relay, CONFIG + "?only=all", "s3cret").statusCode()).isEqualTo(400);
        assertThat(get(relay, CONFIG, "guess").statusCode()).isEqualTo(401);
        final String example = Pages.text("relay/docs/reference/admin-api.md").lines()
            .filter(line -> line.startsWith("{\"values\"")).findFirst().orElseThrow();
        ParsedJson.list(ParsedJson.object(ParsedJson.values(example)).get("values")).stream().map(ParsedJson::object)
            .forEach(value -> assertThat(changed.get(value.get("key")).keySet().toString())
                .isEqualTo(value.keySet().toString()));
    }

    /** The same file without the variables and the option of the start, and then with mistakes and changes. */
    private void shouldReloadAllOrNothing(final Relay relay, final Path file) throws Exception {
        final String text = Files.readString(file);
        assertThat(pageOf(relay)).isEqualTo(403);
        Files.writeString(file, text + "server.allowed-origins = [\"https://app.example.com\"]\nring.slots = many\n");
        final HttpResponse<String> refused = post(relay, "/admin/v1/reload");
        assertThat(refused.statusCode()).isEqualTo(400);
        assertThat(refused.body()).contains("bad_config", "relay.conf:8: ring.slots");
        assertThat(pageOf(relay)).as("nothing has changed").isEqualTo(403);

        Files.writeString(file, text + "server.allowed-origins = [\"https://app.example.com\"]\nring.slots = 32768\n");
        final HttpResponse<String> reloaded = post(relay, "/admin/v1/reload");
        assertThat(reloaded.statusCode()).as(reloaded.body()).isEqualTo(200);
        final String example = Pages.text("relay/docs/reference/admin-api.md").lines()
            .filter(line -> line.startsWith("{\"applied\"")).findFirst().orElseThrow();
        assertThat(reloaded.body().indexOf("\"restart\":"))
            .isBetween(reloaded.body().indexOf("server.max-sessions"), reloaded.body().indexOf("ring.slots"));
        assertThat(reloaded.body()).contains(example.substring(example.indexOf('{', 1), example.indexOf('}') + 1),
            "{\"key\":\"ring.slots\",\"before\":\"16384\",\"after\":\"32768\"}",
            "{\"key\":\"server.max-sessions\",\"before\":\"77\",\"after\":\"20000\"}");
        assertThat(pageOf(relay)).isEqualTo(200);
        final Map<String, Map<?, ?>> now = values(get(relay, CONFIG, "s3cret"));
        assertThat(now.get("server.allowed-origins").get("origin")).isEqualTo(file + ":7");
        assertThat(now.get("ring.slots").get("value")).as("what is in force").isEqualTo("16384");
    }

    /** How a page of another host is answered. */
    private int pageOf(final Relay relay) throws IOException, InterruptedException {
        return http.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + relay.port() + "/v1/symbols"))
            .header("Origin", "https://app.example.com").build(), HttpResponse.BodyHandlers.ofString()).statusCode();
    }

    private void shouldChangeTheLevelOfTheLog(final Relay relay) throws Exception {
        final String name = FeedProxy.class.getName();
        final Logger logger = (Logger) LoggerFactory.getLogger(name);
        assertThat(get(relay, LOG, "s3cret").body()).startsWith("{\"levels\":{\"ROOT\":\"").doesNotContain(name);
        assertThat(post(relay, LOG + "?level=debug&logger=" + name).body()).contains('"' + name + "\":\"debug\"");
        assertThat(logger.getEffectiveLevel()).isEqualTo(Level.DEBUG);
        assertThat(post(relay, LOG + "?level=inherit&logger=" + name).body()).doesNotContain(name);
        assertThat(logger.getLevel()).isNull();
        for (final String query : new String[] {"", "?level=loud", "?level=inherit", "?level=debug&logger=made.up"}) {
            assertThat(post(relay, LOG + query).statusCode()).as(query).isEqualTo(400);
        }
    }

    private static Map<String, Map<?, ?>> values(final HttpResponse<String> answer) {
        assertThat(answer.statusCode()).isEqualTo(200);
        final Map<String, Map<?, ?>> values = new LinkedHashMap<>();
        ParsedJson.list(ParsedJson.object(ParsedJson.values(answer.body())).get("values")).stream()
            .map(ParsedJson::object).forEach(value -> values.put(value.get("key").toString(), value));
        return values;
    }

    private HttpResponse<String> get(final Relay relay, final String path, final String token)
            throws IOException, InterruptedException {
        return http.send(request(relay, path, token).build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpResponse<String> post(final Relay relay, final String path) throws IOException, InterruptedException {
        return http.send(request(relay, path, "s3cret").POST(BodyPublishers.noBody()).build(),
            HttpResponse.BodyHandlers.ofString());
    }

    private static HttpRequest.Builder request(final Relay relay, final String path, final String token) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + relay.adminPort() + path))
            .header("Authorization", "Bearer " + token);
    }
}
