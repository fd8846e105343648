package penstock.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import penstock.testkit.GoodClient;
import penstock.testkit.Patience;
import penstock.upstream.ScriptedServer;

/**
 * A venue that attacks a relay in a process of its own. Subscribers get nothing of it: the connection ends, the feed is
 * stale until the venue behaves, and the process grows by 16 MiB at most.
 */
@Tag("slow")
@Tag("gate")
@Timeout(120)
class HostileVenueTest {
    private static final long MIB = 1 << 20;
    private static final long MOST_GROWTH = 16 * MIB;
    private static final int GIGABYTE_FRAMES = 17_000;
    private static final int FRAME = 63 * 1024;
    private static final Duration SOON = Patience.LIMIT;

    @TempDir
    private Path folder;

    private interface Attack {
        void run(ScriptedServer.Peer peer) throws Exception;
    }

    /** Frames that are valid and hold no JSON, each counted, none forwarded: the connection need not end. */
    @Test
    void shouldCountAGigabyteOfTextThatIsNoJsonAndForwardNothing() throws Exception {
        final byte[] garbage = new byte[FRAME];
        final Random random = new Random(7);
        for (int i = 0; i < garbage.length; i++) {
            garbage[i] = (byte) (' ' + random.nextInt(95));
        }
        try (Rig rig = new Rig("", peer -> {
            final byte[] frame = ScriptedServer.Peer.frameBytes(0x81, garbage);
            for (int i = 0; i < GIGABYTE_FRAMES; i++) {
                peer.raw(frame);
            }
            peer.text(FaultyVenue.quote("BTCUSDT", 2));
        })) {
            rig.attack();
            rig.awaitValue("2");
            assertThat(rig.relay.metric("penstock_feed_not_json_total")).isEqualTo(GIGABYTE_FRAMES);
            rig.assertGrewLittle();
            assertThat(rig.subscriber.seen).containsOnlyKeys("BTCUSDT");
        }
    }

    /** The parser ends the connection at the first byte that is wrong; the rest of the gigabyte is never read. */
    @Test
    void shouldEndAConnectionOfRandomBytes() throws Exception {
        final byte[] garbage = new byte[1 << 20];
        new Random(7).nextBytes(garbage);
        garbage[0] = (byte) 0xff;
        expectReconnect("", peer -> {
            for (int i = 0; i < 1_024; i++) {
                peer.raw(garbage);
            }
        });
    }

    @Test
    void shouldEndAConnectionWithAFrameOfExabytes() throws Exception {
        for (final long length : new long[] {1L << 62, 1L << 40, 65_537}) {
            expectReconnect("", peer -> {
                peer.raw(ByteBuffer.allocate(10).put((byte) 0x81).put((byte) 127).putLong(length).array());
                final byte[] payload = new byte[1 << 16];
                for (int i = 0; i < 1_024; i++) {
                    peer.raw(payload);
                }
            });
        }
    }

    @Test
    void shouldEndAConnectionWithADecompressionBomb() throws Exception {
        final byte[] bomb = bomb(48 << 20);
        assertThat(bomb.length).isLessThan(64 << 10);
        expectReconnect("compression = permessage-deflate, max-inflated = 1MiB", peer -> {
            for (int i = 0; i < 50; i++) {
                peer.frame(0xc1, bomb);
            }
        });
    }

    private void expectReconnect(final String connection, final Attack attack) throws Exception {
        try (Rig rig = new Rig(connection, attack)) {
            rig.attack();
            await("stale").atMost(SOON).untilAsserted(() -> assertThat(rig.subscriber.controls)
                .anyMatch(text -> text.contains("\"state\":\"stale\",\"reason\":\"upstream_protocol_error\"")));
            rig.awaitValue("2");
            assertThat(rig.relay.metric("penstock_feed_protocol_errors_total")).isOne();
            rig.assertGrewLittle();
            assertThat(rig.subscriber.seen).containsOnlyKeys("BTCUSDT");
        }
    }

    private static byte[] bomb(final int count) {
        final Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
        try {
            deflater.setInput(new byte[count]);
            final byte[] bytes = new byte[64 << 10];
            return Arrays.copyOf(bytes, deflater.deflate(bytes, 0, bytes.length, Deflater.SYNC_FLUSH) - 4);
        } finally {
            deflater.end();
        }
    }

    /** A relay at a venue that quotes 1, attacks its first connection, and quotes 2 on the second. */
    private final class Rig implements AutoCloseable {
        private final ScriptedServer venue;
        private final RelayProcess relay;
        private final SubscriberFleet fleet;
        private final Subscriber subscriber;
        private final CountDownLatch isMeasured = new CountDownLatch(1);
        private final AtomicReference<Exception> failure = new AtomicReference<>();
        private final long residentBefore;

        Rig(final String connection, final Attack attack) throws Exception {
            final boolean deflates = connection.contains("deflate");
            venue = new ScriptedServer(peer -> play(peer, attack, deflates));
            final String rules = FaultyVenue.plain()
                .connection("idle { any-frame = 0, data = 0 }\n" + connection).file(folder);
            relay = RelayProcess.start("run", "-c", Files.writeString(folder.resolve("relay.conf"), """
                feed { venue = "%s", url = "%s", symbols = [BTCUSDT] }
                server.io-threads = 1
                telemetry.dir = "%s"
                """.formatted(rules, venue.url(), folder.resolve("telemetry"))).toString());
            fleet = new SubscriberFleet(relay.port);
            subscriber = fleet.open("/v1/ws?symbols=*&interval=0", 0);
            awaitValue("1");
            await("session").atMost(SOON).until(() -> subscriber.isSnapshotDone);
            relay.heapAfterGc();
            residentBefore = resident();
        }

        void attack() {
            isMeasured.countDown();
        }

        void awaitValue(final String value) {
            await("value " + value).atMost(SOON).until(() -> subscriber.seen.containsKey("BTCUSDT")
                && new String(subscriber.seen.get("BTCUSDT").value(), StandardCharsets.UTF_8).equals(value));
        }

        void assertGrewLittle() throws Exception {
            GoodClient.assertServed(relay.port);
            assertThat(failure.get()).isNull();
            assertThat(fleet.breaches()).isEmpty();
            assertThat(resident() - residentBefore).as("bytes that the process grew by").isLessThan(MOST_GROWTH);
        }

        private void play(final ScriptedServer.Peer peer, final Attack attack, final boolean deflates)
                throws Exception {
            peer.accept(deflates ? new String[] {"Sec-WebSocket-Extensions: permessage-deflate"} : new String[0])
                .read();
            peer.text("{\"op\":\"subscribed\",\"id\":1}").text(FaultyVenue.quote("BTCUSDT", peer.number));
            if (peer.number == 1) {
                isMeasured.await();
                attack.run(peer);
            }
            FaultyVenue.untilClosed(peer);
        }

        private long resident() throws IOException {
            return Files.readAllLines(Path.of("/proc/" + relay.process.pid() + "/status")).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024).findFirst().orElseThrow();
        }

        @Override
        public void close() throws IOException {
            fleet.close();
            relay.close();
            venue.close();
        }
    }
}
