package penstock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import penstock.testkit.FrameSocket;
import penstock.testkit.Patience;

/** An ingest and two edges in a row: what goes down byte for byte, and what goes up. */
@Tag("gate")
@Timeout(Patience.TEST_SECONDS)
class EdgeHopsTest {
    private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";
    private static final String LONG_ID = "123456789012345678901234567";
    private static final String LONG_PRICE = "1234567.12345678901234567890";

    private final HttpClient http = HttpClient.newHttpClient();
    @TempDir
    private Path folder;
    private final AskedVenue venue = new AskedVenue();
    private final AskedVenue other = new AskedVenue();
    /** What is a quote of the venue's message. */
    private String emit = "emit = \"$/v\"";

    @AfterEach
    void closeVenues() {
        venue.close();
        other.close();
    }

    @Test
    void shouldKeepEveryDigitOverThreeHops() throws Exception {
        try (ReloadedRelay ingest = relay("feed { venue = asked.conf, url = \"" + venue.url()
                + "\", symbols = [A], channels = [quote, trade] }\n");
                ReloadedRelay edge = behind(ingest); ReloadedRelay outer = behind(edge)) {
            await().atMost(Patience.LIMIT).until(() -> venue.asked().size() == 2);
            final String quote = venue.send("quote", "A", "{\"id\":" + LONG_ID + ", \"p\" : " + LONG_PRICE + "}");
            final String trade = venue.send("trade", "A", "{\"id\":" + LONG_ID + "}");
            await().atMost(Patience.LIMIT).until(() -> body(outer, "/v1/snapshot?channel=trade").contains(LONG_ID));
            assertThat(body(outer, "/v1/snapshot")).isEqualTo(body(ingest, "/v1/snapshot"))
                .contains("\"v\":{\"id\":" + LONG_ID + ", \"p\" : " + LONG_PRICE + "}");
            try (RawClient raw = new RawClient(outer.relay.port(), "?symbols=A&interval=0");
                    RawClient trades = new RawClient(outer.relay.port(), "?channel=trade&symbols=A")) {
                assertThat(raw.read()).as("the whole payload").isEqualTo(quote);
                assertThat(trades.read()).isEqualTo(trade);
                final String next = venue.send("quote", "A", "{\"id\":" + LONG_ID + "8,\"p\":1e-27}");
                assertThat(raw.read()).isEqualTo(next);
            }
        }
    }

    @Test
    void shouldShowAMergedFeedOfTwoVenuesOverThreeHops() throws Exception {
        emit = "emit { bid = \"$/v/bid\" }";
        final String feed = " { venue = asked.conf, symbols = [A], channels = [quote], url = \"";
        try (ReloadedRelay ingest = relay("feeds { one" + feed + venue.url() + "\" }, two" + feed + other.url()
                + "\" } }\nmerge { quote { from = [one, two], prefer = first, max-age = 100ms } }\n");
                ReloadedRelay edge = behind(ingest); ReloadedRelay outer = behind(edge)) {
            await().atMost(Patience.LIMIT).until(() -> venue.asked().size() == 1 && other.asked().size() == 1);
            final String path = "/v1/snapshot?feed=merged&channel=quote&symbols=A";
            venue.send("quote", "A", "{\"bid\":1.10}");
            await().atMost(Patience.LIMIT).until(() -> body(outer, path).contains("\"bid\":1.10,\"from\":\"one\""));
            // the first one is silent for longer than it may be
            await().atMost(Patience.LIMIT).until(() -> {
                other.send("quote", "A", "{\"bid\":1.20}");
                return body(outer, path).contains("\"bid\":1.20,\"from\":\"two\"");
            });
            await().atMost(Patience.LIMIT).untilAsserted(() ->
                assertThat(body(outer, path)).isEqualTo(body(ingest, path)));
            venue.drop();
            try (ReloadedRelay.Client client = outer.open("?feed=one&channel=quote&symbols=*")) {
                await().atMost(Patience.LIMIT).until(() -> venue.connections() == 2 && venue.asked().size() == 1);
                venue.send("quote", "A", "{\"bid\":1.30}");
                assertThat(client.readUntil("\"bid\":1.30")).doesNotContain("\"st\"");
            }
        }
    }

