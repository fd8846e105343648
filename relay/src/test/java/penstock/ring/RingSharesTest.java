package penstock.ring;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import penstock.telemetry.Counter;
import penstock.telemetry.Counters;
import penstock.testkit.Seeds;

/** Several feeds share one ring: one that floods takes nothing from the others. */
class RingSharesTest {
    private static final int BYTES = 4_096;

    @RegisterExtension
    private final Seeds seeds = new Seeds();
    private final Counters counters = new Counters("feed");
    private final List<String> seen = new ArrayList<>();
    private TickPublisher publisher;
    private TickPoller poller;
    private long lastP;

    /** Updates as {@code topic q missed}; positions must grow. */
    private final class Reader implements TickHandler {
        @Override
        public void onTopic(final int topic, final int channel, final byte[] payloads, final int offset,
                final int length, final long sinceQ) {
            seen.add("topic " + topic + " of channel " + channel);
        }

        @Override
        public void onValue(final Tick tick, final byte[] payloads) {
            assertThat(tick.p()).isGreaterThan(lastP);
            lastP = tick.p();
            seen.add(tick.topic() + " q" + tick.q() + " missed " + tick.missed());
        }

        @Override
        public void onTopicState(final int topic, final TopicState state, final String reason, final long sinceUs,
                final long p) {
            assertThat(p).isEqualTo(lastP);
            seen.add(topic + " " + state);
        }

        @Override
        public void onFeedState(final int feed, final FeedState state, final String reason, final long sinceUs,
                final long retryInMs, final long p) {
            assertThat(p).isEqualTo(lastP);
            seen.add("feed " + feed + " " + state);
        }
    }

    @Test
    void shouldTakeEventsOfAFeedWhileAnotherOneFloods() {
        open(16, 2);
        final int flooding = topic(0);
        final int quiet = topic(1);
        for (int i = 0; i < 100; i++) {
            publish(flooding, 1);
        }
        assertThat(counters.get(Counter.RING_DROPPED)).as("of the flood").isEqualTo(92);
        for (int i = 0; i < 7; i++) {
            publish(quiet, 1);
        }
        assertThat(counters.get(Counter.RING_DROPPED)).as("none of the other").isEqualTo(92);
        read();
        assertThat(seen).contains("topic 1 of channel 1", "1 q1 missed 0", "1 q7 missed 0");
        publisher.flush();
        seen.clear();
        read();
        assertThat(seen).containsExactly("0 q100 missed 92");
    }

    @Test
    void shouldPublishTheStateOfAFeedWhileAnotherOneHasItsShare() {
        open(16, 2);
        final int flooding = topic(0);
        for (int i = 0; i < 100; i++) {
            publish(flooding, 1);
        }
        publisher.feedState(0, FeedState.STALE, "test", 1, -1);
        publisher.feedState(1, FeedState.LIVE, null, 1, -1);
        read();
        assertThat(seen).endsWith("feed 1 LIVE").doesNotContain("feed 0 STALE");
        publisher.flush();
        read();
        assertThat(seen).as("behind its updates").endsWith("0 q100 missed 92", "feed 0 STALE");
    }

    @Test
    void shouldShareTheBytesToo() {
        open(64, 2);
        final int flooding = topic(0);
        final int quiet = topic(1);
        for (int i = 0; i < 4; i++) {
            publish(flooding, 1_000);
        }
        assertThat(counters.get(Counter.RING_FULL)).as("two of them fill the share").isEqualTo(1);
        publish(quiet, 1_000);
        assertThat(counters.get(Counter.RING_FULL)).isEqualTo(1);
    }

    @Test
    void shouldTakeOneUpdateThatIsLargerThanTheShare() {
        open(64, 4);
        final int large = topic(3);
        publish(large, 1_500);
        assertThat(counters.get(Counter.RING_FULL)).as("its topic takes a byte of the share").isEqualTo(1);
        read();
        publisher.flush();
        read();
        assertThat(seen).endsWith("0 q1 missed 0");
    }

    @Test
    void shouldAccountForEachUpdateOfEachFeedAtAnyReadingPace() {
        for (final long seed : seeds.rounds(50)) {
            final Random random = Seeds.random(seed);
            final int feeds = 1 + random.nextInt(4);
            open(8 << random.nextInt(3), feeds);
            final int[] topics = new int[feeds * 2];
            final long[] published = new long[topics.length];
            for (int i = 0; i < topics.length; i++) {
                topics[i] = topic(i % feeds);
            }
            final int favourite = random.nextInt(topics.length);
            for (int i = 0; i < 500; i++) {
                final int which = random.nextBoolean() ? favourite : random.nextInt(topics.length);
                switch (random.nextInt(8)) {
                    case 0 -> read();
                    case 1 -> publisher.flush();
                    case 2 -> publisher.topicState(topics[which], TopicState.STALE, "test", 1);
                    default -> {
                        publish(topics[which], 1 + random.nextInt(BYTES / feeds / 3));
                        published[which]++;
                    }
                }
            }
            while (publisher.isBehind()) {
                read();
                publisher.flush();
            }
            read();
            assertThat(publisher.position()).isEqualTo(lastP).isEqualTo(Arrays.stream(published).sum());
            for (int i = 0; i < topics.length; i++) {
                assertLedger(topics[i], published[i]);
            }
        }
    }

    /** Every jump of q is announced as missed, and nothing is left out at the end. */
    private void assertLedger(final int topic, final long published) {
        long q = 0;
        for (final String each : seen) {
            if (each.startsWith(topic + " q")) {
                final long next = Long.parseLong(each.substring(each.indexOf('q') + 1, each.indexOf(" missed")));
                assertThat(next - q).isEqualTo(1 + Long.parseLong(each.substring(each.lastIndexOf(' ') + 1)));
                q = next;
            }
        }
        assertThat(q).isEqualTo(published);
    }

    /** Channel {@code i} is of feed {@code i}; its updates are events, which are not conflated. */
    private void open(final int slots, final int feeds) {
        final TickRing ring = new TickRing(slots, BYTES);
        seen.clear();
        lastP = 0;
        poller = ring.poller(counters);
        final int[] feedOfChannel = new int[feeds];
        Arrays.setAll(feedOfChannel, channel -> channel);
        publisher = ring.publisher(counters, List.of(), channel -> new LastValueConflator(true), feedOfChannel);
    }

    private int topic(final int channel) {
        return publisher.addTopic(channel, "S".getBytes(StandardCharsets.US_ASCII), 0, 1);
    }

    private void publish(final int topic, final int bytes) {
        publisher.publish(topic, TickPublisher.NO_TIME, 1, new UpdateSlice().set(new byte[bytes], 0, bytes, 0, bytes));
    }

    private void read() {
        poller.poll(new Reader());
    }
}
