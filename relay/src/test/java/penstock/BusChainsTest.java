package penstock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import penstock.testkit.NatsServers;
import penstock.testkit.Patience;

/** Edges on a bus with several feeds, in a row, in a circle, beside each other, and with subjects that lead nowhere. */
@Tag("gate")
@Timeout(Patience.TEST_SECONDS)
class BusChainsTest {
    private static final String ALL = "symbols = [A], channels = [quote, trade]";

    private final HttpClient http = HttpClient.newHttpClient();
    @TempDir
    private Path folder;
    private final AskedVenue venue = new AskedVenue();
    private final AskedVenue other = new AskedVenue();

    @AfterEach
    void closeVenues() {
        venue.close();
        other.close();
    }

    @Test
    void shouldHaveSeveralFeedsAsTheIngestHasThem() throws Exception {
        try (NatsServers nats = NatsServers.one(folder); ReloadedRelay ingest = relay("feeds { one { " + ask(venue)
                + " }, two { " + ask(other) + " } }\n" + publish(nats, "x.{feed}"));
                ReloadedRelay edge = onBus(nats, "[x.one, x.two]", "");
                ReloadedRelay half = onBus(nats, "x.two", "")) {
            awaitAsked();
            venue.send("quote", "A", "1.10");
            other.send("quote", "A", "2.20");
            other.send("trade", "A", "3.30");
            for (final String path : new String[] {"feed=one&channel=quote", "feed=two&channel=quote",
                    "feed=two&channel=trade"}) {
                assertSame(ingest, edge, "/v1/snapshot?" + path);
            }
            assertSame(ingest, half, "/v1/snapshot?feed=two&channel=quote");
            assertThat(body(half, "/v1/snapshot?feed=one")).contains("\"code\":\"unknown_feed\"");
            venue.drop();
            await().atMost(Patience.LIMIT).until(() -> body(edge, "/v1/snapshot?feed=one").contains("\"st\":\"stale\""));
            assertThat(body(edge, "/v1/snapshot?feed=two")).as("the other one has lost nothing").contains("2.20")
                .doesNotContain("stale");
        }
    }

    @Test
    void shouldSayWhichSubjectNoRelayAnswersOn() throws Exception {
        try (NatsServers nats = NatsServers.one(folder); ReloadedRelay ingest = relay("feed { " + ask(venue) + " }\n"
                + publish(nats, "x.{feed}")); ReloadedRelay wrong = onBus(nats, "y.asked", "");
                ReloadedRelay half = onBus(nats, "[x.asked, x.wrong]", "")) {
            awaitFinding(wrong, "no relay answers on y.asked", "whether a relay publishes on the bus at "
                + nats.url(0));
            awaitFinding(half, "no relay answers on x.wrong", "bus.nats there");
            assertThat(get(wrong, "/readyz").statusCode()).isEqualTo(503);
            assertThat(get(half, "/readyz").statusCode()).isEqualTo(503);
            assertThat(get(ingest, "/healthz").statusCode()).isEqualTo(200);
        }
    }

    @Test
    void shouldSayWhichPermissionIsMissing() throws Exception {
        final Path password = Files.writeString(folder.resolve("password"), "secret\n");
        final String users = "authorization { users: [ { user: relay, password: \"secret\" }, "
            + "{ user: mute, password: \"secret\", permissions: { publish: [\"none\"], subscribe: [\">\"] } }, "
            + "{ user: deaf, password: \"secret\", permissions: { publish: [\"x.*.snapshot.*\"], "
            + "subscribe: [\"x.*.*\"] } } ] }\n";
        try (NatsServers nats = new NatsServers(1, folder, users); ReloadedRelay ingest = relay("feed { " + ask(venue)
                + " }\n" + publish(nats, "x.{feed}") + login("bus.nats", "relay", password));
                ReloadedRelay mute = onBus(nats, "x.asked", login("feed.bus", "mute", password));
                ReloadedRelay deaf = onBus(nats, "x.asked", login("feed.bus", "deaf", password))) {
            awaitAsked(2);
            venue.send("quote", "A", "1");
            final String remedy = "give the user of the edge the permissions of readers";
            awaitFinding(mute, "Permissions Violation for Publish to \\\"x.asked.snapshot.", remedy);
            awaitFinding(deaf, "Permissions Violation for Subscription to \\\"_INBOX.", remedy);
            // a server says of a subscription only once that it is refused
            await().pollDelay(Duration.ofSeconds(12)).atMost(Patience.LIMIT).until(() -> true);
            awaitFinding(mute, "Permissions Violation for Publish to \\\"x.asked.snapshot.", remedy);
            awaitFinding(deaf, "Permissions Violation for Subscription to \\\"_INBOX.", remedy);
            assertThat(body(ingest, "/v1/snapshot")).contains("\"v\":1");
        }
    }

