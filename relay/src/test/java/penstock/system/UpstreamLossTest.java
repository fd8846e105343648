package penstock.system;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.InputStream;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import penstock.replay.DemoFeed;
import penstock.telemetry.Counter;
import penstock.testkit.OpenFiles;

/** An upstream that dies again and again, under load. */
@Tag("slow")
class UpstreamLossTest {
    private static final int KILLS = 20;
    private static final int SESSIONS = 50;

    @TempDir
    private Path folder;

    @Test
    void shouldNotifyEverySubscriberOfEachLossAndLeakNothing() throws Exception {
        try (DemoFeed feed = DemoFeed.start(0, 7, 5_000); RelayRig rig = new RelayRig(impatientVenue(), feed.url())) {
            final List<Subscriber> all = new ArrayList<>();
            for (int i = 0; i < SESSIONS; i++) {
                all.add(rig.fleet.open("/v1/ws?symbols=" + (i % 2 == 0 ? "*" : "EUR*,BTCUSD") + "&interval="
                    + i % 3 * 50, 0));
            }
            await("snapshots").until(() -> all.stream().allMatch(s -> s.isSnapshotDone && s.updates > 0));
            all.forEach(subscriber -> subscriber.controls.clear());
            killAndRestart(feed, all, 1);
            final long files = OpenFiles.count();
            final int threads = Thread.activeCount();
            final long direct = directBytes();
            for (int kill = 2; kill <= KILLS; kill++) {
                killAndRestart(feed, all, kill);
            }
            await("open files")
                .untilAsserted(() -> assertThat(OpenFiles.count()).isLessThanOrEqualTo(files + 2));
            assertThat(Thread.activeCount()).as("threads").isLessThanOrEqualTo(threads + 1);
            await("direct memory")
                .untilAsserted(() -> assertThat(directBytes()).isLessThanOrEqualTo(direct + (1 << 20)));
            assertThat(rig.relay.telemetry().sum(Counter.FEED_DISCONNECTS)).isEqualTo(KILLS);
            assertThat(all).allMatch(subscriber -> subscriber.isOpen && !subscriber.isGone);
        }
    }

    /** A crash: the port closes and every connection is cut without a word. */
    private static void killAndRestart(final DemoFeed feed, final List<Subscriber> all, final int kill) {
        feed.server().kill();
        await("stale " + kill).until(() -> all.stream().allMatch(subscriber -> states(subscriber, "stale") == kill));
        assertThat(all).allMatch(subscriber -> states(subscriber, "live") == kill - 1);
        feed.server().restart();
        await("live " + kill).until(() -> all.stream().allMatch(subscriber -> states(subscriber, "live") == kill));
        final long[] updates = all.stream().mapToLong(subscriber -> subscriber.updates).toArray();
        await("updates " + kill).until(() -> {
            for (int i = 0; i < updates.length; i++) {
                if (all.get(i).updates == updates[i]) {
                    return false;
                }
            }
            return true;
        });
        await("fresh again")
            .until(() -> all.stream().allMatch(s -> s.seen.values().stream().noneMatch(Subscriber.Seen::stale)));
    }

    private static long states(final Subscriber subscriber, final String state) {
        return subscriber.controls.stream()
            .filter(text -> text.contains("\"type\":\"status\",\"scope\":\"feed\"")
            && text.contains("\"state\":\"" + state + "\""))
            .count();
    }

    private String impatientVenue() throws IOException {
        try (InputStream demo = UpstreamLossTest.class.getResourceAsStream("/penstock/venues/demo.conf")) {
            final String text = new String(demo.readAllBytes(), StandardCharsets.UTF_8)
                .replaceAll("reconnect \\{[^}]*}",
                "reconnect { min = 20ms, max = 100ms, reset-after = 5s }");
            return Files.writeString(folder.resolve("impatient.conf"), text).toString();
        }
    }

    /** Live memory. The feed server runs in this JVM too, and drops its pool with every restart. */
    private static long directBytes() {
        System.gc();
        return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
            .filter(pool -> pool.getName().equals("direct")).mapToLong(BufferPoolMXBean::getMemoryUsed).sum();
    }
}