    @Test
    void shouldAskForWhatSubscribersOfTheLastRelayNameAndGiveItBack() throws Exception {
        try (ReloadedRelay ingest = relay("feed { venue = asked.conf, url = \"" + venue.url()
                + "\", symbols = on-demand, linger = 0s, channels = [quote, trade] }\n");
                ReloadedRelay edge = behind(ingest); ReloadedRelay outer = behind(edge)) {
            await().atMost(Patience.LIMIT).until(() -> status(outer, "/v1/snapshot") != 503);
            try (ReloadedRelay.Client first = outer.open("?symbols=A&interval=0");
                    ReloadedRelay.Client second = outer.open("?symbols=A&interval=0")) {
                await().atMost(Patience.LIMIT).until(() -> venue.asked().equals(Set.of("quote:A")));
                venue.send("quote", "A", "1");
                assertThat(first.readUntil("\"s\":\"A\"")).contains("\"q\":1,");
                assertThat(second.readUntil("\"s\":\"A\"")).contains("\"q\":1,");
                first.say("{\"op\":\"subscribe\",\"sub\":\"t\",\"channel\":\"trade\",\"symbols\":[\"B\"]}");
                await().atMost(Patience.LIMIT).until(() -> venue.asked().equals(Set.of("quote:A", "trade:B")));
                first.say("{\"op\":\"unsubscribe\",\"sub\":\"t\",\"symbols\":[\"B\"]}");
                await().atMost(Patience.LIMIT).until(() -> venue.asked().equals(Set.of("quote:A")));
                first.socket.close();
                venue.send("quote", "A", "2");
                for (final ReloadedRelay relay : List.of(ingest, edge, outer)) {
                    await().atMost(Patience.LIMIT).untilAsserted(() ->
                        assertThat(body(relay, "/v1/snapshot?symbols=A")).contains("\"q\":2,"));
                }
                assertThat(second.readUntil("\"q\":2,")).as("another one still wants it").contains("\"s\":\"A\"");
            }
            await().atMost(Patience.LIMIT).until(() -> venue.asked().isEmpty());
        }
    }

    /** A session of raw payloads. */
    private static final class RawClient extends FrameSocket {
        RawClient(final int port, final String query) throws IOException {
            super(port, 0);
            write(handshake("/v1/raw" + query, KEY).getBytes(StandardCharsets.ISO_8859_1));
            assertThat(readHead()).startsWith("HTTP/1.1 101 ");
        }

        String read() throws IOException {
            return new String(readFrame().payload(), StandardCharsets.UTF_8);
        }
    }

    private ReloadedRelay relay(final String text) throws Exception {
        final Path own = Files.createTempDirectory(folder, "relay");
        Files.writeString(own.resolve("asked.conf"), AskedVenue.FILE.replace(
            "channel = quote, key = \"$/s\", emit = \"$\"", "channel = quote, key = \"$/s\", " + emit));
        return new ReloadedRelay(own, text);
    }

    private ReloadedRelay behind(final ReloadedRelay before) throws Exception {
        return relay("feed { venue = penstock, url = \"ws://127.0.0.1:" + before.relay.port() + "/v1/ws\" }\n");
    }

    private String body(final ReloadedRelay relay, final String path) throws Exception {
        return get(relay, path).body();
    }

    private int status(final ReloadedRelay relay, final String path) throws Exception {
        return get(relay, path).statusCode();
    }

    private HttpResponse<String> get(final ReloadedRelay relay, final String path) throws Exception {
        return http.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + relay.relay.port() + path)).build(),
            HttpResponse.BodyHandlers.ofString());
    }
}
