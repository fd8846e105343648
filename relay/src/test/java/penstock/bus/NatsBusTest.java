package penstock.bus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import penstock.docs.Pages;
import penstock.replay.DemoFeed;
import penstock.testkit.NatsServers;
import penstock.testkit.Patience;
import penstock.testkit.Seeds;

/** A relay publishes on a real server of NATS; a reader that computes has what the relay has. */
@Timeout(Patience.TEST_SECONDS)
class NatsBusTest {
    @RegisterExtension
    private final Seeds seeds = new Seeds();

    @TempDir
    private Path folder;

    @Test
    void shouldGiveReadersThatJoinAtAnyTimeWhatTheRelayHas() throws Exception {
        final Random random = seeds.random();
        try (NatsServers nats = NatsServers.one(folder); DemoFeed feed = DemoFeed.start(0);
                BusRig rig = new BusRig(feed, "bus.nats.url=" + nats.url(0));
                BusReader first = new BusReader(nats.urls(), BusRig.SUBJECT)) {
            await().atMost(Patience.LIMIT).until(() -> first.isJoined() && first.counted() > 1_000);
            TimeUnit.MILLISECONDS.sleep(random.nextInt(500));
            try (BusReader second = new BusReader(nats.urls(), BusRig.SUBJECT)) {
                await().atMost(Patience.LIMIT).until(second::isJoined);
                TimeUnit.MILLISECONDS.sleep(random.nextInt(500));
                try (BusReader third = new BusReader(nats.urls(), BusRig.SUBJECT)) {
                    await().atMost(Patience.LIMIT).until(() -> third.isJoined() && third.counted() > 1_000);

                    for (final BusReader reader : List.of(first, second, third)) {
                        rig.assertComplete(reader);
                        assertThat(reader.gaps()).isZero();
                        assertThat(reader.snapshots()).isEqualTo(16);
                        assertThat(reader.texts()).noneMatch(text -> text.contains("\"type\":\"error\""));
                    }
                    assertThat(first.topics().values().stream().filter(topic -> topic.isEvent))
                        .isNotEmpty().allMatch(topic -> topic.conflated == 0);
                    assertThat(rig.metric("penstock_bus_connected")).isEqualTo(1);
                    assertThat(rig.findings()).isEmpty();
                }
            }
        }
    }

    @Test
    void shouldAnswerTheNewestValueOfATopic() throws Exception {
        try (NatsServers nats = NatsServers.one(folder); DemoFeed feed = DemoFeed.start(0);
                BusRig rig = new BusRig(feed, "bus.nats.url=" + nats.url(0));
                BusReader reader = new BusReader(nats.urls(), BusRig.SUBJECT)) {
            await().atMost(Patience.LIMIT).until(() -> rig.metric("penstock_bus_messages_total") > 100);

            await().atMost(Patience.LIMIT).untilAsserted(() -> assertThat(
                reader.ask("last", "{\"channel\":\"quote\",\"symbol\":\"EURUSD\"}"))
                .matches("\\{\"epoch\":\\d+,\"p\":\\d+,\"data\":\\[\\{\"s\":\"EURUSD\",\"q\":\\d+,.*\"v\":\\{.*}}]}"));
            assertThat(reader.ask("last", "{\"symbol\":\"EURUSD\"}")).contains("\"s\":\"EURUSD\"");
            // as the page says
            final String page = Pages.text("relay/docs/how-to/nats-bus.md");
            assertThat(page).contains('\n' + reader.ask("last", "{\"channel\":\"quote\",\"symbol\":\"NONE\"}") + '\n');
            assertThat(page.replaceAll("[0-9.]+", "0")).contains(
                reader.ask("last", "{\"channel\":\"quote\",\"symbol\":\"EURUSD\"}").replaceAll("[0-9.]+", "0"));
            assertThat(reader.ask("last", "{\"channel\":\"none\",\"symbol\":\"EURUSD\"}"))
                .contains("\"code\":\"unknown_channel\"", "no channel 'none', there is quote");
            assertThat(reader.ask("last", "{\"symbol\":7}")).contains("symbol must be a text");
            assertThat(reader.ask("last", "[]")).contains("a request is a JSON object");
            assertThat(reader.ask("last", "{\"sym")).contains("a request is a JSON object");
            assertThat(reader.ask("last", " ".repeat(5_000))).contains("a request has at most 4096 bytes");
            assertThat(reader.ask("snapshot.16", "")).contains("partitions are 0 to 15");
            assertThat(reader.ask("snapshot.x", "")).contains("partitions are 0 to 15");
            assertThat(rig.metric("penstock_bus_requests_refused_total")).isGreaterThanOrEqualTo(8);
        }
    }

    @Test
    void shouldConflateInFrontOfAServerThatTakesNothingAndLoseNothing() throws Exception {
        try (NatsServers nats = NatsServers.one(folder); DemoFeed feed = DemoFeed.start(0, seeds.fresh(), 20_000);
                BusRig rig = new BusRig(feed, "bus.nats.url=" + nats.url(0));
                BusReader reader = new BusReader(nats.urls(), BusRig.SUBJECT)) {
            await().atMost(Patience.LIMIT).until(() -> reader.isJoined() && reader.counted() > 1_000);

            final double held = rig.metric("penstock_bus_held_total");
            nats.pause(0);
            await().atMost(Patience.LIMIT).until(() -> rig.metric("penstock_bus_held_total") > held
                || rig.metric("penstock_bus_connected") == 0);
            assertThat(rig.metric("penstock_bus_pending_bytes")).isLessThan((4 << 20) + (1 << 20));
            nats.resume(0);

            final long before = reader.counted();
            await().atMost(Patience.LIMIT).until(() -> reader.isJoined() && reader.counted() > before + 10_000);
            rig.assertComplete(reader);
            assertThat(reader.conflated()).isPositive();
        }
    }

    @Test
    void shouldGoOnWhenTheServerComesBack() throws Exception {
        try (NatsServers nats = NatsServers.one(folder); DemoFeed feed = DemoFeed.start(0);
                BusRig rig = new BusRig(feed, "bus.nats.url=" + nats.url(0));
                BusReader reader = new BusReader(nats.urls(), BusRig.SUBJECT)) {
            await().atMost(Patience.LIMIT).until(() -> reader.isJoined() && reader.counted() > 1_000);

            nats.kill(0);
            await().atMost(Patience.LIMIT).untilAsserted(() -> assertThat(rig.findings()).hasSize(1)
                .allMatch(finding -> finding.contains("it is not connected") && finding.contains("bus.nats.url")));
            nats.start(0);

            final long before = reader.counted();
            await().atMost(Patience.LIMIT).untilAsserted(() -> {
                assertThat(reader.isJoined()).as(reader.toString()).isTrue();
                assertThat(reader.counted()).as(reader.toString()).isGreaterThan(before + 1_000);
            });
            await().atMost(Patience.LIMIT).untilAsserted(() -> assertThat(rig.findings()).isEmpty());
            rig.assertComplete(reader);
        }
    }
}
