package penstock.fanout;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.function.LongSupplier;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import penstock.audit.Termination;
import penstock.fanout.format.WebSocketFormat;
import penstock.memory.MemoryShare;
import penstock.memory.MemoryUse;
import penstock.testkit.RecordingSocket;
import penstock.testkit.WorkingThread;
import penstock.topic.Channel;
import penstock.topic.Topic;
import penstock.topic.image.View;
import penstock.wire.ContentOptions;
import penstock.wire.Mode;
import penstock.wire.SessionLimits;
import penstock.wire.SubscriptionOptions;
import penstock.wire.request.Request;
import penstock.wire.request.SymbolPattern;

/**
 * Requests for thousands of topics: no slice is longer than 3 ms or does more than its share of topics, and clients see
 * nothing of the slices. The clock moves with each look at it.
 */
class WideRequestTest {
    private static final long MS = 1_000_000;
    private static final int TOPICS = 5_000;
    private static final int SUBSCRIPTIONS = 20;
    /** An attempt and a slice look at the clock 50 times at most, and between two looks at 16 topics. */
    private static final int SHARE = 800;
    private static final View DELTA = new View(List.of(), true, 0);

    private final WorkingThread thread = new WorkingThread(1_000 * MS, MS / 20);
    private final MemoryShare memory = MemoryShare.unlimited();
    private final ShardRig rig = new ShardRig(thread, new SessionLimits(50, 40_000, 4_000_000, 100, 0, 60_000), 4_096,
        4 << 20, List.of(new Channel(0, "quote", "last-value", true, memory)), memory);
    private final RecordingSocket socket = rig.socket();
    private Session session;

    @BeforeEach
    void connect() {
        for (int i = 0; i < TOPICS; i++) {
            tick(i);
            if (i % 1_000 == 999) {
                rig.tick();
                rig.shard.newestTopics();
            }
        }
        session = rig.open(socket, WebSocketFormat.PLAIN);
        ShardRig.texts(socket);
    }

    @ParameterizedTest
    @ValueSource(strings = {"conflate", "delta", "fields", "all", "once"})
    void shouldSubscribeInSlices(final String kind) {
        thread.watch(count(topic -> !topic.subscribers().isEmpty()));
        work(subscribe("wide", kind));
        int sliced = 0;
        while (rig.shard.work().size() > 0) {
            sliced++;
            tick(sliced);
            rig.tick();
            assertThat(rig.shard.work().size() == 0 || ShardRig.texts(socket).isEmpty()).isTrue();
            thread.advanceMs(1);
        }
        assertThat(sliced).isGreaterThan(10);
        assertShares();
        thread.advanceMs(1);
        assertThat(ShardRig.texts(socket).get(0)).contains("\"ack\"", "\"matched\":5000");
    }

    @Test
    void shouldChangeTheViewInSlices() {
        final int[] viewed = {0};
        work(subscribe("wide", "conflate"));
        settle();
        thread.advanceMs(1_000);
        ShardRig.texts(socket);
        thread.watch(count(topic -> topic.viewGrowth(DELTA) == 0));
        work(new Request.Change("2", "wide", true, options("delta")));
        final StringBuilder texts = new StringBuilder();
        while (rig.shard.work().size() > 0) {
            tick(++viewed[0]);
            rig.tick();
            texts.append(String.join("", ShardRig.texts(socket)));
            thread.advanceMs(1);
        }
        assertThat(viewed[0]).isGreaterThan(5);
        // the subscription goes on until it changes, and from then on waits for the answer
        texts.append(String.join("", ShardRig.texts(socket)));
        thread.advanceMs(2_000);
        texts.append(String.join("", ShardRig.texts(socket)));
        assertThat(texts.toString()).containsOnlyOnce("\"ack\"");
        for (int i = 1; i <= viewed[0]; i++) {
            // before the change or in one piece with it
            assertThat(texts.toString()).contains("{\"s\":\"S" + i + "\",\"q\":2");
        }
        assertShares();
        assertThat(count(topic -> topic.viewGrowth(DELTA) == 0).getAsLong()).isEqualTo(TOPICS);
        thread.watch(count(topic -> topic.viewGrowth(DELTA) == 0));
        work(new Request.Change("3", "wide", true, options("conflate")));
        settle();
        assertShares();
        assertThat(count(topic -> topic.viewGrowth(DELTA) == 0).getAsLong()).isZero();
    }

