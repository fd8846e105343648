package penstock.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static penstock.ring.RecordedTicks.topic;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import penstock.telemetry.Counter;
import penstock.telemetry.Counters;
import penstock.testkit.Seeds;

/** A value that is published instead of the venue's travels behind the payload, and needs room of its own. */
class EmittedValuesTest {
    private static final int RING_BYTES = 1_024;

    @RegisterExtension
    private final Seeds seeds = new Seeds();
    private final Counters feed = new Counters("feed");
    private final RecordedTicks recorder = new RecordedTicks();
    private final TickRing ring = new TickRing(64, RING_BYTES);
    private final TickPoller poller = ring.poller(new Counters("shard"));
    private final TickPublisher publisher = ring.publisher(feed, List.of());

    @Test
    void shouldPassAFullRingThoughItIsLongerThanWhatIsLeftOfIt() {
        final List<String> expected = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            final int topic = topic(publisher, "T" + i);
            final String value = String.valueOf((char) ('a' + i)).repeat(300);
            emit(topic, "{\"n\":" + i + "}", value);
            expected.add("topic " + topic + " 3 T" + i);
            expected.add(topic + " q1 " + value);
        }
        assertThat(publisher.isBehind()).as("1,024 bytes carry three of 307 bytes").isTrue();
        drain();
        assertThat(recorder.seen).containsExactlyElementsOf(expected);
        assertNoLoss();
        assertThat(feed.get(Counter.RING_CONFLATED)).isZero();
    }

    @Test
    void shouldConflateToTheNewestOneInFrontOfAFullRing() {
        final int a = topic(publisher, "A");
        for (int i = 1; i <= 9; i++) {
            emit(a, "[" + i + "]", "{\"n\":" + i + "}" + " ".repeat(300));
        }
        drain();
        final String last = recorder.seen.get(recorder.seen.size() - 1);
        assertThat(last.strip()).isEqualTo(a + " q9 {\"n\":9}");
        assertThat(feed.get(Counter.RING_CONFLATED)).isEqualTo(5);
        assertNoLoss();
    }

    @Test
    void shouldEndWithTheNewestValueOfEachTopicWhateverTheSizes() {
        final Random random = seeds.random();
        final String[] newest = new String[5];
        final int[] sent = new int[newest.length];
        for (int i = 0; i < newest.length; i++) {
            assertThat(topic(publisher, "T" + i)).isEqualTo(i);
        }
        for (int round = 0; round < 20_000; round++) {
            final int topic = random.nextInt(newest.length);
            newest[topic] = round + "v".repeat(random.nextInt(RING_BYTES / 2 - 110));
            sent[topic]++;
            emit(topic, "p".repeat(1 + random.nextInt(100)), newest[topic]);
            if (random.nextInt(3) == 0) {
                poller.poll(recorder);
            }
            publisher.flush();
        }
        drain();
        for (int topic = 0; topic < newest.length; topic++) {
            final String start = topic + " q";
            final List<String> its = recorder.seen.stream().filter(line -> line.startsWith(start)).toList();
            assertThat(its.get(its.size() - 1)).isEqualTo(start + sent[topic] + " " + newest[topic]);
        }
        assertThat(feed.get(Counter.RING_FULL)).as("the ring was full").isPositive();
        assertNoLoss();
    }

    private void assertNoLoss() {
        assertThat(feed.get(Counter.RING_DROPPED) + feed.get(Counter.RING_TOO_LARGE)).isZero();
        assertThat(recorder.seen).noneMatch(line -> line.contains(" missed "));
    }

    private void drain() {
        do {
            poller.poll(recorder);
            publisher.flush();
        } while (publisher.isBehind());
        poller.poll(recorder);
    }

    private void emit(final int topic, final String payload, final String value) {
        final byte[] bytes = payload.getBytes(StandardCharsets.UTF_8);
        final byte[] emitted = value.getBytes(StandardCharsets.UTF_8);
        final UpdateSlice update = new UpdateSlice().set(bytes, 0, bytes.length, 0, bytes.length);
        update.emit(emitted, 0, emitted.length);
        publisher.publish(topic, TickPublisher.NO_TIME, 7, update);
    }
}
