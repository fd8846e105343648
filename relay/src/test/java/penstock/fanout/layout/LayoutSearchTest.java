package penstock.fanout.layout;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import penstock.memory.MemoryShare;
import penstock.memory.MemoryUse;
import penstock.testkit.Seeds;
import penstock.thread.SlicedLoop;

class LayoutSearchTest {
    private static final int COUNT = 1_000;
    private static final Runnable NOTHING = () -> { };

    @RegisterExtension
    private final Seeds seeds = new Seeds();
    private final MemoryShare memory = MemoryShare.unlimited();
    private final TopicLayouts layouts = new TopicLayouts(memory);
    private final int[] topics = topics(i -> i * 7);

    @Test
    void shouldFindTheLayoutOfTheSameTopicsInTheSameOrder() {
        final TopicLayout first = layouts.take(topics, COUNT);
        assertThat(layouts.take(topics.clone(), COUNT)).isSameAs(first);
        assertThat(layouts.take(topics, COUNT - 1)).isNotSameAs(first);
        assertThat(layouts.take(topics(i -> (COUNT - 1 - i) * 7), COUNT)).isNotSameAs(first);
    }

    @Test
    void shouldMakeALayoutInManySteps() {
        try (LayoutSearch search = layouts.search()) {
            assertThat(steps(search.find(topics, COUNT), NOTHING)).isGreaterThan(10);
            assertThat(search.isFound()).isFalse();
            assertThat(steps(search.make(), NOTHING)).isGreaterThan(10);
            assertThat(memory.used(MemoryUse.SUBSCRIPTIONS)).as("before it is taken").isZero();
            final TopicLayout made = search.take();
            for (int slot = 0; slot < COUNT; slot++) {
                assertThat(made.slot(topics[slot])).isEqualTo(slot);
            }
            assertThat(made.slot(1)).isEqualTo(TopicLayout.NONE);
            assertThat(memory.used(MemoryUse.SUBSCRIPTIONS)).isEqualTo(made.bytes());
            layouts.release(made);
        }
        assertThat(memory.used(MemoryUse.SUBSCRIPTIONS)).isZero();
    }

    @Test
    void shouldKeepTheLayoutThatItComparesWhileItsUsersGo() {
        final TopicLayout first = layouts.take(topics, COUNT);
        try (LayoutSearch search = layouts.search()) {
            final SlicedLoop find = search.find(topics, COUNT);
            advance(find, (COUNT + 63) / 64 + 2);
            layouts.release(first);
            steps(find, NOTHING);
            assertThat(search.isFound()).isTrue();
            assertThat(search.take()).isSameAs(first);
        }
        assertThat(memory.used(MemoryUse.SUBSCRIPTIONS)).isEqualTo(first.bytes());
        layouts.release(first);
        assertThat(memory.used(MemoryUse.SUBSCRIPTIONS)).isZero();
    }

    @Test
    void shouldLeaveNothingBehindWhenItIsGivenUp() {
        final TopicLayout first = layouts.take(topics, COUNT);
        final LayoutSearch search = layouts.search();
        steps(search.find(topics, COUNT), NOTHING);
        search.close();
        layouts.release(first);
        assertThat(memory.used(MemoryUse.SUBSCRIPTIONS)).isZero();
        assertThat(layouts.take(topics, COUNT)).isNotSameAs(first);
    }

    /** Others use layouts of the same topics, and make them longer, between two steps. */
    @Test
    void shouldTakeALayoutOfItsTopicsWhateverOthersDoMeanwhile() {
        for (final long seed : seeds.rounds(300)) {
            final Random random = Seeds.random(seed);
            final TopicLayout[] others = {null};
            final int[] longest = {COUNT * 7};
            final Runnable other = () -> {
                final int what = random.nextInt(4);
                if (what == 0 && others[0] == null) {
                    others[0] = layouts.take(topics, COUNT);
                } else if (what == 1 && others[0] != null) {
                    layouts.append(others[0], longest[0]++);
                } else if (what == 2 && others[0] != null) {
                    layouts.release(others[0]);
                    others[0] = null;
                }
            };
            other.run();
            try (LayoutSearch search = layouts.search()) {
                steps(search.find(topics, COUNT), other);
                steps(search.make(), other);
                final TopicLayout taken = search.take();
                other.run();
                assertThat(taken.topics(COUNT)).isEqualTo(topics);
                assertThat(IntStream.range(0, COUNT).allMatch(slot -> taken.slot(topics[slot]) == slot)).isTrue();
                try (LayoutSearch equal = layouts.search()) {
                    steps(equal.findOther(taken, COUNT), other);
                    if (equal.isFound()) {
                        final TopicLayout same = equal.take();
                        assertThat(same).isNotSameAs(taken);
                        assertThat(same.topics(COUNT)).isEqualTo(topics);
                        layouts.release(same);
                    }
                }
                layouts.release(taken);
            }
            if (others[0] != null) {
                layouts.release(others[0]);
            }
            assertThat(memory.used(MemoryUse.SUBSCRIPTIONS)).isZero();
        }
    }

    private static int steps(final SlicedLoop loop, final Runnable between) {
        int steps = 1;
        while (!loop.advance(() -> true)) {
            between.run();
            steps++;
        }
        return steps;
    }

    private static void advance(final SlicedLoop loop, final int steps) {
        for (int i = 0; i < steps; i++) {
            assertThat(loop.advance(() -> true)).isFalse();
        }
    }

    private static int[] topics(final IntUnaryOperator topic) {
        return IntStream.range(0, COUNT).map(topic).toArray();
    }
}
