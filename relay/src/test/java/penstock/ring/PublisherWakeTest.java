package penstock.ring;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import penstock.telemetry.Counters;

/** The shards are woken once per batch that put anything into the ring, also while updates wait in front of it. */
class PublisherWakeTest {
    private static final int SLOTS = 16;

    private final TickRing ring = new TickRing(SLOTS, 1 << 16);
    private final RecordedTicks recorder = new RecordedTicks();
    private final TickPoller poller = ring.poller(new Counters("shard"));
    private int wakes;
    private final TickPublisher publisher = ring.publisher(new Counters("feed"), List.of(() -> wakes++));
    private final int topic = publisher.addTopic(0, new byte[] {'A'}, 0, 1);
    private final int other = publisher.addTopic(0, new byte[] {'B'}, 0, 1);

    @Test
    void shouldWakeOncePerBatch() {
        publish(topic, 3);
        publisher.flush();
        publisher.flush();
        assertThat(wakes).isEqualTo(1);
    }

    @Test
    void shouldWakeForABatchThatFillsTheRing() {
        publish(topic, SLOTS + 5);
        assertThat(publisher.isBehind()).isTrue();
        publisher.flush();
        assertThat(wakes).as("otherwise nothing empties the ring").isEqualTo(1);
    }

    @Test
    void shouldWakeAgainForEachPartOfWhatWaitedInFrontOfTheRing() {
        publish(topic, SLOTS + 5);
        publisher.flush();
        publish(other, 1);
        publisher.flush();
        assertThat(wakes).as("nothing new is in the ring").isEqualTo(1);
        poll();
        publisher.flush();
        assertThat(wakes).as("the rest is in the ring").isEqualTo(2);
        assertThat(publisher.isBehind()).isFalse();
        assertThat(poll()).isPositive();
    }

    @Test
    void shouldWakeWhenOnlyAPartOfWhatWaitsFits() {
        publish(topic, SLOTS - 1);
        publisher.flush();
        final List<Integer> others = new ArrayList<>();
        for (int i = 0; i < SLOTS; i++) {
            others.add(publisher.addTopic(0, new byte[] {'C', (byte) ('a' + i)}, 0, 2));
        }
        others.forEach(each -> publish(each, 1));
        poll();
        publisher.flush();
        assertThat(publisher.isBehind()).as("two slots for each topic").isTrue();
        assertThat(wakes).isEqualTo(2);
        poll();
        publisher.flush();
        assertThat(publisher.isBehind()).isFalse();
        assertThat(wakes).isEqualTo(3);
        assertThat(poll()).isPositive();
    }

    private int poll() {
        return poller.poll(recorder);
    }

    private void publish(final int to, final int count) {
        for (int i = 0; i < count; i++) {
            final byte[] bytes = String.valueOf(i).getBytes(StandardCharsets.UTF_8);
            publisher.publish(to, TickPublisher.NO_TIME, 7,
                new UpdateSlice().set(bytes, 0, bytes.length, 0, bytes.length));
        }
    }
}
