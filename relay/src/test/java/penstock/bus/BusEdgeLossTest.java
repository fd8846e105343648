package penstock.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import penstock.replay.DemoFeed;
import penstock.testkit.NatsServers;
import penstock.testkit.Patience;
import penstock.testkit.Seeds;

/** An edge on a bus whose servers are lost, or refuse it; and edges in a row. */
@Tag("gate")
@Timeout(Patience.TEST_SECONDS)
class BusEdgeLossTest {
    private static final int SERVERS = 3;
    private static final String USERS = "authorization { users: [ { user: relay, password: \"SECRET-OF-THE-RELAY\" }, "
        + "{ user: edge, password: \"SECRET-OF-THE-EDGE\" }, { user: deaf, password: \"deaf\", permissions: { "
        + "subscribe: [\"_INBOX.>\"] } } ] }\n";

    @RegisterExtension
    private final Seeds seeds = new Seeds();

    @TempDir
    private Path folder;

    @Test
    void shouldLoseNothingWhenOneServerAfterTheOtherIsKilled() throws Exception {
        try (NatsServers nats = new NatsServers(SERVERS, folder, "");
                DemoFeed feed = DemoFeed.start(0, seeds.fresh(), 20_000);
                BusRig rig = new BusRig(feed, "bus.nats.url=" + nats.list());
                BusEdge edge = new BusEdge(nats.list(), BusRig.SUBJECT)) {
            await().atMost(Patience.LIMIT).until(edge::isReady);
            for (int server = 0; server < SERVERS; server++) {
                awaitMore(edge);
                nats.kill(server);
                System.out.printf("server %d killed: the link was not live for %d ms%n", server, notLiveMs(edge));
                awaitMore(edge);
                nats.start(server);
            }
            feed.server().stop();
            rig.assertSame(edge);
        }
    }

    @Test
    void shouldSayThatTheServersRefuseTheLoginOrASubjectAndComeIn() throws Exception {
        final Path relay = Files.writeString(folder.resolve("relay"), "SECRET-OF-THE-RELAY\n");
        final Path password = Files.writeString(folder.resolve("edge"), "wrong\n");
        final Path deaf = Files.writeString(folder.resolve("deaf"), "deaf\n");
        try (NatsServers nats = new NatsServers(1, folder, USERS); DemoFeed feed = DemoFeed.start(0);
                BusRig rig = new BusRig(feed, "bus.nats.url=" + nats.url(0), "bus.nats.user=relay",
                "bus.nats.password-file=" + relay);
                BusEdge edge = new BusEdge(nats.list(), BusRig.SUBJECT, "feed.bus.user=edge",
                "feed.bus.password-file=" + password);
                BusEdge refused = new BusEdge(nats.list(), BusRig.SUBJECT, "feed.bus.user=deaf",
                "feed.bus.password-file=" + deaf)) {
            await().atMost(Patience.LIMIT).untilAsserted(() -> assertThat(edge.findings().toString())
                .contains("look at feed.bus.credentials-file, user, password-file or token-file"));
            await().atMost(Patience.LIMIT).untilAsserted(() -> assertThat(refused.findings().toString())
                .containsIgnoringCase("permissions violation").contains("the permissions of readers"));
            Files.writeString(password, "SECRET-OF-THE-EDGE\n");
            await().atMost(Patience.LIMIT).until(edge::isReady);
            feed.server().stop();
            rig.assertSame(edge);
        }
    }

    @Test
    void shouldHaveTheSameBehindAnEdgeThatPublishesOnABusToo() throws Exception {
        try (NatsServers nats = NatsServers.one(folder); DemoFeed feed = DemoFeed.start(0);
                BusRig rig = new BusRig(feed, "bus.nats.url=" + nats.url(0));
                BusEdge edge = new BusEdge(nats.list(), BusRig.SUBJECT, "bus.nats.url=" + nats.url(0),
                "bus.nats.subject=second.{feed}");
                BusEdge outer = new BusEdge(nats.list(), "second.demo")) {
            await().atMost(Patience.LIMIT).until(outer::isReady);
            awaitMore(outer);
            assertThat(outer.role().get("hops")).hasSize(3);
            feed.server().stop();
            rig.assertSame(edge);
            rig.assertSame(outer);
        }
    }

    private static void awaitMore(final BusEdge edge) throws IOException, InterruptedException {
        final double before = edge.metric("penstock_feed_updates_total");
        await().atMost(Patience.LIMIT).until(() -> edge.metric("penstock_link_live") == 1
            && edge.metric("penstock_feed_updates_total") > before + 2_000);
    }

    /** Until it is live again, if it is not within a second. */
    private static long notLiveMs(final BusEdge edge) throws IOException, InterruptedException {
        final long endNs = System.nanoTime() + Duration.ofSeconds(3).toNanos();
        long lostNs = 0;
        long sumNs = 0;
        while (System.nanoTime() - endNs < 0) {
            final boolean isLive = edge.role().get("link").get("state").asText().equals("live");
            if (!isLive && lostNs == 0) {
                lostNs = System.nanoTime();
            } else if (isLive && lostNs != 0) {
                sumNs += System.nanoTime() - lostNs;
                lostNs = 0;
            }
        }
        return Duration.ofNanos(sumNs + (lostNs == 0 ? 0 : System.nanoTime() - lostNs)).toMillis();
    }
}
