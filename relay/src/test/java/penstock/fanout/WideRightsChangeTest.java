package penstock.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import penstock.fanout.format.WebSocketFormat;
import penstock.memory.MemoryShare;
import penstock.memory.MemoryUse;
import penstock.testkit.RecordingSocket;
import penstock.testkit.WorkingThread;
import penstock.topic.Channel;
import penstock.topic.Topic;
import penstock.wire.Mode;
import penstock.wire.SessionLimits;

/**
 * The rights of many clients with thousands of topics change at once: no slice is longer than 3 ms, and until a client
 * has lost what it may not see any more it is sent nothing. The clock moves with each look at it.
 */
class WideRightsChangeTest {
    private static final long MS = 1_000_000;
    private static final int TOPICS = 2_000;
    private static final int SESSIONS = 4;
    /** A slice looks at the clock 50 times at most, and between two looks at 16 topics. */
    private static final int SHARE = 800;

    private final WorkingThread thread = new WorkingThread(1_000 * MS, MS / 20);
    private final MemoryShare memory = MemoryShare.unlimited();
    private final ShardRig rig = new ShardRig(thread, new SessionLimits(50, 40_000, 4_000_000, 100, 0, 60_000), 8_192,
        4 << 20, List.of(new Channel(0, "quote", "last-value", true, memory)), memory);
    private final ModelClients clients = new ModelClients(thread, rig.shard, "even=E*", "odd=O*");
    private final List<RecordingSocket> sockets = new ArrayList<>();

    @Test
    void shouldTakeAndGiveThousandsOfTopicsInSlices() {
        for (int i = 0; i < TOPICS; i++) {
            rig.feed.tick((i % 2 == 0 ? "E" : "O") + i, thread.nowNs());
        }
        rig.tick();
        for (int i = 0; i < SESSIONS; i++) {
            sockets.add(rig.socket());
            final Session session =
                rig.shard.open(sockets.get(i), WebSocketFormat.PLAIN, "test", clients.client("c" + i, "even", "odd"),
                    "test");
            session.onRequest(ShardRig.request("s", Mode.CONFLATE, 0, "*"));
        }
        thread.advanceMs(5_000);
        sockets.forEach(ShardRig::texts);
        assertThat(topics()).isEqualTo((long) SESSIONS * TOPICS);
        final long used = memory.used(MemoryUse.SUBSCRIPTIONS);
        final long names = memory.used(MemoryUse.NAMES);

        change("odd");
        assertThat(topics()).isEqualTo((long) SESSIONS * TOPICS / 2);
        for (final RecordingSocket socket : sockets) {
            final List<String> texts = texts(socket);
            assertThat(texts.subList(0, 2)).allMatch(text -> text.contains("denied") && !text.contains("\"O"));
            assertThat(String.join("", texts)).doesNotContain("\"s\":\"E");
        }
        change("even", "odd");
        assertThat(topics()).isEqualTo((long) SESSIONS * TOPICS);
        for (final RecordingSocket socket : sockets) {
            final List<String> texts = texts(socket);
            assertThat(texts.subList(0, 2)).allMatch(text -> text.contains("\"live\"") && !text.contains("\"O"));
            assertThat(texts.stream().filter(text -> text.contains("\"snapshot\""))
                .mapToInt(text -> text.split("\"s\":\"E").length - 1).sum()).isEqualTo(TOPICS / 2);
        }
        assertThat(memory.used(MemoryUse.SUBSCRIPTIONS)).as("equal subscriptions share their tables again")
            .isLessThan(used + SESSIONS * TOPICS);
        assertThat(memory.used(MemoryUse.NAMES)).isEqualTo(names);
        assertThat(rig.telemetry.errors().entries()).isEmpty();
    }

    /** Of all clients, while values change. */
    private void change(final String... products) {
        thread.watch(this::topics);
        for (int i = 0; i < SESSIONS; i++) {
            clients.grant("c" + i, products);
        }
        int sliced = 0;
        do {
            rig.tick("E" + 2 * sliced % TOPICS, "O" + (2 * sliced + 1) % TOPICS);
            thread.advanceMs(1);
            sliced++;
        } while (rig.shard.work().size() > 0);
        assertThat(sliced).isGreaterThan(10);
        assertThat(thread.longestNs()).isLessThanOrEqualTo(3 * MS);
        assertThat(thread.largestChange()).isLessThanOrEqualTo(SHARE);
        thread.advanceMs(5_000);
    }

    private static List<String> texts(final RecordingSocket socket) {
        return ShardRig.texts(socket).stream().filter(text -> !text.contains("\"heartbeat\"")).toList();
    }

    private long topics() {
        return rig.shard.topics().channels().get(0).topics().stream().map(Topic::subscribers)
            .mapToLong(subscribers -> {
                long count = 0;
                for (int id = subscribers.next(0); id >= 0; id = subscribers.next(id + 1)) {
                    count++;
                }
                return count;
            }).sum();
    }
}
