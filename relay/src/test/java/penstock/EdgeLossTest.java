package penstock;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import penstock.testkit.FaultProxy;
import penstock.testkit.Patience;
import penstock.testkit.RecordedLog;

/** Relays behind relays: the venue is lost, the ingest restarts or changes, a link leads wrong. */
@Tag("gate")
@Timeout(Patience.TEST_SECONDS)
class EdgeLossTest {
    private final HttpClient http = HttpClient.newHttpClient();
    @TempDir
    private Path folder;
    private final AskedVenue venue = new AskedVenue();

    @AfterEach
    void closeVenue() {
        venue.close();
    }

    @Test
    void shouldBeStaleAfterThreeHopsWhileTheVenueIsLost() throws Exception {
        try (ReloadedRelay ingest = ingest(feed("one")); ReloadedRelay edge = behind(ingest.relay.port());
                ReloadedRelay outer = behind(edge.relay.port())) {
            awaitAsked(2);
            venue.send("quote", "A");
            awaitReady(outer);
            try (ReloadedRelay.Client client = outer.open("?symbols=*&interval=0")) {
                client.readUntil("\"last\":true");
                venue.drop();
                assertThat(client.readUntil("\"scope\":\"feed\"")).contains("\"state\":\"stale\"",
                    "\"reason\":\"upstream_disconnected\"").doesNotContain("\"p\":");
                await().atMost(Patience.LIMIT).until(() -> venue.connections() == 2 && venue.asked().size() == 2);
                venue.send("quote", "A");
                assertThat(client.readUntil("\"scope\":\"feed\"")).contains("\"state\":\"live\"");
                assertThat(client.readUntil("\"update\"")).contains("\"q\":2,").doesNotContain("\"st\":");
            }
        }
    }

    @Test
    void shouldMakeValuesLiveAgainAfterALostLinkOfAnotherHopThoughNoneChanges() throws Exception {
        try (ReloadedRelay ingest = ingest(feed("one"));
                FaultProxy way = new FaultProxy(ingest.relay.port(), new Random(1));
                ReloadedRelay edge = behind(way.port()); ReloadedRelay outer = behind(edge.relay.port())) {
            awaitAsked(2);
            venue.send("quote", "A");
            venue.send("quote", "B");
            awaitReady(outer);
            try (ReloadedRelay.Client client = outer.open("?symbols=*&interval=0")) {
                client.readUntil("\"last\":true");
                await().atMost(Patience.LIMIT).until(() -> values(outer).equals(values(ingest)));
                way.down.isStalled = true;
                assertThat(client.readUntil("\"scope\":\"feed\"")).contains("\"state\":\"stale\"");
                assertThat(values(outer)).contains("\"st\":\"stale\"");
                venue.send("quote", "B");
                way.down.clear();
                assertThat(client.readUntil("\"scope\":\"feed\"")).contains("\"state\":\"live\"");
                assertThat(client.readUntil("\"s\":\"A\"")).contains("\"type\":\"snapshot\"", "\"replaces\":\"one\"",
                    "\"q\":1,").doesNotContain("\"st\":");
                await().atMost(Patience.LIMIT).until(() -> values(outer).equals(values(ingest)));
                assertThat(values(outer)).contains("\"s\":\"B\",\"q\":2,").doesNotContain("\"st\":");
            }
        }
    }

    private String values(final ReloadedRelay relay) throws Exception {
        return get(relay.relay.port(), "/v1/snapshot?symbols=A,B").body();
    }

    @Test
    void shouldRefuseALoopAndComeBackOnceTheAddressLeadsToTheVenue() throws Exception {
        try (ReloadedRelay ingest = ingest(feed("one"));
                FaultProxy way = new FaultProxy(ingest.relay.port(), new Random(1));
                ReloadedRelay first = behind(way.port()); ReloadedRelay second = behind(first.relay.port());
                RecordedLog log = new RecordedLog("penstock.link")) {
            awaitAsked(2);
            venue.send("quote", "A");
            awaitReady(second);
            way.target(second.relay.port());
            way.reset();
            await().atMost(Patience.LIMIT).until(() -> log.lines().stream().anyMatch(line ->
                line.startsWith("WARN") && line.contains("a loop: its data comes from this relay")
                && line.contains("let feed.url lead towards the venue")));
            way.target(ingest.relay.port());
            awaitReady(second);
        }
    }

