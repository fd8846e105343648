package penstock.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static penstock.ring.RecordedTicks.publish;
import static penstock.ring.RecordedTicks.topic;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import penstock.telemetry.Counter;
import penstock.telemetry.Counters;
import penstock.testkit.Seeds;

class TickRingTest {
    @RegisterExtension
    private final Seeds seeds = new Seeds();
    private final Counters feed = new Counters("feed");
    private final Counters shard = new Counters("shard");
    private final RecordedTicks recorder = new RecordedTicks();
    private int wakes;

    @Test
    void shouldAnnounceATopicBeforeItsFirstValueAndNumberItsUpdates() {
        final TickRing ring = new TickRing(16, 1024);
        final TickPoller poller = ring.poller(shard);
        final TickPublisher publisher = ring.publisher(feed, List.of(() -> wakes++));
        final int topic = topic(publisher, "EURUSD");
        publish(publisher, topic, "1.1");
        publish(publisher, topic, "1.2");
        assertThat(wakes).isZero();
        publisher.flush();
        publisher.flush();
        assertThat(wakes).isEqualTo(1);
        poller.poll(recorder);
        assertThat(recorder.seen).containsExactly("topic 0 3 EURUSD", "0 q1 1.1", "0 q2 1.2");

    }

    @Test
    void shouldConflateInFrontOfAFullRingAndCountEveryUpdate() {
        final TickRing ring = new TickRing(4, 1024);
        final TickPoller poller = ring.poller(shard);
        final TickPublisher publisher = ring.publisher(feed, List.of());
        final int a = topic(publisher, "A");
        final int b = topic(publisher, "B");
        for (int i = 1; i <= 10; i++) {
            publish(publisher, a, "a" + i);
        }
        publish(publisher, b, "b1");
        publisher.feedState(0, FeedState.STALE, "upstream_disconnected", 0, -1);
        publish(publisher, a, "a11");
        assertThat(publisher.isBehind()).isTrue();
        while (publisher.isBehind()) {
            poller.poll(recorder);
            publisher.flush();
        }
        poller.poll(recorder);
        assertThat(recorder.seen)
            .containsExactly("topic 0 3 A", "0 q1 a1", "0 q2 a2", "0 q3 a3", "topic 1 3 B", "1 q1 b1",
            "STALE upstream_disconnected", "0 q11 a11");
        assertThat(feed.get(Counter.RING_CONFLATED)).isEqualTo(7);
        assertThat(feed.get(Counter.RING_FULL)).isEqualTo(1);
        assertThat(publisher.position()).isEqualTo(12);
    }

    @Test
    void shouldCountDroppedEventsAndReportThemToTheShards() {
        final TickRing ring = new TickRing(2, 1024);
        final TickPoller poller = ring.poller(shard);
        final TickPublisher publisher = ring.publisher(feed, List.of(), channel -> Conflator.lastEvent());
        final int a = topic(publisher, "A");
        for (int i = 1; i <= 6; i++) {
            publish(publisher, a, "a" + i);
        }
        poller.poll(recorder);
        publisher.flush();
        publish(publisher, a, "a7");
        poller.poll(recorder);
        assertThat(recorder.seen).containsExactly("topic 0 3 A", "0 q1 a1", "0 q6 a6 missed 4", "0 q7 a7");

        assertThat(feed.get(Counter.RING_DROPPED)).isEqualTo(4);
        assertThat(feed.get(Counter.RING_CONFLATED)).isZero();
    }

    @Test
    void shouldCarryLevelsAndTheKindOfTheUpdate() {
        final TickRing ring = new TickRing(16, 1024);
        final TickPoller poller = ring.poller(shard);
        final TickPublisher publisher = ring.publisher(feed, List.of());
        final LevelBuffer levels = new LevelBuffer();
        levels.add(LevelBuffer.ASK, new byte[] {'7'}, 0, 1, new byte[] {'8'}, 0, 1);
        final byte[] payload = new byte[600];
        final UpdateSlice slices = new UpdateSlice().set(payload, 0, payload.length, 0, payload.length);
        slices.kind = UpdateKind.SNAPSHOT;
        slices.levels = levels;
        publisher.publish(topic(publisher, "A"), TickPublisher.NO_TIME, 7, slices);
        poller.poll(recorder);
        assertThat(recorder.seen).containsExactly("topic 0 3 A", "0 q1 \u0001\u00017\u00018 SNAPSHOT");

    }

