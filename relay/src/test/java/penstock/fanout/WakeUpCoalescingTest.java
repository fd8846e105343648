package penstock.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import org.junit.jupiter.api.Test;
import penstock.fanout.format.WebSocketFormat;
import penstock.ring.FeedState;
import penstock.ring.TopicState;
import penstock.telemetry.Counter;
import penstock.testkit.RecordingSocket;

/** While all subscriptions hold for a short time, ticks stay in the ring and the thread is not woken for each. */
class WakeUpCoalescingTest {
    private static final int SLOTS = 64;
    private final ShardRig rig = ShardRig.ofQuotes(SLOTS);
    private final RecordingSocket socket = rig.socket();
    private final Session session = rig.openHolding(socket);

    @Test
    void shouldStoreTicksWhenASubscriptionCanBeSentThem() {
        final long stored = stored();
        for (int i = 0; i < 5; i++) {
            rig.tick("EURUSD");
        }
        assertThat(stored()).as("stored while all hold").isEqualTo(stored);
        rig.thread.advanceMs(17);
        assertThat(ShardRig.texts(socket)).singleElement().asString().contains("\"q\":6,\"c\":4,");
        assertThat(stored()).isEqualTo(stored + 5);
    }

    @Test
    void shouldNotCoalesceWhileASubscriptionIsArmed() {
        final RecordingSocket eager = rig.socket();
        rig.subscribe(rig.open(eager, WebSocketFormat.PLAIN), "0", 0, "EURUSD");
        ShardRig.texts(eager);
        rig.tick("EURUSD");
        assertThat(ShardRig.texts(eager)).singleElement().asString().contains("\"q\":2,");
    }

    @Test
    void shouldNotCoalesceUntilADistantDeadline() {
        rig.subscribe(session, "0", 1_000, "EURUSD");
        rig.thread.advanceMs(20);
        final long stored = stored();
        rig.tick("EURUSD");
        rig.tick("EURUSD");
        assertThat(stored()).isEqualTo(stored + 2);
    }

    @Test
    void shouldNotLetTheRingFillWhileWakeUpsCoalesce() {
        final long stored = stored();
        for (int i = 0; i < SLOTS; i++) {
            rig.tick("EURUSD");
        }
        assertThat(stored()).as("stored before the deadline").isGreaterThanOrEqualTo(stored + SLOTS * 7 / 8);
        assertThat(rig.counters.get(Counter.RING_FULL)).isZero();
    }

    @Test
    void shouldSendTheFeedStateWhileAllSubscriptionsHold() {
        rig.feed.state(FeedState.STALE);
        rig.thread.run();
        assertThat(ShardRig.texts(socket)).singleElement().asString().contains("\"state\":\"stale\"");
    }

    @Test
    void shouldSendATopicStatusThatIsFollowedByUpdates() {
        rig.tick("GBPUSD", "EURUSD");
        rig.thread.advanceMs(18);
        ShardRig.texts(socket);
        rig.feed.state("EURUSD", TopicState.STALE, "silent");
        rig.feed.tick("GBPUSD", rig.thread.nowNs());
        rig.feed.flush();
        rig.thread.run();
        assertThat(ShardRig.texts(socket)).singleElement().asString().contains("stale");
    }

    @Test
    void shouldServeRequestsWithAllTicksOfTheRing() {
        rig.tick("EURUSD");
        assertThat(rig.shard.newestTopics().position()).isEqualTo(2);
        final RecordingSocket late = rig.socket();
        rig.subscribe(rig.open(late, WebSocketFormat.PLAIN), "0", 18, "EURUSD");
        assertThat(ShardRig.texts(late)).last().asString().contains("\"type\":\"snapshot\"").contains("\"q\":2,");
    }

    @Test
    void shouldExpireManyEqualIntervalsInBatches() {
        final RecordingSocket[] sockets = new RecordingSocket[64];
        for (int i = 0; i < sockets.length; i++) {
            sockets[i] = rig.socket();
            rig.subscribe(rig.open(sockets[i], WebSocketFormat.PLAIN), "0", 320, "EURUSD");
            rig.thread.spendNs(500_000);
        }
        for (final RecordingSocket each : sockets) {
            ShardRig.texts(each);
        }
        rig.tick("EURUSD");
        final long[] sentAtMs = new long[sockets.length];
        for (int ms = 0; ms < 400; ms++) {
            rig.thread.advanceMs(1);
            for (int i = 0; i < sockets.length; i++) {
                sentAtMs[i] = sentAtMs[i] == 0 && !ShardRig.texts(sockets[i]).isEmpty() ? ms : sentAtMs[i];
            }
        }
        assertThat(sentAtMs).as("all are served").doesNotContain(0);
        assertThat(Arrays.stream(sentAtMs).distinct().count()).as("turns for 64 deadlines within 32 ms")
            .isLessThanOrEqualTo(5);
    }

    private long stored() {
        return rig.counters.get(Counter.UPDATES_STORED);
    }
}
