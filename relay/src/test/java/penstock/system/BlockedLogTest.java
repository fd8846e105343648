package penstock.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import penstock.replay.FeedServer;
import penstock.testkit.Patience;
import penstock.upstream.ScriptedServer;

/** A relay whose log nothing reads, at a venue that drops every connection: neither subscribers nor SIGTERM notice. */
@Tag("slow")
@Tag("gate")
@Tag("alone")
class BlockedLogTest {
    private static final String DROPPED = "penstock_log_lines_dropped_total";
    /** One each second; each logs some 250 bytes. */
    private static final int LOSSES = 30;
    private static final int VALUES = 5;
    private static final Duration SOON = Patience.LIMIT;
    private static final Duration POLL = Duration.ofMillis(2);
    /** The log names the address each time a connection is live. */
    private static final int LONG_PATH = 30_000;
    private static final int DROPPED_LINES = 20;
    private static final Duration BETWEEN_LOSSES = Duration.ofMillis(150);
    private static final String QUICK_VENUE = """
        name = quick
        connection { idle { any-frame = 0, data = 0 }, reconnect { min = 20ms, max = 20ms, reset-after = 100ms } }
        channels { quote { class = last-value, default = true } }
        messages { rules = [ { name = quote, match { "$/symbol" = "*" }, key = "$/symbol", emit = frame } ] }
        """;

    private final Semaphore accepts = new Semaphore(0);
    private final Semaphore losses = new Semaphore(0);
    @TempDir
    private Path folder;

    @Test
    void shouldServeReportAndEndInTimeWhileNothingReadsTheLog() throws Exception {
        try (ScriptedServer venue = new ScriptedServer(this::play);
                RelayProcess relay = RelayProcess.startWithBlockedErrorStream("run", "-c", configuration(venue));
                SubscriberFleet fleet = new SubscriberFleet(relay.port)) {
            final Subscriber subscriber = fleet.open("/v1/ws?symbols=*&mode=all", 0);
            await("session").atMost(SOON).until(() -> subscriber.isOpen);
            final long heapBefore = relay.heapAfterGc();
            final long beganNs = System.nanoTime();
            for (int round = 1; round <= LOSSES; round++) {
                final int number = round;
                accepts.release();
                until("value " + number, () -> value(subscriber).equals(String.valueOf(number * VALUES)));
                until("live " + number, () -> states(subscriber, "live") == number);
                assertThat(status(relay, relay.port, "/readyz")).isEqualTo(200);
                losses.release();
                until("stale " + number, () -> states(subscriber, "stale") == number);
                assertThat(status(relay, relay.port, "/readyz")).isEqualTo(503);
                assertThat(status(relay, relay.port, "/healthz")).isEqualTo(200);
                assertThat(status(relay, relay.adminPort, "/healthz")).isEqualTo(200);
                LockSupport.parkNanos(beganNs + TimeUnit.SECONDS.toNanos(round) - System.nanoTime());
            }
            assertThat(subscriber.seen.get("BTCUSDT").q()).isEqualTo((long) LOSSES * VALUES);
            assertThat(subscriber.updates).as("each, but one that may be the first image")
                .isGreaterThanOrEqualTo(LOSSES * VALUES - 1);
            assertThat(subscriber.conflated + subscriber.gaps).isZero();
            assertThat(venue.failures).isEmpty();
            assertThat(fleet.breaches()).isEmpty();
            assertThat(relay.heapAfterGc() - heapBefore).as("bytes kept").isLessThanOrEqualTo(OverloadedRelay.MIB * 8);
            assertThat(relay.terminate(3_000)).as("drain time 1 s, and 2 s").isZero();
            until("close frame", () -> subscriber.closeCode == 4503);
        }
    }

    @Test
    void shouldServeInTimeWhileItDropsLinesThatNothingReads() throws Exception {
        final String rules = Files.writeString(folder.resolve("quick.conf"), QUICK_VENUE).toString();
        try (FeedServer venue = FeedServer.start(0, new ManyQuotes(1)); IdleRelay control = new IdleRelay(folder);
             OverloadedRelay relay = new OverloadedRelay(RelayProcess.startWithBlockedErrorStream(
                 OverloadedRelay.arguments(folder, venue, rules,
                     "feed.url=" + venue.url("/" + "x".repeat(LONG_PATH)))), control)) {
            relay.withstand(() -> {
                final long before = relay.process.metric(DROPPED);
                await("dropped lines").atMost(Duration.ofMinutes(1)).pollInterval(BETWEEN_LOSSES).until(() -> {
                    venue.dropConnections();
                    return relay.process.metric(DROPPED) >= before + DROPPED_LINES;
                });
            });
        }
    }

    private void play(final ScriptedServer.Peer peer) throws Exception {
        accepts.acquire();
        FaultyVenue.subscribed(peer);
        for (int i = 1; i <= VALUES; i++) {
            peer.text(FaultyVenue.quote("BTCUSDT", (peer.number - 1) * VALUES + i));
        }
        losses.acquire();
    }

    private String configuration(final ScriptedServer venue) throws IOException {
        return Files.writeString(folder.resolve("relay.conf"), """
            feed { venue = "%s", url = "%s", symbols = [BTCUSDT] }
            server.drain-time = 1s
            telemetry.dir = "%s"
            """.formatted(FaultyVenue.plain().file(folder), venue.url(), folder.resolve("telemetry"))).toString();
    }

    private static int status(final RelayProcess relay, final int port, final String target) throws Exception {
        return relay.get(port, target).statusCode();
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
