package penstock.system;

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
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import penstock.upstream.ScriptedServer;

/** A relay whose log nothing reads, at a venue that drops every connection: neither subscribers nor SIGTERM notice. */
@Tag("slow")
class BlockedLogTest {
    /** Each logs some 250 bytes. */
    private static final int LOSSES = 30;
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final Duration POLL = Duration.ofMillis(2);

    private final Semaphore accepts = new Semaphore(0);
    private final Semaphore losses = new Semaphore(0);
    private final HttpClient http = HttpClient.newHttpClient();
    @TempDir
    private Path folder;

    @Test
    void shouldServeReportAndEndInTimeWhileNothingReadsTheLog() throws Exception {
        try (ScriptedServer venue = new ScriptedServer(this::play);
                RelayProcess relay = RelayProcess.startWithBlockedErrorStream("run", "-c", configuration(venue));
                SubscriberFleet fleet = new SubscriberFleet(relay.port)) {
            final Subscriber subscriber = fleet.open("/v1/ws?symbols=*&interval=0", 0);
            await("session").atMost(SOON).until(() -> subscriber.isOpen);
            for (int round = 1; round <= LOSSES; round++) {
                final int value = round;
                accepts.release();
                until("value " + value, () -> value(subscriber).equals(String.valueOf(value)));
                assertThat(states(subscriber, "live")).isEqualTo(value);
                assertThat(readiness(relay)).isEqualTo(200);
                losses.release();
                until("stale " + value, () -> states(subscriber, "stale") == value);
                assertThat(readiness(relay)).isEqualTo(503);
            }
            assertThat(venue.failures).isEmpty();
            assertThat(fleet.breaches()).isEmpty();
            assertThat(relay.terminate(3_000)).as("drain time 1 s, and 2 s").isZero();
            until("close frame", () -> subscriber.closeCode == 4503);
        }
    }

    private void play(final ScriptedServer.Peer peer) throws Exception {
        accepts.acquire();
        FaultyVenue.subscribed(peer).text(FaultyVenue.quote("BTCUSDT", peer.number));
        losses.acquire();
    }

    private String configuration(final ScriptedServer venue) throws IOException {
        return Files.writeString(folder.resolve("relay.conf"), """
            feed { venue = "%s", url = "%s", symbols = [BTCUSDT] }
            server.drain-time = 1s
            telemetry.dir = "%s"
            """.formatted(FaultyVenue.plain().file(folder), venue.url(), folder.resolve("telemetry"))).toString();
    }

    private int readiness(final RelayProcess relay) throws Exception {
        return http.send(HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + relay.port + "/readyz")).build(),
            HttpResponse.BodyHandlers.discarding()).statusCode();
    }

    private static void until(final String what, final Callable<Boolean> holds) {
        await(what).atMost(SOON).pollDelay(Duration.ZERO).pollInterval(POLL).until(holds);
    }

    private static String value(final Subscriber subscriber) {
        final Subscriber.Seen seen = subscriber.seen.get("BTCUSDT");
        return seen == null ? "" : new String(seen.value(), StandardCharsets.UTF_8);
    }

    private static long states(final Subscriber subscriber, final String state) {
        return subscriber.controls.stream()
            .filter(text -> text.contains("\"scope\":\"feed\"") && text.contains("\"state\":\"" + state + "\"")).count();
    }
}
