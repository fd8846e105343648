package penstock.ring;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import penstock.telemetry.Counter;
import penstock.telemetry.Counters;
import penstock.telemetry.Telemetry;
import penstock.testkit.Seeds;

/** Updates that never reached the ring are numbered, and the next one reports them. */
class MissedUpdatesTest {
    @RegisterExtension
    private final Seeds seeds = new Seeds();
    private final Counters counters = new Telemetry().counters("feed");
    private final List<String> seen = new ArrayList<>();
    private TickPublisher publisher;
    private TickPoller poller;

    private final class Reader implements TickHandler {
        @Override
        public void onTopic(final int topic, final int channel, final byte[] payloads, final int offset,
                final int length, final long sinceQ) {
            seen.add("topic " + topic);
        }

        @Override
        public void onValue(final Tick tick, final byte[] payloads) {
            seen.add(tick.topic() + " q " + tick.q() + " p " + tick.p() + " missed " + tick.missed());
        }

        @Override
        public void onTopicState(final int topic, final TopicState state, final String reason, final long sinceUs,
                final long p) {
            seen.add(topic + " " + state);
        }

        @Override
        public void onFeedState(final int feed, final FeedState state, final String reason, final long sinceUs,
                final long retryInMs, final long p) {
            seen.add(state.name());
        }
    }

    @Test
    void shouldCountMissedUpdatesBeforeTheNextUpdateOfTheirTopic() {
        open(64);
        publish(0);
        publish(1);
        publisher.missed(0, 3);
        publish(1);
        publish(0);
        publish(0);
        assertThat(read())
            .containsExactly("topic 0", "0 q 1 p 1 missed 0", "topic 1", "1 q 1 p 2 missed 0", "1 q 2 p 3 missed 0",
            "0 q 5 p 7 missed 3", "0 q 6 p 8 missed 0");
        assertThat(publisher.position()).isEqualTo(8);
    }

    @Test
    void shouldNotCountMissedUpdatesBeforeAnUpdateThatWasPendingAlready() {
        open(2);
        publish(0);
        publish(0);
        publisher.missed(0, 3);
        assertThat(read()).containsExactly("topic 0", "0 q 1 p 1 missed 0");
        publisher.flush();
        publish(0);
        assertThat(read()).containsExactly("0 q 2 p 2 missed 0", "0 q 6 p 6 missed 3");
    }

    @Test
    void shouldAddMissedUpdatesToThoseDroppedInFrontOfAFullRing() {
        open(2);
        publish(0);
        publish(0);
        publisher.missed(0, 3);
        publish(0);
        read();
        publisher.flush();
        assertThat(read()).containsExactly("0 q 6 p 6 missed 4");
        assertThat(counters.get(Counter.RING_DROPPED)).isEqualTo(1);
    }

    @Test
    void shouldAccountForEachUpdateAtAnyReadingPace() {
        for (final long seed : seeds.rounds(50)) {
            final Random random = Seeds.random(seed);
            open(4);
            seen.clear();
            final long[] expected = new long[3];
            for (int i = 0; i < 300; i++) {
                final int topic = random.nextInt(3);
                switch (random.nextInt(6)) {
                    case 0 -> {
                        final int count = 1 + random.nextInt(5);
                        publisher.missed(topic, count);
                        expected[topic] += count;
                        publish(topic);
                        expected[topic]++;
                    }
                    case 1 -> poller.poll(new Reader());
                    case 2 -> publisher.flush();
                    default -> {
                        publish(topic);
                        expected[topic]++;
                    }
                }
            }
            while (publisher.isBehind()) {
                poller.poll(new Reader());
                publisher.flush();
            }
            poller.poll(new Reader());
            final long[] q = new long[3];
            long p = 0;
            for (final String line : seen) {
                final String[] words = line.split(" ");
                if (words.length == 7) {
                    final int topic = Integer.parseInt(words[0]);
                    final long skipped = Long.parseLong(words[6]);
                    assertThat(Long.parseLong(words[2])).as(line)
                        .isEqualTo(q[topic] + skipped + 1);
                    assertThat(Long.parseLong(words[4])).as(line).isGreaterThan(p);
                    q[topic] = Long.parseLong(words[2]);
                    p = Long.parseLong(words[4]);
                }
            }
            assertThat(q).isEqualTo(expected);
            assertThat(publisher.position()).isEqualTo(expected[0] + expected[1] + expected[2]);
        }
    }

    private void open(final int slots) {
        final TickRing ring = new TickRing(slots, 1 << 16);
        poller = ring.poller(counters);
        publisher = ring.publisher(counters, List.of(), channel -> Conflator.lastEvent());
        for (int i = 0; i < 3; i++) {
            publisher.addTopic(0, new byte[] {(byte) ('A' + i)}, 0, 1);
        }
    }

    private void publish(final int topic) {
        final byte[] bytes = "{}".getBytes(StandardCharsets.UTF_8);
        publisher.publish(topic, TickPublisher.NO_TIME, 0, new UpdateSlice().set(bytes, 0, 2, 0, 2));
    }

    private List<String> read() {
        seen.clear();
        poller.poll(new Reader());
        return List.copyOf(seen);
    }
}
