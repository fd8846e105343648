package penstock.ring;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import penstock.telemetry.Counters;

/** How far the ring is read at once: to its end, or until time is up. */
class TickPollerTest {
    private static final int SLOTS = 64;

    private final TickRing ring = new TickRing(SLOTS, 1 << 16);
    private final TickPoller poller = ring.poller(new Counters("shard"));
    private final TickPublisher publisher = ring.publisher(new Counters("feed"), List.of());
    private final RecordedTicks reader = new RecordedTicks();
    private int looks;

    @Test
    void shouldHandOverEverythingWithoutALimit() {
        fill();
        assertThat(poller.poll(reader)).isEqualTo(SLOTS);
        assertThat(reader.seen).hasSize(SLOTS);
        assertThat(poller.poll(reader)).isZero();
    }

    @Test
    void shouldStopBehindEachSixteenthEventWhileTimeIsUp() {
        fill();
        for (int read = 16; read < SLOTS; read += 16) {
            assertThat(poller.poll(reader, isFilling -> true)).as("no more than %d", read).isFalse();
            assertThat(reader.seen).hasSize(read);
        }
        assertThat(poller.poll(reader, isFilling -> true)).as("that was the last event").isTrue();
        assertThat(reader.seen).hasSize(SLOTS);
    }

    @Test
    void shouldLookAtTheTimeBehindEachSixteenthEventButTheLast() {
        fill();
        assertThat(poller.poll(reader, isFilling -> {
            looks++;
            return false;
        })).isTrue();
        assertThat(reader.seen).hasSize(SLOTS);
        assertThat(looks).isEqualTo(3);
    }

    @Test
    void shouldReadForLongerWhileLessThanAQuarterOfTheRingIsFree() {
        fill();
        assertThat(poller.poll(reader, isFilling -> !isFilling)).isFalse();
        assertThat(reader.seen).as("a quarter was read, then another sixteen events").hasSize(32);
    }

    @Test
    void shouldStopInARingThatIsFillingWhenTheLongerTimeIsUp() {
        fill();
        assertThat(poller.poll(reader, isFilling -> true)).isFalse();
        assertThat(reader.seen).hasSize(16);
    }

    @Test
    void shouldForgetTheLimitOfThePollBefore() {
        fill();
        poller.poll(reader, isFilling -> true);
        assertThat(poller.poll(reader)).isEqualTo(SLOTS - 16);
    }

    /** Every slot: the topic, and updates of it. */
    private void fill() {
        final int topic = RecordedTicks.topic(publisher, "A");
        for (int i = 1; i < SLOTS; i++) {
            RecordedTicks.publish(publisher, topic, Integer.toString(i));
        }
        publisher.flush();
    }
}
