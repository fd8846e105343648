package penstock.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import penstock.testkit.GoodClient;
import penstock.websocket.Opcode;

/**
 * Clients that do not read, read little, answer no ping or finish no message, at a relay with the times as shipped. All
 * of them wait at the same time, each on a thread of its own; a good client is served all along.
 */
@Tag("slow")
@Tag("gate")
@Timeout(150)
class HostileReadersTest {
    private static final int NEVER_READ = 100;
    private static final int RECEIVE_BYTES = 4_096;
    private static final String ALL_AT_ONCE = "/v1/ws?symbols=*&interval=0";
    private static final Duration AS_LONG_AS = Duration.ofSeconds(70);
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(15);
    private static final int TAKEN_EACH_LOOK = 16_384;
    /** How late a timer of the relay, or this test, may be on a busy machine. */
    private static final double LATE_SECONDS = 5;

    @Test
    void shouldEndThoseThatAreDeadAndKeepThoseThatAreSlow() throws Exception {
        final Executor each = task -> {
            final Thread thread = new Thread(task, "hostile");
            thread.setDaemon(true);
            thread.start();
        };
        try (RelayProcess relay = RelayProcess.start("demo", "--set", "server.io-threads=1")) {
            final long heapBefore = relay.heapAfterGc();
            final CompletableFuture<Double> half = CompletableFuture.supplyAsync(() -> secondsOf(() -> {
                try (HostileClient client = HostileClient.upgraded(relay.port, "/v1/ws")) {
                    client.socket.setSoTimeout(60_000);
                    client.write(new byte[] {(byte) 0x81, (byte) 0xfe, 1, 0, 0, 0, 0, 0, '{'});
                    assertThat(client.readClose()).startsWith("close 1008 ");
                }
            }), each);
            final CompletableFuture<Double> mute = CompletableFuture.supplyAsync(() -> secondsOf(() -> {
                try (HostileClient client = HostileClient.upgraded(relay.port, "/v1/ws?symbols=EURUSD")) {
                    assertThat(client.readClose()).isEqualTo("close 4504 no sign of life");
                }
            }), each);
            final CompletableFuture<Double> slow = CompletableFuture.supplyAsync(() -> secondsOf(() -> readNowAndThen(
                relay)), each);
            final List<HostileClient> deaf = new ArrayList<>();
            for (int i = 0; i < NEVER_READ; i++) {
                final HostileClient client = new HostileClient(relay.port, RECEIVE_BYTES);
                client.write(HostileClient.handshake(ALL_AT_ONCE));
                deaf.add(client);
            }
            final long openedNs = System.nanoTime();
            // its socket is full after a second; the pings that it cannot be sent do not count against it
            awaitSecond(openedNs, 15, relay);
            assertThat(relay.metric("penstock_sessions")).as("sessions after 15 s").isGreaterThanOrEqualTo(NEVER_READ);
            assertThat(relay.heapAfterGc() - heapBefore).as("heap for sessions that do not read")
                .isLessThan(NEVER_READ * 64L * 1024);
            await("dead ones").atMost(Duration.ofSeconds(15)).pollInterval(Duration.ofMillis(100))
                .until(() -> relay.metric("penstock_sessions") <= 1);
            assertThat(seconds(openedNs)).as("seconds until those that never read are gone")
                .isBetween(20.0, 22 + LATE_SECONDS);
            assertThat(half.get(1, TimeUnit.MINUTES)).as("seconds of half a message").isBetween(9.9, 11 + LATE_SECONDS);
            assertThat(mute.get(1, TimeUnit.MINUTES)).as("seconds without a pong").isBetween(15.0, 25 + LATE_SECONDS);
            assertThat(slow.get(2, TimeUnit.MINUTES)).isGreaterThanOrEqualTo(AS_LONG_AS.toSeconds());
            for (final HostileClient client : deaf) {
                client.close();
            }
        }
    }

    /** Takes what a small buffer holds four times a minute, and is answered at the end. */
    private static void readNowAndThen(final RelayProcess relay) throws IOException {
        try (HostileClient client = new HostileClient(relay.port, RECEIVE_BYTES)) {
            client.write(HostileClient.handshake(ALL_AT_ONCE));
            assertThat(client.readHead()).startsWith("HTTP/1.1 101 ");
            final long beganNs = System.nanoTime();
            while (System.nanoTime() - beganNs < AS_LONG_AS.toNanos()) {
                LockSupport.parkNanos(BETWEEN_LOOKS.toNanos());
                client.socket.getInputStream().readNBytes(TAKEN_EACH_LOOK);
            }
            // it has lost its place among the frames: what matters is that bytes still come
            assertThat(client.socket.getInputStream().readNBytes(TAKEN_EACH_LOOK)).hasSize(TAKEN_EACH_LOOK);
        }
    }

    private static void awaitSecond(final long fromNs, final int second, final RelayProcess relay) throws IOException {
        while (seconds(fromNs) < second) {
            GoodClient.assertInTime(() -> {
                try (HostileClient good = HostileClient.upgraded(relay.port, "/v1/ws?symbols=EURUSD&interval=0")) {
                    HostileClient.Frame frame = good.readFrame();
                    while (frame.opcode() != Opcode.TEXT || !frame.text().startsWith("{\"type\":\"update\"")) {
                        frame = good.readFrame();
                    }
                }
            });
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(200));
        }
    }

    private interface Waiting {
        void run() throws IOException;
    }

    private static double secondsOf(final Waiting waiting) {
        final long beganNs = System.nanoTime();
        try {
            waiting.run();
        } catch (final IOException e) {
            throw new UncheckedIOException(e);
        }
        return seconds(beganNs);
    }

    private static double seconds(final long fromNs) {
        return (System.nanoTime() - fromNs) / 1e9;
    }
}
