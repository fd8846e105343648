package penstock.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class HoldMeterTest {
    private static final long MS = 1_000_000;

    private final Counters counters = new Counters("fanout-0");
    private final HoldMeter holds = new HoldMeter(counters);

    @Test
    void shouldKeepTheLongestTaskAndCountThoseOverThreeMilliseconds() {
        task(10 * MS, 2 * MS);
        task(20 * MS, 5 * MS);
        task(30 * MS, 3 * MS);
        task(40 * MS, 4 * MS);
        assertThat(holds.longestNs()).isEqualTo(5 * MS);
        assertThat(counters.get(Counter.LONG_HOLDS)).isEqualTo(2);
    }

    @Test
    void shouldTakeATaskWithinAnotherOneForAPartOfIt() {
        holds.begin(0);
        task(MS, MS);
        task(3 * MS, MS);
        assertThat(holds.longestNs()).isZero();
        holds.end(5 * MS);
        assertThat(holds.longestNs()).isEqualTo(5 * MS);
        assertThat(counters.get(Counter.LONG_HOLDS)).isOne();
    }

    @Test
    void shouldCountATaskThatGivesWayAndGoesOnByItsParts() {
        holds.begin(0);
        holds.split(2 * MS);
        task(2 * MS, 2 * MS);
        holds.split(4 * MS);
        holds.end(6 * MS);
        assertThat(holds.longestNs()).isEqualTo(2 * MS);
        assertThat(counters.get(Counter.LONG_HOLDS)).isZero();
    }

    @Test
    void shouldMeasureNoTaskWhereNoneRuns() {
        holds.split(100 * MS);
        assertThat(holds.longestNs()).isZero();
    }

    private void task(final long beganNs, final long tookNs) {
        holds.begin(beganNs);
        holds.end(beganNs + tookNs);
    }
}