    @Test
    void shouldRefuseAFifthRelayInARow() throws Exception {
        try (ReloadedRelay ingest = ingest(feed("one")); ReloadedRelay second = behind(ingest.relay.port());
                ReloadedRelay third = behind(second.relay.port()); ReloadedRelay fourth = behind(third.relay.port())) {
            awaitAsked(2);
            venue.send("quote", "A");
            awaitReady(fourth);
            try (RecordedLog log = new RecordedLog("penstock.link");
                    ReloadedRelay fifth = behind(fourth.relay.port())) {
                await().atMost(Patience.LIMIT).until(() -> log.lines().stream().anyMatch(line ->
                    line.startsWith("WARN") && line.contains("there would be 5 in a row, and 4 may be")));
                assertThat(get(fifth.relay.port(), "/readyz").statusCode()).isEqualTo(503);
            }
        }
    }

    @Test
    void shouldCloseItsSessionsForAnotherEpochWhenTheIngestRestarts() throws Exception {
        final ReloadedRelay old = ingest(feed("one"));
        try (FaultProxy way = new FaultProxy(old.relay.port(), new Random(1));
                ReloadedRelay edge = behind(way.port())) {
            awaitAsked(2);
            venue.send("quote", "A");
            venue.send("quote", "A");
            awaitReady(edge);
            try (ReloadedRelay.Client client = edge.open("?symbols=*&interval=0")) {
                final String epoch = epoch(client.readUntil("\"welcome\""));
                client.readUntil("\"last\":true");
                old.close();
                try (ReloadedRelay next = ingest(feed("one"))) {
                    way.target(next.relay.port());
                    assertThat(client.readUntil("close ")).startsWith("close 4503 ");
                    awaitAsked(2);
                    venue.send("quote", "A");
                    awaitReady(edge);
                    try (ReloadedRelay.Client again = edge.open("?symbols=*&interval=0")) {
                        assertThat(Long.parseLong(epoch(again.readUntil("\"welcome\""))))
                            .isGreaterThan(Long.parseLong(epoch));
                        assertThat(again.readUntil("\"last\":true")).contains("\"s\":\"A\",\"q\":1,");
                    }
                }
            }
        }
    }

    @Test
    void shouldHaveAFeedThatTheIngestAddsAtAReload() throws Exception {
        try (ReloadedRelay ingest = ingest(feed("one")); ReloadedRelay edge = behind(ingest.relay.port())) {
            awaitAsked(2);
            venue.send("quote", "A");
            awaitReady(edge);
            ingest.follow(feed("one") + feed("two"));
            await().atMost(Patience.LIMIT)
                .until(() -> get(edge.relay.port(), "/v1/snapshot?feed=two").statusCode() == 200);
            venue.send("quote", "B");
            await().atMost(Patience.LIMIT).until(() -> get(edge.relay.port(), "/v1/snapshot?feed=two").body()
                .contains("\"s\":\"B\""));
        }
    }

    private static String epoch(final String welcome) {
        return welcome.replaceAll(".*\"epoch\":(\\d+).*", "$1");
    }

    private String feed(final String name) {
        return "feeds." + name + " { venue = asked.conf, url = \"" + venue.url()
            + "\", symbols = [A, B], channels = [quote] }\n";
    }

    private Path folder() throws Exception {
        final Path own = Files.createTempDirectory(folder, "relay");
        Files.writeString(own.resolve("asked.conf"), AskedVenue.FILE);
        return own;
    }

    private ReloadedRelay ingest(final String feeds) throws Exception {
        return new ReloadedRelay(folder(), feeds);
    }

    private ReloadedRelay behind(final int port) throws Exception {
        return new ReloadedRelay(folder(), "feed { venue = penstock, url = \"ws://127.0.0.1:" + port + "/v1/ws\" }\n");
    }

    private void awaitAsked(final int topics) {
        await().atMost(Patience.LIMIT).until(() -> venue.asked().size() == topics);
    }

    private void awaitReady(final ReloadedRelay relay) {
        await().atMost(Patience.LIMIT).until(() -> get(relay.relay.port(), "/readyz").statusCode() == 200);
    }

    private HttpResponse<String> get(final int port, final String path) throws Exception {
        return http.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).build(),
            HttpResponse.BodyHandlers.ofString());
    }
}
