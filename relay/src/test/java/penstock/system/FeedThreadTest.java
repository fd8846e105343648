package penstock.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import penstock.testkit.Patience;
import penstock.upstream.ScriptedServer;

/** A relay as a process of its own, whose feed thread a plugin stops: {@code TestPlugin} does what the book says. */
@Tag("slow")
class FeedThreadTest {
    static final String VENUE =
        """
        name = stopping
        connection { idle { any-frame = 60s, data = 60s } }
        channels { book { class = order-book, default = true } }
        subscribe {
          message = \"""{"op":"subscribe","symbols":{symbols|json},"id":{id}}\"""
          ack { match { "$/op" = subscribed }, correlate = "$/id", mode = batch, timeout = 30s, retries = 1 }
        }
        messages { rules = [
          { name = book, match { "$/s" = "*" }, channel = book, key = "$/s", kind = "$/k | lookup({'snapshot':'snapshot', 'update':'delta'})"
            book { bids = "$/b", asks = "$/a", level = [0, 1], checksum { plugin = test, at = "$/c" } } }
          { name = ack, match { "$/op" = subscribed }, as = ack }
        ] }
        """;
    private static final Duration SOON = Patience.LIMIT;

    private final Semaphore command = new Semaphore(0);
    @TempDir
    private Path folder;

    @Test
    void shouldSayStaleByItselfWhileItHangsAndGoOnAfterwards() throws Exception {
        try (ScriptedServer venue = new ScriptedServer(peer -> play(peer, 2));
             RelayProcess relay = RelayProcess.start("run", "-c", configuration(venue));
             SubscriberFleet fleet = new SubscriberFleet(relay.port)) {
            final Subscriber subscriber = fleet.open("/v1/ws?symbols=*&interval=0", 0);
            await("the book").atMost(SOON).until(() -> subscriber.seen.containsKey("BTCUSDT"));
            assertThat(relay.get(relay.port, "/readyz").statusCode()).isEqualTo(200);
            command.release();
            await("stale").atMost(Duration.ofSeconds(2)).until(() -> has(subscriber, "stale\",\"reason\":\"relay_stuck"));
            assertThat(relay.get(relay.port, "/readyz").body()).contains("\"ready\":false", "relay_stuck");
            assertThat(relay.get(relay.adminPort, "/healthz").statusCode()).isEqualTo(200);
            assertThat(relay.metric("penstock_feed_stuck_total")).isEqualTo(1);
            final int before = subscriber.controls.size();
            await("live").atMost(SOON).until(() -> subscriber.controls.stream().skip(before)
                .anyMatch(text -> text.contains("\"scope\":\"feed\"") && text.contains("\"state\":\"live\"")));
            await("ready").atMost(SOON).until(() -> relay.get(relay.port, "/readyz").statusCode() == 200);
            await("the next book").atMost(SOON).until(() -> subscriber.seen.get("BTCUSDT").q() >= 3);
            assertThat(venue.failures).isEmpty();
            assertThat(fleet.breaches()).isEmpty();
        }
    }

    /** It hangs for 4 s. */
    @Test
    void shouldEndInTimeOnSigtermWhileItHangs() throws Exception {
        try (ScriptedServer venue = new ScriptedServer(peer -> play(peer, 2));
             RelayProcess relay = RelayProcess.start("run", "-c", configuration(venue), "--set",
                 "server.drain-time=500ms");
             SubscriberFleet fleet = new SubscriberFleet(relay.port)) {
            final Subscriber subscriber = fleet.open("/v1/ws?symbols=*&interval=0", 0);
            await("the book").atMost(SOON).until(() -> subscriber.seen.containsKey("BTCUSDT"));
            command.release();
            await("stale").atMost(Duration.ofSeconds(2)).until(() -> has(subscriber, "stale\",\"reason\":\"relay_stuck"));
            assertThat(relay.terminate(2_500)).as("drain time 0.5 s, and 2 s").isZero();
            await("close frame").atMost(SOON).until(() -> subscriber.closeCode == 4503);
        }
    }

    @Test
    void shouldEndWith3WhenAThreadLacksMemoryThatTheJvmDoesNotWatch() throws Exception {
        try (ScriptedServer venue = new ScriptedServer(peer -> play(peer, 3));
             RelayProcess relay = RelayProcess.start("run", "-c", configuration(venue))) {
            await("the book").atMost(SOON).until(() -> relay.metric("penstock_topics") == 1);
            command.release();
            assertThat(relay.process.waitFor(10, TimeUnit.SECONDS)).isTrue();
            assertThat(relay.process.exitValue()).isEqualTo(3);
            assertThat(relay.printed()).anyMatch(line -> line.contains("OutOfMemoryError"));
        }
    }

    /** The number of bids commands the plugin. */
    private void play(final ScriptedServer.Peer peer, final int bids) throws Exception {
        FaultyVenue.subscribed(peer).text(book(1));
        command.acquire();
        peer.text(book(bids)).text(book(1));
        FaultyVenue.untilClosed(peer);
    }

    private static String book(final int bids) {
        final String levels = "[\"1\",\"5\"],[\"2\",\"5\"],[\"3\",\"5\"]".substring(0, bids * 10 - 1);
        return "{\"s\":\"BTCUSDT\",\"k\":\"snapshot\",\"b\":[" + levels + "],\"a\":[[\"9\",\"5\"]],\"c\":1}";
    }

    private static boolean has(final Subscriber subscriber, final String part) {
        return subscriber.controls.stream().anyMatch(text -> text.contains(part));
    }

    private String configuration(final ScriptedServer venue) throws IOException {
        final Path rules = Files.writeString(folder.resolve("stopping.conf"), VENUE);
        return Files.writeString(folder.resolve("relay.conf"), """
            feed { venue = "%s", url = "%s", symbols = [BTCUSDT] }
            server.io-threads = 1
            telemetry.dir = "%s"
            """.formatted(rules, venue.url(), folder.resolve("telemetry"))).toString();
    }
}
