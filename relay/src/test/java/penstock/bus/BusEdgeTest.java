package penstock.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import penstock.replay.DemoFeed;
import penstock.testkit.NatsServers;
import penstock.testkit.Patience;
import penstock.testkit.Seeds;

/** A relay behind another one over a real server of NATS has what that one has. */
@Timeout(Patience.TEST_SECONDS)
class BusEdgeTest {
    @RegisterExtension
    private final Seeds seeds = new Seeds();

    @TempDir
    private Path folder;

    @Test
    void shouldHaveTheSameBytesAsTheIngest() throws Exception {
        try (NatsServers nats = NatsServers.one(folder); DemoFeed feed = DemoFeed.start(0);
                BusRig rig = new BusRig(feed, "bus.nats.url=" + nats.url(0));
                BusEdge edge = new BusEdge(nats.list(), BusRig.SUBJECT)) {
            await().atMost(Patience.LIMIT).until(edge::isReady);
            await().atMost(Patience.LIMIT).until(() -> edge.metric("penstock_feed_updates_total") > 2_000);
            feed.server().stop();
            rig.assertSame(edge);
            assertThat(edge.metric("penstock_link_bus_gaps_total")).isZero();
            assertThat(edge.metric("penstock_link_bus_snapshots_total")).isEqualTo(16);
            assertThat(edge.metric("penstock_feed_events_missed_total")).isZero();
            assertThat(edge.role().get("link").get("gaps").asLong()).isZero();
            assertThat(edge.role().get("hops")).hasSize(2);
        }
    }
}
