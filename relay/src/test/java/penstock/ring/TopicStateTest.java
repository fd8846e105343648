package penstock.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static penstock.ring.RecordedTicks.publish;
import static penstock.ring.RecordedTicks.topic;

import java.util.List;
import org.junit.jupiter.api.Test;
import penstock.telemetry.Counter;
import penstock.telemetry.Counters;

/** States of topics on their way through the ring; {@link TickRingTest} checks their end at any reading pace. */
class TopicStateTest {
    private final Counters feed = new Counters("feed");
    private final Counters shard = new Counters("shard");
    private final RecordedTicks recorder = new RecordedTicks();
    private int wakes;

    @Test
    void shouldPublishATopicsStateInOrderAfterTheTopic() {
        final TickRing ring = new TickRing(16, 1024);
        final TickPoller poller = ring.poller(shard);
        final TickPublisher publisher = ring.publisher(feed, List.of(() -> wakes++));
        final int a = topic(publisher, "A");
        final int b = topic(publisher, "B");
        publish(publisher, a, "a1");
        publisher.topicState(a, TopicState.STALE, "gap", 1);
        publish(publisher, a, "a2");
        publisher.topicState(b, TopicState.CLOSED, "unknown symbol", 2);
        assertThat(wakes).isZero();
        publisher.flush();
        assertThat(wakes).isEqualTo(1);
        poller.poll(recorder);
        assertThat(recorder.seen)
            .containsExactly("topic 0 3 A", "0 q1 a1", "0 STALE gap since 1 p1", "0 q2 a2", "topic 1 3 B",
            "1 CLOSED unknown symbol since 2 p2");
        assertThat(publisher.position()).isEqualTo(2);
    }

    @Test
    void shouldKeepOnePendingStatePerTopicInOrderAmongTheValues() {
        final TickRing ring = new TickRing(2, 1024);
        final TickPoller poller = ring.poller(shard);
        final TickPublisher publisher = ring.publisher(feed, List.of());
        final int a = topic(publisher, "A");
        final int b = topic(publisher, "B");
        final int c = topic(publisher, "C");
        publish(publisher, a, "a1");
        publisher.topicState(a, TopicState.STALE, "gap", 1);
        publish(publisher, b, "b1");
        publish(publisher, a, "a2");
        for (int i = 0; i < 1_000; i++) {
            publisher.topicState(b, i % 2 == 0 ? TopicState.STALE : TopicState.CLOSED, "turn " + i, i);
            publisher.topicState(c, TopicState.STALE, "turn " + i, i);
        }
        publish(publisher, a, "a3");
        int entries = 0;
        while (publisher.isBehind()) {
            entries += poller.poll(recorder);
            publisher.flush();
        }
        entries += poller.poll(recorder);
        assertThat(entries).isEqualTo(9);
        assertThat(recorder.seen)
            .containsExactly("topic 0 3 A", "0 q1 a1", "0 STALE gap since 1 p1", "topic 1 3 B", "1 q1 b1",
            "1 CLOSED turn 999 since 999 p2", "topic 2 3 C", "2 STALE turn 999 since 999 p2", "0 q3 a3");
        assertThat(feed.get(Counter.RING_FULL)).isEqualTo(1);
    }

    @Test
    void shouldPublishStatesOfTopicsAndFeedInOrder() {
        final TickRing ring = new TickRing(2, 1024);
        final TickPoller poller = ring.poller(shard);
        final TickPublisher publisher = ring.publisher(feed, List.of());
        final int a = topic(publisher, "A");
        publish(publisher, a, "a1");
        publisher.topicState(a, TopicState.STALE, "gap", 1);
        publisher.feedState(0, FeedState.STALE, "upstream_disconnected", 2, -1);
        publisher.topicState(a, TopicState.LIVE, null, 3);
        while (publisher.isBehind()) {
            poller.poll(recorder);
            publisher.flush();
        }
        poller.poll(recorder);
        assertThat(recorder.seen)
            .containsExactly("topic 0 3 A", "0 q1 a1", "STALE upstream_disconnected", "0 LIVE null since 3 p1");
    }
}
