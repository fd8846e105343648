package penstock.ring;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import penstock.telemetry.Counter;
import penstock.venue.RecordedRing;

/** Topics are forgotten in order, and their numbers are used again. */
class ForgottenTopicTest {
    private final RecordedRing ring = new RecordedRing(4);

    @Test
    void shouldUseTheNumberOfAForgottenTopicAgain() {
        final int first = add("A");
        final int second = add("B");
        publish(first, "1");
        ring.publisher.forgetTopic(first);
        assertThat(add("C")).isEqualTo(first).isNotEqualTo(second);
        publish(first, "2");
        assertThat(ring.news()).containsExactly("topic 0 = 0 A", "0 1", "0 forgotten", "topic 0 = 0 C");
        ring.publisher.flush();
        assertThat(ring.news()).containsExactly("0 2");
    }

    @Test
    void shouldNotAnnounceATopicThatIsForgottenBeforeItsFirstUpdate() {
        ring.publisher.forgetTopic(add("A"));
        assertThat(add("B")).isZero();
        publish(0, "1");
        assertThat(ring.news()).containsExactly("topic 0 = 0 B", "0 1");
    }

    @Test
    void shouldForgetInOrderBehindAFullRing() {
        final int a = add("A");
        final int b = add("B");
        publish(a, "1");
        publish(b, "1");
        publish(a, "2");
        publish(a, "3");
        ring.publisher.topicState(b, TopicState.STALE, "gap", 0);
        ring.publisher.forgetTopic(b);
        ring.publisher.forgetTopic(a);
        // the shards do not know yet that the numbers are free
        final int c = add("C");
        assertThat(c).isEqualTo(2);
        publish(c, "4");
        assertThat(ring.news()).containsExactly("topic 0 = 0 A", "0 1", "topic 1 = 0 B", "1 1");
        ring.publisher.flush();
        assertThat(ring.news()).containsExactly("1 forgotten", "0 forgotten", "topic 2 = 0 C", "2 4");
        assertThat(ring.count(Counter.RING_DROPPED)).isEqualTo(2);
        assertThat(add("D")).isEqualTo(b);
        assertThat(ring.publisher.isBehind()).isFalse();
    }

    @Test
    void shouldRefuseNamesInOrder() {
        publish(add("A"), "1");
        refuse("X");
        refuse("Y");
        refuse("Z");
        assertThat(ring.news()).containsExactly("topic 0 = 0 A", "0 1", "refused 0 X: no", "refused 0 Y: no");
        ring.publisher.flush();
        assertThat(ring.news()).containsExactly("refused 0 Z: no");
    }

    private int add(final String symbol) {
        final byte[] name = symbol.getBytes(StandardCharsets.UTF_8);
        return ring.publisher.addTopic(0, name, 0, name.length);
    }

    private void refuse(final String name) {
        ring.publisher.refuse(0, name.getBytes(StandardCharsets.UTF_8), "no", 0);
    }

    private void publish(final int topic, final String value) {
        final byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        final UpdateSlice slice = new UpdateSlice();
        slice.set(bytes, 0, bytes.length, 0, bytes.length);
        ring.publisher.publish(topic, TickPublisher.NO_TIME, 0, slice);
    }
}
