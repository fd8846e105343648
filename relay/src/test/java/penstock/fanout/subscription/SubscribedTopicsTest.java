package penstock.fanout.subscription;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import penstock.fanout.layout.LayoutSearch;
import penstock.fanout.layout.TopicLayouts;
import penstock.memory.MemoryShare;
import penstock.memory.MemoryUse;
import penstock.ring.TopicState;
import penstock.testkit.Seeds;
import penstock.thread.SlicedLoop;

class SubscribedTopicsTest {
    private static final long LARGE = 1L << 40;

    @RegisterExtension
    private final Seeds seeds = new Seeds();

    private record Entry(long sent, TopicState notified, boolean named) {
    }

    /** A table, and what it must hold. */
    private static final class Checked {
        private final SubscribedTopics topics;
        private final Map<Integer, Entry> expected = new HashMap<>();

        Checked(final TopicLayouts layouts) {
            topics = new SubscribedTopics(layouts);
        }

        void add(final int topic, final long sentQ, final boolean named) {
            topics.add(topic, named, sentQ);
            expected.put(topic, new Entry(sentQ, TopicState.LIVE, named));
        }

        void check(final String place) {
            expected.forEach((id, entry) -> {
                final int at = topics.slot(id);
                assertThat(topics.topic(at)).as(place).isEqualTo(id);
                assertThat(new Entry(topics.sentQ(at), topics.notifiedState(at), topics.isNamed(at))).as(place)
                    .isEqualTo(entry);
            });
            assertThat(topics.size()).as(place).isEqualTo(expected.size());
            assertThat(topics.named()).as(place)
                .isEqualTo((int) expected.values().stream().filter(Entry::named).count());
        }
    }

    /** Tables take each other's layouts and leave them: what a table notes of a topic stays with the topic. */
    @Test
    void shouldKeepTheStateOfEachTopicWhileOthersComeAndGo() {
        for (final long seed : seeds.rounds(60)) {
            final Random random = Seeds.random(seed);
            final MemoryShare memory = MemoryShare.unlimited();
            final TopicLayouts layouts = new TopicLayouts(memory);
            final List<Checked> tables = IntStream.range(0, 3).mapToObj(i -> new Checked(layouts)).toList();
            for (int step = 0; step < 400; step++) {
                final Checked table = tables.get(random.nextInt(3));
                final SubscribedTopics topics = table.topics;
                final int topic = random.nextInt(60);
                final long q = random.nextInt(1_000) == 0 ? LARGE + step : step;
                final int slot = topics.slot(topic);
                assertThat(slot != SubscribedTopics.NONE).isEqualTo(table.expected.containsKey(topic));
                if (slot == SubscribedTopics.NONE && random.nextInt(10) == 0) {
                    final int[] added = IntStream.range(0, 60).filter(id -> topics.slot(id) == SubscribedTopics.NONE)
                        .toArray();
                    expect(layouts, topics, added);
                    for (final int each : added) {
                        table.add(each, q, false);
                    }
                    try (LayoutSearch equal = layouts.search()) {
                        finish(equal.findOther(topics.layout(), topics.slots()));
                        topics.share(equal);
                    }
                } else if (slot == SubscribedTopics.NONE) {
                    table.add(topic, q, random.nextBoolean());
                } else if (random.nextInt(3) == 0) {
                    topics.remove(slot);
                    table.expected.remove(topic);
                } else {
                    final Entry before = table.expected.get(topic);
                    final TopicState state = TopicState.values()[random.nextInt(3)];
                    topics.onNotified(slot, state);
                    assertThat(topics.markNamed(slot)).isEqualTo(!before.named);
                    topics.onSent(slot, q);
                    table.expected.put(topic, new Entry(q, state, true));
                }
                for (final Checked each : tables) {
                    each.check("step " + step);
                }
            }
            tables.forEach(table -> table.topics.clear());
            assertThat(memory.used(MemoryUse.SUBSCRIPTIONS)).isZero();
        }
    }

    @Test
    void shouldTakeTheLayoutOfItsEquals() {
        final MemoryShare memory = MemoryShare.unlimited();
        final TopicLayouts layouts = new TopicLayouts(memory);
        final int[] all = IntStream.range(0, 1_000).map(i -> i * 7).toArray();
        final long[] used = new long[3];
        for (int i = 0; i < 3; i++) {
            final SubscribedTopics topics = new SubscribedTopics(layouts);
            expect(layouts, topics, all);
            for (final int topic : all) {
                topics.add(topic, false, 1);
            }
            used[i] = memory.used(MemoryUse.SUBSCRIPTIONS);
        }
        assertThat(used[2] - used[1]).isEqualTo(used[1] - used[0]).isLessThan(6_000);
        assertThat(used[0]).isGreaterThan(16_000);
    }

    /** Topics that come while an equal table is searched make another table of this one. */
    @Test
    void shouldNotTakeAnEqualLayoutThatItHasOutgrown() {
        final TopicLayouts layouts = new TopicLayouts(MemoryShare.unlimited());
        final Checked first = new Checked(layouts);
        final Checked second = new Checked(layouts);
        IntStream.range(0, 100).forEach(topic -> first.add(topic, 1, false));
        IntStream.range(0, 100).forEach(topic -> second.add(topic, 1, false));
        try (LayoutSearch equal = layouts.search()) {
            finish(equal.findOther(second.topics.layout(), second.topics.slots()));
            assertThat(equal.isFound()).isTrue();
            second.add(200, 1, false);
            second.topics.share(equal);
        }
        first.add(100, 1, false);
        first.check("first");
        second.check("second");
    }

    private static void expect(final TopicLayouts layouts, final SubscribedTopics topics, final int[] added) {
        try (LayoutSearch search = layouts.search()) {
            finish(search.find(added, topics.slots() == 0 ? added.length : 0));
            finish(search.make());
            topics.expect(search, added.length);
        }
    }

    private static void finish(final SlicedLoop loop) {
        assertThat(loop.advance(() -> false)).isTrue();
    }
}