    @Test
    void shouldChangeTheModeInSlices() {
        work(subscribe("wide", "delta"));
        settle();
        final LongSupplier viewed = count(topic -> topic.viewGrowth(DELTA) == 0);
        thread.watch(viewed);
        work(new Request.Change("2", "wide", true, new SubscriptionOptions(Mode.ALL, -1, null, -1, -1,
            ContentOptions.ALL)));
        settle();
        assertShares();
        assertThat(viewed.getAsLong()).isZero();
    }

    @Test
    void shouldUnsubscribeFromAPatternInSlices() {
        work(subscribe("wide", "delta"));
        settle();
        thread.watch(count(topic -> !topic.subscribers().isEmpty()));
        work(new Request.Unsubscribe("2", "wide", ShardRig.patterns("*1")));
        settle();
        assertShares();
        assertThat(ShardRig.texts(socket)).anyMatch(text -> text.contains("\"ack\"")
            && text.contains("\"matched\":4500"));
    }

    @Test
    void shouldEndASubscriptionInSlicesAndAnswerAtOnce() {
        work(subscribe("wide", "delta"));
        settle();
        ShardRig.texts(socket);
        thread.watch(count(topic -> !topic.subscribers().isEmpty()));
        work(new Request.Unsubscribe("2", "wide", List.of()));
        thread.run();
        assertThat(ShardRig.texts(socket)).singleElement().asString().contains("\"ack\"");
        assertThat(rig.shard.subscriptionCount()).isZero();
        assertThat(memory.used(MemoryUse.VIEWS)).isPositive();
        // what is not sent any more does not come back with the name
        tick(TOPICS - 1);
        rig.tick();
        work(ShardRig.request("wide", Mode.CONFLATE, 0, "S1"));
        settle();
        tick(TOPICS - 1);
        tick(1);
        rig.tick();
        thread.advanceMs(1_000);
        assertThat(String.join("", ShardRig.texts(socket))).contains("\"S1\"").doesNotContain("\"S4999\"");
        assertShares();
        assertThat(memory.used(MemoryUse.VIEWS)).isZero();
    }

    @Test
    void shouldEndASessionOfManySubscriptionsInSlices() {
        for (int i = 0; i < SUBSCRIPTIONS; i++) {
            work(subscribe("many" + i, i % 10 == 0 ? "delta" : "conflate"));
            settle();
            thread.advanceMs(1_000);
        }
        thread.watch(count(topic -> topic.subscribers().size() > SUBSCRIPTIONS / 2));
        thread.work(() -> session.onDisconnected(Termination.CLIENT_GONE));
        assertThat(rig.shard.subscriptionCount()).isZero();
        assertThat(rig.shard.sessionCount()).isZero();
        settle();
        assertShares();
        assertThat(thread.tasks()).isGreaterThan(SUBSCRIPTIONS * TOPICS / SHARE);
        assertNothingLeft();
    }

    @Test
    void shouldListManySubscriptionsInSlices() {
        for (int i = 0; i < SUBSCRIPTIONS; i++) {
            work(subscribe("many" + i, "conflate"));
            settle();
            thread.advanceMs(1_000);
        }
        ShardRig.texts(socket);
        thread.watch(() -> 0);
        work(new Request.ListSubscriptions("\"list\""));
        settle();
        assertThat(thread.tasks()).isGreaterThan(SUBSCRIPTIONS * TOPICS / SHARE);
        assertShares();
        final String list = String.join("", ShardRig.texts(socket));
        assertThat(list).contains("\"list\"");
        assertThat(list.split("\"matched\":5000", -1)).hasSize(SUBSCRIPTIONS + 1);
    }

    @Test
    void shouldCompareUnknownNamesWithAllSymbolsInSlices() {
        thread.watch(() -> 0);
        work(ShardRig.request("wide", Mode.CONFLATE, 1_000, "s4999", "s17", "none", "s0", "S1"));
        settle();
        assertThat(thread.tasks()).as("5,000 topics, 16 of them between two looks at the clock")
            .isGreaterThan(5);
        assertShares();
        assertThat(String.join("", ShardRig.texts(socket))).contains("\"warnings\":["
            + "\"s4999 is unknown, and S4999 is known: case counts\","
            + "\"s17 is unknown, and S17 is known: case counts\",\"s0 is unknown, and S0 is known: case counts\"]");
    }

