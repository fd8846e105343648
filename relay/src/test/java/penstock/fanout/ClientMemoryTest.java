package penstock.fanout;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import penstock.audit.Termination;
import penstock.fanout.format.WebSocketFormat;
import penstock.identity.Identity;
import penstock.memory.MemoryShare;
import penstock.memory.MemoryUse;
import penstock.ring.TopicState;
import penstock.telemetry.Counter;
import penstock.testkit.RecordingSocket;
import penstock.testkit.Seeds;
import penstock.topic.Channel;
import penstock.wire.ContentOptions;
import penstock.wire.Mode;
import penstock.wire.RequestException;
import penstock.wire.SessionLimits;
import penstock.wire.SubscriptionOptions;
import penstock.wire.request.Request;

/** What clients can make a shard hold is bounded, for all of them together. */
class ClientMemoryTest {
    private static final int TOPICS = 2_000;
    private static final SessionLimits LIMITS = new SessionLimits(50, 5_000, 65_536, 1_000, 0, 60_000);

    @RegisterExtension
    private final Seeds seeds = new Seeds();

    @Test
    void shouldStoreTheTopicsOfEqualSubscriptionsOnce() {
        final ShardRig rig = rig(64 << 20);
        rig.subscribe(session(rig), "0", 0, "*");
        final long first = used(rig);
        for (int i = 0; i < 50; i++) {
            // the order of the request does not matter
            rig.subscribe(session(rig), "0", 0, i % 2 == 0 ? new String[] {"*"} : new String[] {"S1*", "*"});
        }
        final long each = (used(rig) - first) / 50;
        assertThat(each).as("bytes of a further subscription").isLessThan(1_024 + 5 * TOPICS + TOPICS / 2);
        assertThat(first).as("bytes of the first one").isGreaterThan(each + 12 * TOPICS);
    }