    /** A conflated update may outgrow the ring: then it is dropped, and the shards learn its number of updates. */
    @Test
    void shouldDropAConflatedUpdateThatIsTooLargeForTheRing() {
        final TickRing ring = new TickRing(2, 64);
        final TickPoller poller = ring.poller(shard);
        final TickPublisher publisher = ring.publisher(feed, List.of(), channel -> new Joining());
        final int a = topic(publisher, "A");
        for (int i = 1; i <= 5; i++) {
            publish(publisher, a, "x".repeat(10));
        }
        publish(publisher, a, "y");
        for (int i = 0; i < 5; i++) {
            poller.poll(recorder);
            publisher.flush();
        }
        assertThat(publisher.isBehind()).isFalse();
        assertThat(recorder.seen).containsExactly("topic 0 3 A", "0 q1 xxxxxxxxxx", "0 q6 y missed 4");

        assertThat(feed.get(Counter.RING_DROPPED)).isEqualTo(4);
        assertThat(feed.get(Counter.RING_TOO_LARGE)).isEqualTo(1);
    }

    @Test
    void shouldRejectAnUpdateThatNeverFits() {
        final TickPublisher publisher = new TickRing(4, 64).publisher(feed, List.of());
        final int topic = topic(publisher, "A");
        assertThatThrownBy(() -> publish(publisher, topic, "x".repeat(33))).hasMessageContaining("ring.bytes");
    }

    /** Changes that add up: every reader gets all of them in order, conflated or not, and none counts as dropped. */
    @Test
    void shouldLoseNoConflatedChangeAtAnyReadingPace() {
        for (final long seed : seeds.rounds(300)) {
            final Random random = Seeds.random(seed);
            final TickRing ring = new TickRing(1 << 1 + random.nextInt(5), 16_384);
            final TickPoller fast = ring.poller(shard);
            final TickPoller slow = ring.poller(shard);
            final TickPublisher publisher = ring.publisher(feed, List.of(), channel -> new Joining());
            final int topics = 1 + random.nextInt(4);
            final String[] all = new String[topics];
            for (int i = 0; i < topics; i++) {
                topic(publisher, "T" + i);
                all[i] = "";
            }
            final TwoReaders readers = new TwoReaders(publisher, fast, slow, new Reader(topics), new Reader(topics));
            readers.fast.joins = true;
            readers.slow.joins = true;
            for (int step = 0; step < 300; step++) {
                final int topic = random.nextInt(topics);
                final String change = step + ";";
                all[topic] += change;
                publish(publisher, topic, change);
                readers.read(random, 20);
            }
            readers.readAll();
            assertThat(readers.fast.newest).isEqualTo(all);
            assertThat(readers.slow.newest).isEqualTo(all);
        }
        assertThat(feed.get(Counter.RING_DROPPED)).isZero();
        assertThat(feed.get(Counter.RING_CONFLATED)).isPositive();
    }