    @Test
    void shouldUnsubscribeThousandsOfNamesFromManyPatternsInSlices() {
        work(ShardRig.request("wide", Mode.CONFLATE, 1_000,
            IntStream.range(0, 250).mapToObj(i -> "*" + i + "*").toArray(String[]::new)));
        settle();
        final String[] names = IntStream.range(0, 3_000).mapToObj(i -> "NAME" + i).toArray(String[]::new);
        work(ShardRig.request("wide", Mode.CONFLATE, 1_000, names));
        settle();
        thread.watch(() -> 0);
        work(new Request.Unsubscribe("2", "wide", ShardRig.patterns(names)));
        settle();
        assertThat(thread.tasks()).isGreaterThan(50);
        assertShares();
        ShardRig.texts(socket);
        work(new Request.ListSubscriptions("1"));
        settle();
        assertThat(String.join("", ShardRig.texts(socket))).doesNotContain("NAME");
        rig.tick("NAME1", "NAME250");
        thread.advanceMs(1_000);
        assertThat(String.join("", ShardRig.texts(socket))).doesNotContain("NAME");
    }

    /** However far a request got. */
    @ParameterizedTest
    @ValueSource(strings = {"conflate", "delta", "all", "change", "unsubscribe", "list"})
    void shouldLeaveNothingBehindWhenTheSessionEndsBetweenTwoSlices(final String kind) {
        int slices = 0;
        boolean isDone = false;
        while (!isDone) {
            final Session ends = rig.open(rig.socket(), WebSocketFormat.PLAIN);
            final boolean isNew = List.of("conflate", "delta", "all").contains(kind);
            if (!isNew) {
                thread.work(() -> ends.onRequest(subscribe("wide", "fields")));
                settle();
            }
            thread.work(() -> ends.onRequest(switch (kind) {
                case "change" -> new Request.Change("2", "wide", true, options("delta"));
                case "unsubscribe" -> new Request.Unsubscribe("2", "wide", ShardRig.patterns("*", "S1", "NAME"));
                case "list" -> new Request.ListSubscriptions("2");
                default -> subscribe("wide", kind);
            }));
            for (int i = 0; i < slices && rig.shard.work().size() > 0; i++) {
                thread.advanceMs(1);
            }
            isDone = rig.shard.work().size() == 0;
            slices += 5;
            ends.onDisconnected(Termination.CLIENT_GONE);
            settle();
            assertNothingLeft();
        }
        assertThat(slices).isGreaterThan(3);
    }

    private void assertShares() {
        assertThat(thread.longestNs()).isLessThanOrEqualTo(3 * MS);
        assertThat(thread.largestChange()).isLessThanOrEqualTo(SHARE);
        assertThat(rig.telemetry.errors().distinctCount()).isZero();
    }

    private void assertNothingLeft() {
        for (final MemoryUse use : MemoryUse.values()) {
            assertThat(memory.used(use)).as(use.key()).isZero();
        }
        assertThat(count(topic -> !topic.subscribers().isEmpty()).getAsLong()).isZero();
        assertThat(rig.shard.work().size()).isZero();
        assertThat(rig.telemetry.errors().distinctCount()).isZero();
    }

    private LongSupplier count(final Predicate<Topic> isCounted) {
        return () -> rig.shard.topics().channels().get(0).topics().stream().filter(isCounted).count();
    }

    private void tick(final int i) {
        rig.feed.tick("S" + i, thread.nowNs());
    }

    private void work(final Request request) {
        thread.work(() -> session.onRequest(request));
    }

    private void settle() {
        while (rig.shard.work().size() > 0) {
            thread.advanceMs(1);
        }
        thread.advanceMs(1);
    }

    private static Request.Subscribe subscribe(final String sub, final String kind) {
        return new Request.Subscribe("1", sub, null, List.of(SymbolPattern.ALL), !sub.startsWith("many"), null,
            options(kind));
    }

    private static SubscriptionOptions options(final String kind) {
        final Mode mode = switch (kind) {
            case "all" -> Mode.ALL;
            case "once" -> Mode.ONCE;
            default -> Mode.CONFLATE;
        };
        return new SubscriptionOptions(mode, mode == Mode.CONFLATE ? 1_000 : -1, null, -1, -1,
            new ContentOptions(kind.equals("fields") ? List.of("bid") : List.of(), kind.equals("delta"), 0));
    }
}