    @Test
    void shouldStoreTheTopicsOfEqualSubscriptionsOnceWhateverTheirNumberOfRequests() {
        final ShardRig rig = rig(64 << 20);
        final List<Long> used = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            final Session session = session(rig);
            rig.subscribe(session, "0", 0, "S1*");
            rig.subscribe(session, "0", 0, "S2*");
            used.add(used(rig));
        }
        final long second = used.get(1) - used.get(0);
        assertThat(used.get(2) - used.get(1)).isEqualTo(second);
        assertThat(second).isLessThan(used.get(0) * 2 / 3);
    }

    @Test
    void shouldShareNewTopicsToo() {
        final ShardRig rig = rig(64 << 20);
        for (int i = 0; i < 20; i++) {
            rig.subscribe(session(rig), "0", 0, "N*");
        }
        final long before = used(rig);
        for (int i = 0; i < 1_000; i++) {
            rig.tick("N" + i);
        }
        assertThat((used(rig) - before) / 20_000.0).as("bytes per subscription and topic").isLessThan(8);
    }

    @Test
    void shouldRefuseWhatDoesNotFitNowAndChangeNothing() {
        final ShardRig rig = rig(150_000);
        final List<RecordingSocket> sockets = new ArrayList<>();
        int accepted = 0;
        while (rig.counters.get(Counter.REQUESTS_OVER_MEMORY) == 0) {
            final RecordingSocket socket = rig.socket();
            rig.subscribe(rig.open(socket, WebSocketFormat.PLAIN), "0", 0, "*");
            sockets.add(socket);
            accepted++;
        }
        final long used = used(rig);
        final List<String> refused = ShardRig.texts(sockets.get(accepted - 1));
        assertThat(accepted).isGreaterThan(3);
        assertThat(refused).hasSize(2);
        assertThat(refused.get(1)).contains("\"error\"", "\"status\":503", "\"memory_full\"", "\"retry\":true",
            "\"retryAfter\":5000");
        assertThat(rig.shard.subscriptionCount()).isEqualTo(accepted - 1);
        sockets.forEach(RecordingSocket::takeFrames);

        rig.tick("S7");
        rig.thread.advanceMs(100);

        for (int i = 0; i < accepted - 1; i++) {
            assertThat(ShardRig.texts(sockets.get(i))).singleElement().asString().contains("\"S7\"");
        }
        assertThat(ShardRig.texts(sockets.get(accepted - 1))).isEmpty();
        assertThat(used(rig)).isEqualTo(used);
    }

    @Test
    void shouldRefuseASessionWhoseFirstRequestDoesNotFitBeforeItOpens() {
        final ShardRig rig = rig(10_000);
        assertThatThrownBy(() -> rig.shard.firstRequests()
            .check(ShardRig.request("0", Mode.CONFLATE, 0, "*"), Identity.ANONYMOUS))
            .isInstanceOf(RequestException.class).hasMessageContaining("which is limited to 10000");
        assertThat(used(rig)).isZero();
    }

    @Test
    void shouldRefuseWhatCanNeverFitForGood() {
        final ShardRig rig = rig(10_000);
        final RecordingSocket socket = rig.socket();
        rig.subscribe(rig.open(socket, WebSocketFormat.PLAIN), "0", 0, "*");
        assertThat(ShardRig.texts(socket).get(1)).contains("\"error\"", "\"status\":413", "\"memory_limit\"",
            "\"retry\":false", "which is limited to 10000");
        assertThat(used(rig)).isZero();
    }

    @Test
    void shouldLeaveARunningSubscriptionAsItWasWhenItsRequestDoesNotFit() {
        final ShardRig rig = rig(30_000);
        final RecordingSocket socket = rig.socket();
        final Session session = rig.open(socket, WebSocketFormat.PLAIN);
        rig.subscribe(session, "0", 0, "S7");
        final long used = used(rig);
        ShardRig.texts(socket);
        rig.subscribe(session, "0", 500, "*");
        assertThat(ShardRig.texts(socket)).singleElement().asString().contains("\"memory_limit\"");
        rig.tick("S7", "S8");
        assertThat(ShardRig.texts(socket)).singleElement().asString().contains("\"S7\"").doesNotContain("\"S8\"");
        assertThat(used(rig)).isEqualTo(used);
    }

    @Test
    void shouldStoreTheNamesOfFieldsOncePerView() {
        final ShardRig rig = rig(64 << 20);
        final Session session = session(rig);
        session.onRequest(fields("0", 0));
        final long first = rig.memory.used(MemoryUse.VIEWS);
        session.onRequest(fields("1", 1));
        final long second = rig.memory.used(MemoryUse.VIEWS) - first;
        session.onRequest(fields("2", 1));

        assertThat(second).as("another view").isLessThan(100 * 600 + TOPICS * 200);
        assertThat(rig.memory.used(MemoryUse.VIEWS)).as("an equal view").isEqualTo(first + second);
    }

    @Test
    void shouldForgetAViewThatNoSubscriptionUses() {
        final ShardRig rig = rig(64 << 20);
        final Session session = session(rig);
        for (int i = 0; i < 100; i++) {
            session.onRequest(fields("0", i));
            rig.thread.run();
            rig.tick("S1", "S2");
            rig.thread.advanceMs(1_000);
        }
        assertThat(rig.memory.used(MemoryUse.VIEWS)).isLessThan(100 * 600 + TOPICS * 1_300);
        session.onRequest(new Request.Unsubscribe("1", "0", List.of()));
        assertThat(rig.memory.used(MemoryUse.VIEWS)).isZero();
    }

    @Test
    void shouldRefuseViewsThatDoNotFit() {
        final ShardRig rig = new ShardRig(LIMITS, new MemoryShare(Map.of(MemoryUse.VIEWS, 400_000L), 1));
        rig.tick("S1", "S2");
        final RecordingSocket socket = rig.socket();
        final Session session = rig.open(socket, WebSocketFormat.PLAIN);
        int accepted = 0;
        while (rig.counters.get(Counter.REQUESTS_OVER_MEMORY) == 0) {
            ShardRig.texts(socket);
            session.onRequest(fields("v" + accepted, accepted));
            rig.thread.run();
            accepted++;
        }
        assertThat(ShardRig.texts(socket)).singleElement().asString().contains("\"memory_full\"", "\"/fields\"");
        assertThat(accepted).isBetween(8, 20);
        assertThat(rig.shard.subscriptionCount()).isEqualTo(accepted - 1);
        assertThat(rig.memory.used(MemoryUse.VIEWS)).isLessThanOrEqualTo(400_000);
        session.onDisconnected(Termination.CLIENT_GONE);
        assertThat(rig.memory.used(MemoryUse.VIEWS)).isZero();
    }

    @Test
    void shouldRefuseDepthsThatDoNotFit() {
        final MemoryShare memory = new MemoryShare(Map.of(MemoryUse.VIEWS, 100_000L), 1);
        final ShardRig rig = new ShardRig(LIMITS, 4096, 4 << 20,
            List.of(new Channel(0, "book", "order-book", true, memory)), memory);
        rig.state(TopicState.STALE, null, "B1", "B2");
        final RecordingSocket socket = rig.socket();
        final Session session = rig.open(socket, WebSocketFormat.PLAIN);
        for (int depth = 1; depth <= 20; depth++) {
            session.onRequest(new Request.Subscribe("1", "d" + depth, null, ShardRig.patterns("*"), true, null,
                view(List.of(), depth)));
            rig.thread.run();
        }
        final long refused = rig.counters.get(Counter.REQUESTS_OVER_MEMORY);
        assertThat(refused).isBetween(5L, 15L);
        assertThat(ShardRig.texts(socket)).last().asString().contains("\"memory_full\"", "\"/depth\"");
        assertThat(rig.shard.subscriptionCount()).isEqualTo(20 - (int) refused);
        session.onDisconnected(Termination.CLIENT_GONE);
        assertThat(memory.used(MemoryUse.VIEWS)).isZero();
    }

    @Test
    void shouldStoreANameOnceForAllThatWaitForIt() {
        final ShardRig rig = rig(64 << 20);
        final String[] names = names(0, 1_000);
        rig.subscribe(session(rig), "0", 0, names);
        final long first = rig.memory.used(MemoryUse.NAMES);
        rig.subscribe(session(rig), "0", 0, names);
        assertThat(first).isBetween(1_000L * 128, 1_000L * 512);
        assertThat(rig.memory.used(MemoryUse.NAMES) - first).isLessThan(1_000 * 32);
    }

    @Test
    void shouldRefuseNamesThatDoNotFitAndServeTheOthers() {
        final ShardRig rig = new ShardRig(LIMITS, new MemoryShare(Map.of(MemoryUse.NAMES, 1_000_000L), 1));
        final RecordingSocket good = rig.socket();
        rig.subscribe(rig.open(good, WebSocketFormat.PLAIN), "0", 0, "GOOD");
        final List<RecordingSocket> sockets = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            sockets.add(rig.socket());
            rig.subscribe(rig.open(sockets.get(i), WebSocketFormat.PLAIN), "0", 0, names(i, 1_000));
        }
        assertThat(rig.counters.get(Counter.REQUESTS_OVER_MEMORY)).isBetween(5L, 9L);
        assertThat(ShardRig.texts(sockets.get(9))).last().asString().contains("\"memory_full\"", "\"/symbols\"");
        assertThat(rig.memory.used(MemoryUse.NAMES)).isLessThanOrEqualTo(1_000_000);
        ShardRig.texts(good);
        rig.tick("GOOD", names(0, 1)[0]);
        assertThat(ShardRig.texts(good)).singleElement().asString().contains("\"GOOD\"");
        assertThat(ShardRig.texts(sockets.get(0))).last().asString().contains(names(0, 1)[0]);
    }

    @Test
    void shouldBoundPatternsAndExclusionsToo() {
        final ShardRig rig = new ShardRig(LIMITS, new MemoryShare(Map.of(MemoryUse.NAMES, 100_000L), 1));
        final RecordingSocket socket = rig.socket();
        final Session session = rig.open(socket, WebSocketFormat.PLAIN);
        rig.subscribe(session, "0", 0, "*");
        session.onRequest(new Request.Unsubscribe("1", "0", ShardRig.patterns(names(0, 500))));
        rig.thread.run();
        assertThat(ShardRig.texts(socket)).last().asString().contains("\"memory_limit\"", "\"/symbols\"");
        rig.subscribe(session, "1", 0, "*A".repeat(60), "*B".repeat(60));
        assertThat(rig.memory.used(MemoryUse.NAMES)).isBetween(7_000L, 20_000L);
        session.onRequest(new Request.Unsubscribe("1", "1", List.of()));
        session.onRequest(new Request.Unsubscribe("1", "0", List.of()));
        assertThat(rig.memory.used(MemoryUse.NAMES)).isZero();
    }

    @Test
    void shouldAccountForNothingOnceAllClientsHaveLeft() {
        final Random random = seeds.random();
        for (int round = 0; round < 20; round++) {
            final ShardRig rig = new ShardRig(new SessionLimits(50, 5_000, 65_536, 10_000, 0, 60_000),
                new MemoryShare(Map.of(MemoryUse.NAMES, 30_000L, MemoryUse.VIEWS, 60_000L, MemoryUse.SUBSCRIPTIONS,
                    60_000L), 1));
            final List<Session> sessions = new ArrayList<>();
            for (int step = 0; step < 300; step++) {
                while (sessions.size() < 5) {
                    sessions.add(session(rig));
                }
                step(rig, random, sessions.get(random.nextInt(5)));
                sessions.removeIf(session -> !session.isOpen() || random.nextInt(200) == 0 && disconnect(session));
            }
            sessions.forEach(ClientMemoryTest::disconnect);
            rig.thread.advanceMs(5_000);
            for (final MemoryUse use : MemoryUse.values()) {
                assertThat(rig.memory.used(use)).as("round %d: %s", round, use.key()).isZero();
            }
            assertThat(rig.telemetry.errors().entries()).isEmpty();
        }
    }

    @Test
    void shouldEndSessionsWhoseSubscriptionsGrowBeyondTheLimit() {
        final ShardRig rig = rig(60_000);
        final List<RecordingSocket> sockets = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            final RecordingSocket socket = rig.socket();
            rig.subscribe(rig.open(socket, WebSocketFormat.PLAIN), "0", 0, "N*");
            sockets.add(socket);
        }
        for (int i = 0; i < 1_000; i++) {
            rig.tick("N" + i);
        }
        final long ended = sockets.stream().filter(ClientMemoryTest::isClosedForMemory).count();
        assertThat(ended).isBetween(5L, 19L);
        rig.thread.advanceMs(3_000);
        assertThat(rig.shard.audit().ended(Termination.MEMORY_FULL)).isEqualTo(ended);
        assertThat(used(rig)).isLessThan(61_000);
        assertThat(rig.shard.subscriptionCount()).isEqualTo(20 - (int) ended);
    }

    @Test
    void shouldGiveEverythingBack() {
        final ShardRig rig = rig(64 << 20);
        final List<Session> sessions = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            final Session session = session(rig);
            rig.subscribe(session, "0", 0, "S" + i + "*", "S5", "NEW", "NEW" + i + "*");
            rig.subscribe(session, "1", 100, "*");
            rig.subscribe(session, "1", 100, "UNKNOWN" + i);
            session.onRequest(fields("2", i / 2));
            sessions.add(session);
        }
        rig.tick("NEW", "NEW1A", "NEW2A");
        sessions.subList(0, 10).forEach(session -> session.onDisconnected(Termination.CLIENT_GONE));
        rig.tick("NEW1B");
        sessions.subList(10, 20).forEach(session -> session.onDisconnected(Termination.CLIENT_GONE));
        rig.thread.run();
        for (final MemoryUse use : MemoryUse.values()) {
            assertThat(rig.memory.used(use)).as(use.key()).isZero();
        }
    }

    private static ShardRig rig(final long subscriptionBytes) {
        final ShardRig rig =
            new ShardRig(LIMITS, new MemoryShare(Map.of(MemoryUse.SUBSCRIPTIONS, subscriptionBytes), 1));
        for (int i = 0; i < TOPICS; i++) {
            rig.tick("S" + i);
        }
        return rig;
    }

    /** A subscription to 100 names of 122 characters, other ones for each {@code set}. */
    private static Request.Subscribe fields(final String sub, final int set) {
        final List<String> names = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            names.add(String.format("%08d%08d", set, i) + "f".repeat(106));
        }
        return new Request.Subscribe("1", sub, null, ShardRig.patterns("*"), true, null, view(names, 0));
    }

    private static void step(final ShardRig rig, final Random random, final Session session) {
        final String sub = "" + random.nextInt(4);
        final String[] symbols = new String[1 + random.nextInt(4)];
        for (int i = 0; i < symbols.length; i++) {
            symbols[i] = random.nextInt(3) == 0 ? "S" + random.nextInt(10) + "*" : "S" + random.nextInt(100);
        }
        switch (random.nextInt(8)) {
            case 0 -> session.onRequest(fields(sub, random.nextInt(4)));
            case 1 -> session.onRequest(new Request.Unsubscribe("1", sub, ShardRig.patterns(symbols)));
            case 2 -> session.onRequest(new Request.Unsubscribe("1", sub, List.of()));
            case 3 -> session.onRequest(new Request.Subscribe("1", sub, null, ShardRig.patterns(symbols), true, null,
                new SubscriptionOptions(Mode.CONFLATE, 0, null, random.nextInt(2), -1, ContentOptions.UNSPECIFIED)));
            case 4 -> session.onRequest(ShardRig.request(sub, Mode.ONCE, -1, symbols));
            case 5 -> session.onRequest(ShardRig.request(sub, Mode.ALL, -1, symbols));
            default -> rig.tick("S" + random.nextInt(100), "S" + random.nextInt(100));
        }
        rig.thread.run();
    }

    private static boolean disconnect(final Session session) {
        session.onDisconnected(Termination.CLIENT_GONE);
        return true;
    }

    private static String[] names(final int set, final int count) {
        final String[] names = new String[count];
        for (int i = 0; i < count; i++) {
            names[i] = String.format("%08d%08d", set, i) + "n".repeat(112);
        }
        return names;
    }

    private static SubscriptionOptions view(final List<String> fields, final int depth) {
        return new SubscriptionOptions(Mode.CONFLATE, 1_000, null, -1, -1, new ContentOptions(fields, false, depth));
    }

    private static Session session(final ShardRig rig) {
        return rig.open(rig.socket(), WebSocketFormat.PLAIN);
    }

    private static long used(final ShardRig rig) {
        return rig.memory.used(MemoryUse.SUBSCRIPTIONS);
    }

    private static boolean isClosedForMemory(final RecordingSocket socket) {
        return socket.takeFrames().stream().anyMatch(frame -> frame.text().contains("memory full"));
    }
}
