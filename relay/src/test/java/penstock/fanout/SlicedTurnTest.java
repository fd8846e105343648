package penstock.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import penstock.fanout.format.WebSocketFormat;
import penstock.memory.MemoryShare;
import penstock.testkit.RecordingSocket;
import penstock.testkit.WorkingThread;
import penstock.topic.Channel;
import penstock.wire.Mode;
import penstock.wire.SessionLimits;

/**
 * Turns with much to read or to send, on a machine so slow that 64 updates or entries take 50 µs: no turn is longer
 * than 3 ms, and nothing is lost or reordered. The clock moves with each look at it.
 */
class SlicedTurnTest {
    private static final long MS = 1_000_000;
    private static final int TOPICS = 5_000;
    private static final int SLOTS = 16_384;

    private final WorkingThread thread = new WorkingThread(1_000 * MS, MS / 20);
    private final ShardRig rig = new ShardRig(thread, new SessionLimits(50, 40_000, 4_000_000, 100, 0, 60_000), SLOTS,
        4 << 20, List.of(new Channel(0, "quote", "last-value", true)), MemoryShare.unlimited());

    @Test
    void shouldReadTheRingInSlices() {
        publish(TOPICS);
        thread.work(rig.shard::onWake);
        final long first = rig.shard.topics().position();
        assertThat(first).isPositive().isLessThan(TOPICS / 2);
        for (long before = 0; before < rig.shard.topics().position();) {
            before = rig.shard.topics().position();
            thread.advanceMs(2);
        }
        assertThat(rig.shard.topics().position()).isEqualTo(TOPICS);
        assertThat(thread.tasks()).isGreaterThan(3);
        assertThat(thread.longestNs()).isLessThanOrEqualTo(3 * MS);
        assertThat(rig.shard.work().holds().longestNs()).isBetween(MS, 3 * MS);
    }

    @Test
    void shouldReadTheWholeRingForWhoAsksForTheNewestValues() {
        publish(TOPICS);
        thread.work(rig.shard::onWake);
        assertThat(rig.shard.topics().position()).isLessThan(TOPICS);
        assertThat(rig.shard.newestTopics().position()).isEqualTo(TOPICS);
    }

    @Test
    void shouldReadOnWhileTheRingIsNearlyFull() {
        publish(TOPICS);
        publish(TOPICS);
        publish(1_000);
        // a new topic is an event of the ring, too
        final int events = 3 * TOPICS + 1_000;
        thread.work(rig.shard::onWake);
        assertThat(events - 2 * rig.shard.topics().position()).isLessThanOrEqualTo(SLOTS - SLOTS / 4);
        assertThat(thread.longestNs()).isGreaterThan(2 * MS);
        assertThat(rig.shard.work().holds().longestNs()).isGreaterThan(2 * MS);
        assertThat(rig.shard.newestTopics().position()).isEqualTo(2 * TOPICS + 1_000);
    }

    @Test
    void shouldSendUpdatesOfARingThatTakesManyTurnsInTheirOrder() {
        publish(3);
        rig.shard.newestTopics();
        final RecordingSocket socket = rig.socket();
        final Session session = rig.open(socket, WebSocketFormat.PLAIN);
        thread.work(() -> session.onRequest(ShardRig.request("a", Mode.ALL, -1, "*")));
        settle(socket);
        for (int i = 0; i < 1_000; i++) {
            publish(3);
        }
        final String texts = settle(socket);
        int from = 0;
        for (int i = 0; i < 1_000; i++) {
            for (int topic = 0; topic < 3; topic++) {
                final int at = texts.indexOf("{\"s\":\"S" + topic + "\",\"q\":" + (i + 2) + ",", from);
                assertThat(at).as("update %d of S%d", i + 2, topic).isGreaterThanOrEqualTo(from);
                from = at;
            }
        }
        assertThat(texts).doesNotContain("\"gap\"");
    }

    @Test
    void shouldSendImagesInTurnsWithOthersInBetween() {
        publish(TOPICS);
        rig.shard.newestTopics();
        final List<RecordingSocket> sockets = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            sockets.add(rig.socket());
            final Session session = rig.open(sockets.get(i), WebSocketFormat.PLAIN);
            thread.work(() -> session.onRequest(ShardRig.request("a", Mode.CONFLATE, 0, "*")));
        }
        thread.watch(() -> 0);
        for (final RecordingSocket socket : sockets) {
            final String texts = settle(socket);
            assertThat(texts).containsOnlyOnce("\"last\":true");
            assertThat(texts.split("\\{\"s\":", -1)).hasSize(TOPICS + 1);
        }
        assertThat(thread.longestNs()).isLessThanOrEqualTo(3 * MS);
        assertThat(thread.tasks()).isGreaterThan(2 * TOPICS / 1_280);
    }

    private void publish(final int topics) {
        for (int i = 0; i < topics; i++) {
            rig.feed.tick("S" + i, thread.nowNs());
        }
        rig.feed.flush();
    }

    private String settle(final RecordingSocket socket) {
        final StringBuilder texts = new StringBuilder();
        while (rig.shard.work().size() > 0) {
            thread.advanceMs(1);
        }
        for (int i = 0; i < 100; i++) {
            thread.advanceMs(1);
            texts.append(String.join("", ShardRig.texts(socket)));
        }
        assertThat(rig.telemetry.errors().distinctCount()).isZero();
        return texts.toString();
    }
}
