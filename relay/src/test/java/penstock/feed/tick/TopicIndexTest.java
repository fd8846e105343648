package penstock.feed.tick;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import penstock.telemetry.Counter;
import penstock.testkit.Seeds;
import penstock.venue.RecordedRing;

class TopicIndexTest {
    private static final int MAX_TOPICS = 20_000;

    @RegisterExtension
    private final Seeds seeds = new Seeds();

    private final RecordedRing ring = new RecordedRing(16);
    private final TopicIndex index = index(MAX_TOPICS);

    @Test
    void shouldFindEveryTopicAgain() {
        final Random random = seeds.random();
        final Map<String, Integer> expected = new HashMap<>();
        for (int i = 0; i < 100_000; i++) {
            final int channel = random.nextInt(3);
            final byte[] symbol = ("S" + random.nextInt(5000)).getBytes(StandardCharsets.UTF_8);
            final byte[] frame = new byte[symbol.length + 2];
            System.arraycopy(symbol, 0, frame, 1, symbol.length);
            final int topic = index.topic(channel, frame, 1, symbol.length);
            final Integer known =
                expected.putIfAbsent(channel + " " + new String(symbol, StandardCharsets.UTF_8), topic);
            assertThat(known == null || known == topic).as("draw %s", i).isTrue();
        }
        assertThat(index.size()).isEqualTo(expected.size());
        assertThat(expected.values()).doesNotHaveDuplicates();
    }

    @Test
    void shouldFindTheTopicsThatAreLeftWhileOthersAreForgotten() {
        final Random random = seeds.random();
        final TopicIndex onDemand = new TopicIndex(ring.publisher, channel -> channel, true, () -> MAX_TOPICS,
            ring.telemetry.counters("feed"), new FrameLog("feed"));
        final Map<String, Integer> expected = new HashMap<>();
        for (int i = 0; i < 50_000; i++) {
            final int channel = random.nextInt(3);
            final String name = "S" + random.nextInt(1500);
            final byte[] symbol = name.getBytes(StandardCharsets.UTF_8);
            final Integer known = expected.get(channel + name);
            assertThat(onDemand.topic(channel, symbol, 0, symbol.length)).as("draw %d", i)
                .isEqualTo(known == null ? TopicIndex.NONE : known);
            if (known != null && random.nextInt(3) > 0) {
                onDemand.forget(channel, name);
                expected.remove(channel + name);
            } else {
                expected.put(channel + name, onDemand.topic(channel, name));
                assertThat(onDemand.name(expected.get(channel + name))).isEqualTo(name);
            }
            if (i % 1000 == 0) {
                assertThat(expected.values()).as("draw %d", i).doesNotHaveDuplicates();
            }
        }
        assertThat(onDemand.size()).isEqualTo(expected.size());
        assertThat(expected.values()).as("numbers are used again").allMatch(topic -> topic <= 4500);
    }

    @Test
    void shouldMakeNoGarbageForAKnownTopic() {
        final byte[] symbol = "EURUSD".getBytes(StandardCharsets.UTF_8);
        long sum = 0;
        for (int i = 0; i < 20_000; i++) {
            sum += index.topic(0, symbol, 0, symbol.length);
        }
        final ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        final long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 0; i < 100_000; i++) {
            sum += index.topic(0, symbol, 0, symbol.length);
        }
        assertThat(threads.getCurrentThreadAllocatedBytes() - before).isLessThan(10_000);
        assertThat(sum).isZero();
    }

    @Test
    void shouldRefuseNewSymbolsBeyondTheLimitAndKeepTheKnownOnes() {
        final TopicIndex small = index(2);
        final int first = topic(small, "A");
        final int second = topic(small, "B");

        assertThat(topic(small, "C")).isEqualTo(TopicIndex.NONE);
        assertThat(topic(small, "D")).isEqualTo(TopicIndex.NONE);

        assertThat(topic(small, "A")).isEqualTo(first);
        assertThat(topic(small, "B")).isEqualTo(second);
        assertThat(small.size()).isEqualTo(2);
        assertThat(ring.count(Counter.FEED_SYMBOLS_REFUSED)).isEqualTo(2);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "A\tB", "A\u0085", "A\u2028B"})
    void shouldRefuseSymbolsThatNoSubscriberCanAskFor(final String symbol) {
        assertThat(topic(index, symbol)).isEqualTo(TopicIndex.NONE);
        assertThat(ring.count(Counter.FEED_SYMBOLS_REFUSED)).isEqualTo(1);
    }

    @Test
    void shouldCountTheCharactersOfASymbolAndNotItsBytes() {
        assertThat(topic(index, "\u20ac".repeat(128))).isNotEqualTo(TopicIndex.NONE);
        assertThat(topic(index, "\u20ac".repeat(129))).isEqualTo(TopicIndex.NONE);
    }

    @Test
    void shouldTakeAStarInASymbol() {
        assertThat(topic(index, "A*B")).isNotEqualTo(TopicIndex.NONE);
    }

    private TopicIndex index(final int maxTopics) {
        return new TopicIndex(ring.publisher, channel -> channel, false, () -> maxTopics,
            ring.telemetry.counters("feed"),
            new FrameLog("feed"));
    }

    private static int topic(final TopicIndex index, final String symbol) {
        final byte[] name = symbol.getBytes(StandardCharsets.UTF_8);
        return index.topic(0, name, 0, name.length);
    }
}