    /**
     * Random sizes and reading pace over a small ring: every topic ends at its newest value, bytes intact, order kept.
     */
    @Test
    void shouldEndAtTheNewestValueAndStateOfEveryTopicAtAnyReadingPace() {
        for (final long seed : seeds.rounds(300)) {
            final Random random = Seeds.random(seed);
            final TickRing ring = new TickRing(1 << 1 + random.nextInt(5), 64 + random.nextInt(400));
            final TickPoller fast = ring.poller(shard);
            final TickPoller slow = ring.poller(shard);
            final TickPublisher publisher = ring.publisher(feed, List.of());
            final int topics = 1 + random.nextInt(6);
            final String[] newest = new String[topics];
            final TopicState[] states = new TopicState[topics];
            Arrays.fill(states, TopicState.LIVE);
            for (int i = 0; i < topics; i++) {
                topic(publisher, "T" + i);
            }
            final TwoReaders readers = new TwoReaders(publisher, fast, slow, new Reader(topics), new Reader(topics));
            for (int step = 0; step < 400; step++) {
                final int marked = random.nextInt(topics);
                if (random.nextInt(4) == 0) {
                    states[marked] = TopicState.values()[random.nextInt(3)];
                    newest[marked] = newest[marked] == null ? "" : newest[marked];
                    publisher.topicState(marked, states[marked], "why", step);
                    continue;
                }
                final int topic = random.nextInt(topics);
                states[topic] = TopicState.LIVE;
                newest[topic] = topic + ":" + step + ":" + "x".repeat(random.nextInt(20));
                publish(publisher, topic, newest[topic]);
                readers.read(random, 30);
            }
            readers.readAll();
            assertThat(readers.fast.newest).isEqualTo(newest);
            assertThat(readers.slow.newest).isEqualTo(newest);
            assertThat(readers.fast.states).isEqualTo(states);
            assertThat(readers.slow.states).isEqualTo(states);
        }
    }

    /** One reads often, the other seldom. */
    private record TwoReaders(TickPublisher publisher, TickPoller often, TickPoller seldom, Reader fast, Reader slow) {
        void read(final Random random, final int slowness) {
            if (random.nextInt(3) == 0) {
                often.poll(fast);
            }
            if (random.nextInt(slowness) == 0) {
                seldom.poll(slow);
                publisher.flush();
            }
        }

        void readAll() {
            for (int i = 0; i < 1000 && (publisher.isBehind() || i < 2); i++) {
                often.poll(fast);
                seldom.poll(slow);
                publisher.flush();
            }
            often.poll(fast);
            seldom.poll(slow);
        }
    }

    private static final class Reader implements TickHandler {
        final String[] newest;
        private long p;
        private final TopicState[] states;
        private boolean joins;

        Reader(final int topics) {
            newest = new String[topics];
            states = new TopicState[topics];
            Arrays.fill(states, TopicState.LIVE);
        }

        @Override
        public void onTopic(final int topic, final int channel, final byte[] payloads, final int offset,
                final int length, final long sinceQ) {
            assertThat(new String(payloads, offset, length, StandardCharsets.UTF_8)).isEqualTo("T" + topic);
            newest[topic] = "";
        }

        @Override
        public void onValue(final Tick tick, final byte[] payloads) {
            assertThat(newest[tick.topic()]).isNotNull();
            assertThat(tick.p()).isGreaterThan(p);
            p = tick.p();
            final String value = new String(payloads, tick.offset(), tick.length(), StandardCharsets.UTF_8);
            states[tick.topic()] = TopicState.LIVE;
            newest[tick.topic()] = joins ? newest[tick.topic()] + value : value;
        }

        @Override
        public void onTopicState(final int topic, final TopicState state, final String reason, final long sinceUs,
                final long at) {
            assertThat(newest[topic]).isNotNull();
            assertThat(at).isGreaterThanOrEqualTo(p);
            states[topic] = state;
        }

        @Override
        public void onFeedState(final int feed, final FeedState state, final String reason, final long sinceUs,
                final long retryInMs, final long at) {
            throw new AssertionError("no state was published");
        }
    }

    /** A class whose changes are concatenated. */
    private static final class Joining implements Conflator {
        private String joined = "";

        @Override
        public void add(final UpdateSlice update) {
            joined += new String(update.buffer, update.valueOffset, update.valueLength, StandardCharsets.UTF_8);
        }

        @Override
        public void writeTo(final UpdateSlice target) {
            final byte[] bytes = joined.getBytes(StandardCharsets.UTF_8);
            target.set(bytes, 0, bytes.length, 0, bytes.length);
        }

        @Override
        public boolean fits(final int bytes) {
            return joined.length() <= bytes;
        }

        @Override
        public void clear() {
            joined = "";
        }
    }
}
