package penstock.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import penstock.replay.DemoFeed;
import penstock.testkit.NatsServers;
import penstock.testkit.Patience;
import penstock.testkit.Seeds;

/** Three servers of NATS, each killed under load in turn: readers go on with another one, and have all in the end. */
@Tag("gate")
@Timeout(Patience.TEST_SECONDS)
class BusClusterTest {
    private static final int SERVERS = 3;

    @RegisterExtension
    private final Seeds seeds = new Seeds();

    @TempDir
    private Path folder;

    @Test
    void shouldLoseNothingWhenOneServerAfterTheOtherIsKilled() throws Exception {
        final Random random = seeds.random();
        try (NatsServers nats = new NatsServers(SERVERS, folder, "");
                DemoFeed feed = DemoFeed.start(0, seeds.fresh(), 20_000);
                BusRig rig = new BusRig(feed, "bus.nats.url=" + nats.list());
                BusReader same = new BusReader(nats.urls(), BusRig.SUBJECT);
                BusReader other = new BusReader(List.of(nats.url(2), nats.url(1), nats.url(0)), BusRig.SUBJECT)) {
            for (int server = 0; server < SERVERS; server++) {
                awaitMore(same);
                awaitMore(other);
                TimeUnit.MILLISECONDS.sleep(random.nextInt(300));
                nats.kill(server);
                awaitMore(same);
                awaitMore(other);
                nats.start(server);
            }
            rig.assertComplete(same);
            rig.assertComplete(other);
            assertThat(rig.metric("penstock_bus_connects_total")).isGreaterThan(1);
        }
    }

    private static void awaitMore(final BusReader reader) {
        final long before = reader.counted();
        await().atMost(Patience.LIMIT).untilAsserted(() -> {
            assertThat(reader.isJoined()).as(reader.toString()).isTrue();
            assertThat(reader.counted()).as(reader.toString()).isGreaterThan(before + 5_000);
        });
    }
}
