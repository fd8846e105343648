package penstock.server.ops;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import penstock.telemetry.LatencyRecorder;

class StageWindowTest {
    private static final long SECOND_NS = 1_000_000_000;

    private final LatencyRecorder one = new LatencyRecorder();
    private final LatencyRecorder two = new LatencyRecorder();
    private final StageWindow window = new StageWindow(() -> List.of(one, two), 0);

    @Test
    void shouldFindPercentilesOverAllThreadsWithinTheirBuckets() {
        for (int i = 0; i < 900; i++) {
            one.recordNs(15_000);
        }
        for (int i = 0; i < 100; i++) {
            two.recordNs(3_000_000);
        }
        final long count = window.look();
        assertThat(count).isEqualTo(1_000);
        assertThat(window.percentileUs(0.5, count)).isBetween(10L, 20L);
        assertThat(window.percentileUs(0.9, count)).isEqualTo(20);
        assertThat(window.percentileUs(0.99, count)).isBetween(2_000L, 5_000L);
        assertThat(window.percentileUs(0.95, count)).isEqualTo(3_500);
    }

    @Test
    void shouldForgetWhatIsOlderThanAMinute() {
        one.recordNs(15_000);
        for (int second = 1; second <= 59; second++) {
            window.mark(second * SECOND_NS);
        }
        assertThat(window.look()).isEqualTo(1);
        for (int second = 60; second <= 66; second++) {
            window.mark(second * SECOND_NS);
        }
        assertThat(window.look()).isZero();
        two.recordNs(15_000);
        assertThat(window.look()).isEqualTo(1);
    }

    @Test
    void shouldSayTheLastBoundOfWhatIsBeyondAllBuckets() {
        one.recordNs(200 * SECOND_NS);
        assertThat(window.percentileUs(0.5, window.look())).isEqualTo(100_000_000);
    }

    @Test
    void shouldRateACountByTheLastTwoSeconds() {
        final long[] count = {1_000};
        final RateWindow rate = new RateWindow(() -> count[0], 0);
        assertThat(rate.perSecond()).isZero();
        for (int half = 1; half <= 8; half++) {
            count[0] += 50;
            rate.mark(half * SECOND_NS / 2);
        }
        assertThat(rate.perSecond()).isEqualTo(100);
        for (int half = 9; half <= 12; half++) {
            rate.mark(half * SECOND_NS / 2);
        }
        assertThat(rate.perSecond()).as("nothing more came").isZero();
    }
}
