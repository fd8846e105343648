package penstock.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
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
    void shouldReadForLongerWhileTheRingIsNearlyFullAndThenGiveWay() {
        publish(TOPICS);
        thread.work(rig.shard::onWake);
        final long usual = rig.shard.topics().position();
        rig.shard.newestTopics();
        publish(TOPICS);
        publish(TOPICS);
        publish(TOPICS - 1_000);
        final long before = rig.shard.topics().position();
        thread.work(rig.shard::onWake);
        assertThat(rig.shard.topics().position() - before).isGreaterThan(usual * 5 / 4);
        assertThat(thread.longestNs()).isBetween(2 * MS, 3 * MS);
        assertThat(rig.shard.work().holds().longestNs()).isBetween(2 * MS, 3 * MS);
        assertThat(rig.shard.newestTopics().position()).isEqualTo(4 * TOPICS - 1_000);
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

    /** As it is with TLS in a process that is new: 30 ns for a byte. */
    @Test
    void shouldSendAsMuchAtOnceAsASocketTakesInItsTime() {
        final WorkingThread fast = new WorkingThread(1_000 * MS, MS / 200);
        final ShardRig wide = new ShardRig(fast, new SessionLimits(50, 40_000, 4_000_000, 100, 0, 60_000), SLOTS,
            4 << 20, List.of(new Channel(0, "quote", "last-value", true)), MemoryShare.unlimited());
        for (int i = 0; i < TOPICS; i++) {
            wide.feed.tick("S" + i, fast.nowNs());
        }
        wide.feed.flush();
        wide.shard.newestTopics();
        assertThat(longestWrite(wide, fast, 30)).isLessThan(60_000);
        assertThat(fast.longestNs()).isLessThanOrEqualTo(3 * MS);
        assertThat(longestWrite(wide, fast, 0)).as("of a socket that is fast").isGreaterThan(60_000);
    }

    /** Of the images of all topics, to a socket that takes so long for a byte. */
    private static int longestWrite(final ShardRig wide, final WorkingThread fast, final long perByteNs) {
        final int[] longest = {0};
        final RecordingSocket socket = new RecordingSocket(fast, new Random(1)) {
            @Override
            public int write(final ByteBuffer source) throws IOException {
                longest[0] = Math.max(longest[0], source.remaining());
                fast.spendNs(source.remaining() * perByteNs);
                return super.write(source);
            }
        };
        final Session session = wide.open(socket, WebSocketFormat.PLAIN);
        fast.watch(() -> 0);
        fast.work(() -> session.onRequest(ShardRig.request("a", Mode.CONFLATE, 0, "*")));
        while (!String.join("", ShardRig.texts(socket)).contains("\"last\":true")) {
            fast.advanceMs(1);
        }
        return longest[0];
    }

    /** The topics of the subscription have been sent, and the request adds none: its snapshot is empty. */
    @Test
    void shouldSearchForTheImagesOfARequestInTurns() {
        final WorkingThread slow = new WorkingThread(1_000 * MS, MS / 4);
        final ShardRig wide = new ShardRig(slow, new SessionLimits(50, 40_000, 4_000_000, 100, 0, 60_000), SLOTS,
            4 << 20, List.of(new Channel(0, "quote", "last-value", true)), MemoryShare.unlimited());
        for (int i = 0; i < TOPICS; i++) {
            wide.feed.tick("S" + i, slow.nowNs());
        }
        wide.feed.flush();
        wide.shard.newestTopics();
        final RecordingSocket socket = wide.socket();
        final Session session = wide.open(socket, WebSocketFormat.PLAIN);
        session.onRequest(ShardRig.request("a", Mode.CONFLATE, 0, "*"));
        while (!String.join("", ShardRig.texts(socket)).contains("\"last\":true")) {
            slow.advanceMs(1);
        }
        session.onRequest(ShardRig.request("a", Mode.CONFLATE, 0, "S4999"));
        String texts = "";
        while (!texts.contains("\"ack\"")) {
            slow.advanceMs(1);
            texts = String.join("", ShardRig.texts(socket));
        }
        assertThat(texts).as("the search takes longer than a write").doesNotContain("snapshot");
        while (!texts.contains("snapshot")) {
            slow.advanceMs(1);
            texts = String.join("", ShardRig.texts(socket));
        }
        assertThat(texts).contains("\"replaces\":\"some\"", "\"last\":true,\"data\":[]");
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
