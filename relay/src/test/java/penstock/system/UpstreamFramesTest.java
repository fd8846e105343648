package penstock.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static penstock.system.FaultyVenue.quote;
import static penstock.system.FaultyVenue.subscribed;
import static penstock.system.FaultyVenue.untilClosed;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import penstock.testkit.GoodClient;
import penstock.testkit.Patience;
import penstock.upstream.ScriptedServer;
import penstock.venue.Gzip;

/** A venue that sends what no venue should. */
@Timeout(Patience.TEST_SECONDS)
class UpstreamFramesTest {
    private static final int BINARY = 0x82;

    @TempDir
    private Path folder;

    @Test
    void shouldPassAFrameOfFiveMegabytesWithAllItsDigits() throws Exception {
        final String large = "[" + "12345678901234567890.12345678900,".repeat(5 * 1024 * 1024 / 33) + "1E-27]";
        final CountDownLatch isReady = new CountDownLatch(1);
        try (ScriptedServer server = new ScriptedServer(peer -> {
            subscribed(peer).text(quote("ETHUSDT", 1));
            isReady.await();
            peer.text(quote("BTCUSDT", large));
            for (int i = 2; i <= 100; i++) {
                peer.text(quote("ETHUSDT", i));
            }
            untilClosed(peer);
        }); FaultRig rig = rig(FaultyVenue.plain().connection("max-frame = 8MiB"), server)) {
            final Subscriber other = rig.rig.fleet.open("/v1/ws?symbols=ETHUSDT&interval=0", 0);
            rig.awaitValue("ETHUSDT", 1);
            await().until(() -> other.isSnapshotDone);
            isReady.countDown();
            rig.awaitValue("BTCUSDT", large);
            rig.awaitValue("ETHUSDT", 100);
            await("the others").until(() -> other.seen.get("ETHUSDT").q() == 100);
            assertThat(other.seen).containsOnlyKeys("ETHUSDT");
            assertThat(rig.states()).doesNotContain("stale");
            assertThat(rig.metric("ring_too_large_total")).isZero();
            assertThat(server.failures).isEmpty();
            GoodClient.assertServed(rig.rig.relay.port());
        }
    }

    @Test
    void shouldReconnectAfterAFrameOverTheLimitAndLoseNothingAfterwards() throws Exception {
        final CountDownLatch isHeard = new CountDownLatch(1);
        try (ScriptedServer server = new ScriptedServer(peer -> {
            subscribed(peer).text(quote("BTCUSDT", peer.number));
            if (peer.number == 1) {
                isHeard.await();
                peer.text(quote("ETHUSDT", "\"" + "x".repeat(70_000) + "\""));
            } else {
                for (int i = 3; i <= 200; i++) {
                    peer.text(quote("BTCUSDT", i));
                }
            }
            untilClosed(peer);
        }); FaultRig rig = rig(FaultyVenue.plain(), server)) {
            rig.awaitValue("BTCUSDT", 1);
            isHeard.countDown();
            rig.awaitValue("BTCUSDT", 200);
            assertThat(rig.subscriber.seen.get("BTCUSDT").q()).isEqualTo(200);
            assertThat(rig.subscriber.seen).doesNotContainKey("ETHUSDT");
            assertThat(rig.states()).endsWith("stale upstream_protocol_error", "live");
            assertThat(rig.metric("feed_protocol_errors_total")).isEqualTo(1);
            assertThat(rig.log()).anyMatch(line -> line.contains("max-frame") || line.contains("65536"));
            rig.awaitReady(200, "\"ready\":true");
            assertThat(server.failures).isEmpty();
            GoodClient.assertServed(rig.rig.relay.port());
        }
    }

    @Test
    void shouldSurviveAGzipBombInLittleMemory() throws Exception {
        final byte[] bomb = Gzip.of(new byte[128 << 20]);
        final CountDownLatch isMeasured = new CountDownLatch(1);
        try (ScriptedServer server = new ScriptedServer(peer -> {
            peer.accept().read();
            packed(peer, "{\"op\":\"subscribed\",\"id\":1}");
            packed(peer, quote("BTCUSDT", 1));
            isMeasured.await();
            peer.frame(BINARY, bomb);
            packed(peer, quote("BTCUSDT", 2));
            untilClosed(peer);
        }); FaultRig rig =
            rig(FaultyVenue.plain()
            .connection("max-frame = 1MiB, frames = binary, payload = gzip, max-inflated = 1MiB"),
                server)) {
            rig.awaitValue("BTCUSDT", 1);
            final long before = feedAllocatedBytes();
            isMeasured.countDown();
            rig.awaitValue("BTCUSDT", 2);
            assertThat(feedAllocatedBytes() - before).as("bytes allocated").isLessThan(8 << 20);
            assertThat(rig.metric("feed_undecodable_total")).isEqualTo(1);
            assertThat(rig.metric("feed_connects_total")).isEqualTo(1);
            assertThat(rig.log()).anyMatch(line -> line.contains("max-inflated"));
            assertThat(rig.states()).doesNotContain("stale");
            assertThat(server.failures).isEmpty();
            GoodClient.assertServed(rig.rig.relay.port());
        }
    }

    @Test
    void shouldCountAndShowGarbageAndAcceptEveryGoodFrame() throws Exception {
        final List<String> garbage =
            List.of("", "no json", "{\"s\":\"BTCUSDT\",\"v\":", "{\"s\":\"BTCUSDT\",\"v\":1}}", "{\"x\":1}",
            "[]", "null", "{\"s\":null}", "[[[[[[", "\u0000");
        try (ScriptedServer server = new ScriptedServer(peer -> {
            subscribed(peer);
            for (int i = 1; i <= 1_000; i++) {
                peer.text(quote("BTCUSDT", i)).text(garbage.get(i % garbage.size()));
                if (i % 10 == 0) {
                    peer.frame(BINARY, new byte[] {1, 2, 3});
                }
            }
            peer.text(quote("ETHUSDT", 1));
            untilClosed(peer);
        }); FaultRig rig = rig(FaultyVenue.plain(), server)) {
            rig.awaitValue("ETHUSDT", 1);
            rig.awaitValue("BTCUSDT", 1_000);
            assertThat(rig.subscriber.seen.get("BTCUSDT").q()).isEqualTo(1_000);
            assertThat(rig.metric("feed_updates_total")).isEqualTo(1_001);
            assertThat(rig.metric("feed_not_json_total") + rig.metric("feed_unmatched_total")).isEqualTo(1_100);
            assertThat(rig.metric("feed_connects_total")).isEqualTo(1);
            final List<String> samples = rig.log().stream()
                .filter(line -> line.contains("no json") || line.contains("\"x\"")).toList();
            assertThat(samples).hasSizeBetween(1, 20);
            assertThat(server.failures).isEmpty();
            GoodClient.assertServed(rig.rig.relay.port());
        }
    }

    private FaultRig rig(final FaultyVenue venue, final ScriptedServer server) throws Exception {
        return new FaultRig(venue.file(folder), List.of(server.url()), null);
    }

    private static void packed(final ScriptedServer.Peer peer, final String text) throws Exception {
        peer.frame(BINARY, Gzip.of(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static long feedAllocatedBytes() {
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        return Arrays.stream(threads.getThreadInfo(threads.getAllThreadIds())).filter(info -> info != null
            && info.getThreadName().startsWith("feed I/O"))
            .mapToLong(info -> threads.getThreadAllocatedBytes(info.getThreadId())).sum();
    }
}
