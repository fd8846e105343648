package penstock.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Semaphore;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import penstock.supervisor.NotifyReceiver;
import penstock.testkit.Patience;
import penstock.upstream.ScriptedServer;

/** A relay as a process of its own under a supervisor, and its feed thread hangs for 4 s. */
@Tag("gate")
@Timeout(Patience.TEST_SECONDS)
class WatchdogTest {
    private final Semaphore command = new Semaphore(0);
    private final List<String> messages = new ArrayList<>();

    @TempDir
    private Path folder;

    @Test
    void shouldBeReadyWithDataAndSilentWhileTheFeedThreadHangs() throws Exception {
        final Path socket = folder.resolve("notify");
        try (NotifyReceiver receiver = new NotifyReceiver(socket);
             ScriptedServer venue = new ScriptedServer(this::play);
             RelayProcess relay = RelayProcess.startWith(List.of(),
                 Map.of("NOTIFY_SOCKET", socket.toString(), "WATCHDOG_USEC", "2000000"), "run", "-c",
                 configuration(venue))) {
            await("the watchdog").atMost(Patience.LIMIT).until(() -> {
                read(receiver);
                return messages.contains("WATCHDOG=1") && messages.contains("EXTEND_TIMEOUT_USEC=20000000");
            });
            assertThat(messages).as("no data yet").doesNotContain("READY=1");
            command.release();
            await("READY=1").atMost(Patience.LIMIT).until(() -> {
                read(receiver);
                return messages.contains("READY=1");
            });
            assertThat(relay.get(relay.port, "/readyz").statusCode()).isEqualTo(200);
            command.release();
            assertThat(longestSilenceMs(receiver)).as("more than the watchdog of 2 s").isGreaterThan(2_000);
            assertThat(messages).contains("STATUS=the thread feed hangs");
            relay.signal("HUP");
            relay.awaitLine("the configuration was read again");
            assertThat(relay.terminate(Patience.LIMIT.toMillis())).isZero();
            read(receiver);
            assertThat(messages).anyMatch(message -> message.startsWith("RELOADING=1\n")).contains("STOPPING=1");
        }
    }

    /** Between two messages that feed the watchdog, until one comes after the thread has hung. */
    private long longestSilenceMs(final NotifyReceiver receiver) {
        long last = System.nanoTime();
        long longest = 0;
        final long end = last + Duration.ofSeconds(12).toNanos();
        while (System.nanoTime() < end && longest < 2_000_000_000L) {
            final String next = receiver.poll();
            if (next != null) {
                messages.add(next);
            }
            if ("WATCHDOG=1".equals(next)) {
                longest = Math.max(longest, System.nanoTime() - last);
                last = System.nanoTime();
            }
        }
        return longest / 1_000_000;
    }

    /** Reads what has come. */
    private void read(final NotifyReceiver receiver) {
        for (String next = receiver.poll(); next != null; next = receiver.poll()) {
            messages.add(next);
        }
    }

    /** The number of bids is what the plugin does: 2 hangs. */
    private void play(final ScriptedServer.Peer peer) throws Exception {
        final ScriptedServer.Peer subscribed = FaultyVenue.subscribed(peer);
        command.acquire();
        subscribed.text(book(1));
        command.acquire();
        subscribed.text(book(2)).text(book(1));
        FaultyVenue.untilClosed(peer);
    }

    private static String book(final int bids) {
        final String levels = "[\"1\",\"5\"],[\"2\",\"5\"]".substring(0, bids * 10 - 1);
        return "{\"s\":\"BTCUSDT\",\"k\":\"snapshot\",\"b\":[" + levels + "],\"a\":[[\"9\",\"5\"]],\"c\":1}";
    }

    private String configuration(final ScriptedServer venue) throws Exception {
        final Path rules = Files.writeString(folder.resolve("stopping.conf"), FeedThreadTest.VENUE);
        return Files.writeString(folder.resolve("relay.conf"), """
            feed { venue = "%s", url = "%s", symbols = [BTCUSDT] }
            server { io-threads = 1, drain-time = 100ms }
            telemetry.dir = "%s"
            """.formatted(rules, venue.url(), folder.resolve("telemetry"))).toString();
    }
}