    @Test
    void shouldRefuseToReadWhatItPublishes() throws Exception {
        try (NatsServers nats = NatsServers.one(folder); ReloadedRelay ingest = relay("feed { " + ask(venue) + " }\n"
                + publish(nats, "x.{feed}")); ReloadedRelay reader = onBus(nats, "x.asked", "")) {
            awaitAsked(2);
            venue.send("quote", "A", "1");
            assertSame(ingest, reader, "/v1/snapshot");
            // the same server by another name, which the configuration cannot know
            final String again = publish(nats, "x.{feed}").replace("127.0.0.1", "localhost");
            try (ReloadedRelay loop = onBus(nats, "x.asked", again)) {
                awaitFinding(loop, "a loop: this relay itself publishes on x.asked",
                    "give bus.nats.subject another value");
                awaitFinding(reader, "two relays publish on x.asked", "give the other one another bus.nats.subject");
            }
            await().atMost(Patience.LIMIT).until(() -> get(reader, "/readyz").statusCode() == 200);
            venue.send("quote", "A", "2");
            assertSame(ingest, reader, "/v1/snapshot");
            assertThat(body(reader, "/v1/snapshot")).contains("\"v\":2}").doesNotContain("stale");
        }
    }

    @Test
    void shouldRefuseAFifthRelayInARow() throws Exception {
        try (NatsServers nats = NatsServers.one(folder); ReloadedRelay ingest = relay("feed { " + ask(venue) + " }\n");
                ReloadedRelay second = behind(ingest, "");
                ReloadedRelay third = behind(second, publish(nats, "x.{feed}"));
                ReloadedRelay fourth = onBus(nats, "x.asked", publish(nats, "y.{feed}"))) {
            awaitAsked(2);
            venue.send("quote", "A", "1");
            assertSame(ingest, third, "/v1/snapshot");
            assertSame(ingest, fourth, "/v1/snapshot");
            try (ReloadedRelay fifth = onBus(nats, "y.asked", "")) {
                awaitFinding(fifth, "with this relay there would be 5 in a row, and 4 may be");
                assertThat(get(fifth, "/readyz").statusCode()).isEqualTo(503);
            }
        }
    }

    @Test
    void shouldGoOnBehindAnEdgeThatHasRestartedWithTheSameEpoch() throws Exception {
        try (NatsServers nats = NatsServers.one(folder); ReloadedRelay ingest = relay("feed { " + ask(venue) + " }\n"
                + publish(nats, "x.{feed}"))) {
            final ReloadedRelay before = onBus(nats, "x.asked", publish(nats, "y.{feed}"));
            try (ReloadedRelay outer = onBus(nats, "y.asked", "")) {
                awaitAsked(2);
                for (int i = 0; i < 200; i++) {
                    venue.send("quote", "A", Integer.toString(i));
                }
                assertSame(ingest, outer, "/v1/snapshot");
                before.close();
                try (ReloadedRelay again = onBus(nats, "x.asked", publish(nats, "y.{feed}"))) {
                    await().atMost(Patience.LIMIT).until(() -> get(again, "/readyz").statusCode() == 200);
                    venue.send("quote", "A", "1000");
                    assertSame(ingest, outer, "/v1/snapshot");
                    assertThat(body(outer, "/v1/snapshot")).contains("\"v\":1000").doesNotContain("stale");
                }
            }
        }
    }

    private static String ask(final AskedVenue of) {
        return "venue = asked.conf, url = \"" + of.url() + "\", " + ALL;
    }

    private static String publish(final NatsServers nats, final String subject) {
        return "bus.nats { url = \"" + nats.url(0) + "\", subject = \"" + subject + "\" }\n";
    }

    private static String login(final String section, final String user, final Path password) {
        return section + " { user = " + user + ", password-file = \"" + password + "\" }\n";
    }

    private void awaitAsked() {
        await().atMost(Patience.LIMIT).until(() -> venue.asked().size() == 2 && other.asked().size() == 2);
    }

    private void awaitAsked(final int topics) {
        await().atMost(Patience.LIMIT).until(() -> venue.asked().size() == topics);
    }

    private void awaitFinding(final ReloadedRelay relay, final String... words) {
        await().atMost(Patience.LIMIT).untilAsserted(() -> assertThat(http.send(HttpRequest.newBuilder(
            URI.create("http://127.0.0.1:" + relay.relay.adminPort() + "/admin/v1/findings")).build(),
            HttpResponse.BodyHandlers.ofString()).body()).contains(words));
    }

    /** Until an edge has byte for byte what the ingest has; the time of the answer is not in it. */
    private void assertSame(final ReloadedRelay ingest, final ReloadedRelay edge, final String path) {
        await().atMost(Patience.LIMIT).untilAsserted(() ->
            assertThat(body(edge, path)).contains("\"q\":").isEqualTo(body(ingest, path)));
    }

    private ReloadedRelay relay(final String text) throws Exception {
        final Path own = Files.createTempDirectory(folder, "relay");
        Files.writeString(own.resolve("asked.conf"), AskedVenue.FILE.replace(
            "channel = quote, key = \"$/s\", emit = \"$\"", "channel = quote, key = \"$/s\", emit = \"$/v\""));
        return new ReloadedRelay(own, text);
    }

    private ReloadedRelay behind(final ReloadedRelay before, final String more) throws Exception {
        return relay("feed { venue = penstock, url = \"ws://127.0.0.1:" + before.relay.port() + "/v1/ws\" }\n" + more);
    }

    private ReloadedRelay onBus(final NatsServers nats, final String subject, final String more) throws Exception {
        return relay("feed { venue = penstock, url = \"" + nats.url(0) + "\", bus.subject = " + subject + " }\n" + more);
    }

    private String body(final ReloadedRelay relay, final String path) throws Exception {
        return get(relay, path).body();
    }

    private HttpResponse<String> get(final ReloadedRelay relay, final String path) throws Exception {
        return http.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + relay.relay.port() + path)).build(),
            HttpResponse.BodyHandlers.ofString());
    }
}
