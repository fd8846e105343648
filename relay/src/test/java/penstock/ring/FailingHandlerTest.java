package penstock.ring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import penstock.telemetry.Counter;
import penstock.telemetry.Counters;

/** A handler of ring events that throws: the event is skipped and reported, never delivered again. */
class FailingHandlerTest {
    private final Counters feed = new Counters("feed");
    private final Counters shard = new Counters("shard");

    @Test
    void shouldSkipAnEventWhoseHandlerThrowsAnExceptionOrAnError() {
        for (final Throwable poison : List.of(new IllegalStateException("poison"), new StackOverflowError("poison"),
                new AssertionError("poison"), new NoClassDefFoundError("poison"))) {
            final Counters counters = new Counters("shard");
            final TickRing ring = new TickRing(16, 1024);
            final TickPoller poller = ring.poller(counters);
            final TickPublisher publisher = ring.publisher(feed, List.of());
            final int topic = topic(publisher, "A");
            publish(publisher, topic, "1");
            publish(publisher, topic, "2");
            final FailingReader reader = new FailingReader(poison);

            assertThat(poller.poll(reader)).isEqualTo(3);
            assertThat(reader.failures).containsExactly(topic + " " + poison);
            assertThat(reader.values).containsExactly(2L);
            assertThat(poller.poll(reader)).as("delivered again").isZero();
            assertThat(counters.get(Counter.HANDLER_FAILURES)).isEqualTo(1);
        }
    }

    @Test
    void shouldSkipAnEventWhoseFailureCannotBeReported() {
        final TickRing ring = new TickRing(16, 1024);
        final TickPoller poller = ring.poller(shard);
        final TickPublisher publisher = ring.publisher(feed, List.of());
        publish(publisher, topic(publisher, "A"), "1");
        final FailingReader reader = new FailingReader(new StackOverflowError("poison"));
        reader.failsTwice = true;

        assertThatThrownBy(() -> poller.poll(reader)).hasMessageContaining("and its report");
        assertThat(poller.poll(reader)).as("delivered again").isZero();
    }

    /** Fails at the first update. */
    private static final class FailingReader implements TickHandler {
        final List<String> failures = new ArrayList<>();
        final List<Long> values = new ArrayList<>();
        boolean failsTwice;
        private Throwable poison;

        FailingReader(final Throwable poison) {
            this.poison = poison;
        }

        @Override
        public void onTopic(final int id, final int channel, final byte[] payloads, final int offset,
                final int length, final long sinceQ) {
            assertThat(id).isZero();
        }

        @Override
        public void onValue(final Tick tick, final byte[] payloads) {
            final Throwable thrown = poison;
            poison = null;
            if (thrown instanceof Error error) {
                throw error;
            } else if (thrown instanceof RuntimeException exception) {
                throw exception;
            }
            values.add(tick.q());
        }

        @Override
        public void onTopicState(final int id, final TopicState state, final String reason, final long sinceUs,
                final long p) {
            throw new IllegalStateException("no state was published");
        }

        @Override
        public void onFeedState(final int feed, final FeedState state, final String reason, final long sinceUs,
                final long retryInMs, final long p) {
            throw new IllegalStateException("no state was published");
        }

        @Override
        public void onFailure(final int topic, final Throwable failure) {
            failures.add(topic + " " + failure);
            if (failsTwice) {
                throw new StackOverflowError("again");
            }
        }
    }

    private static int topic(final TickPublisher publisher, final String symbol) {
        final byte[] name = symbol.getBytes(StandardCharsets.UTF_8);
        return publisher.addTopic(0, name, 0, name.length);
    }

    private static void publish(final TickPublisher publisher, final int topic, final String value) {
        final byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        publisher.publish(topic, TickPublisher.NO_TIME, 7,
            new UpdateSlice().set(bytes, 0, bytes.length, 0, bytes.length));
        publisher.flush();
    }
}
