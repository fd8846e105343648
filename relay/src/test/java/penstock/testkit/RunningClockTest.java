package penstock.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class RunningClockTest {
    private static final long MS = 1_000_000;

    @Test
    void shouldCountAllTimeOfAProcessThatIsIdleOrHasItsCores() {
        assertThat(RunningClock.hadNs(50 * MS, 0, 0)).isEqualTo(50 * MS);
        assertThat(RunningClock.hadNs(50 * MS, 100 * MS, 0)).as("two threads on two cores").isEqualTo(50 * MS);
    }

    @Test
    void shouldLeaveOutTheTimeOfOtherProcesses() {
        assertThat(RunningClock.hadNs(50 * MS, 5 * MS, 45 * MS)).isEqualTo(5 * MS);
        assertThat(RunningClock.hadNs(50 * MS, 5 * MS, 20 * MS)).as("idle for 25 ms").isEqualTo(30 * MS);
        assertThat(RunningClock.hadNs(50 * MS, 10 * MS, 90 * MS)).as("two at a time").isEqualTo(5 * MS);
    }

    @Test
    void shouldLeaveOutTheTimeInWhichTheMachineStoodStill() {
        assertThat(RunningClock.hadNs(4_000 * MS, 0, 0)).isEqualTo(100 * MS);
    }

    @Test
    void shouldShareTheGapAmongThreadsThatWereReadyTogether() {
        assertThat(RunningClock.hadNs(50 * MS, 50 * MS, 50 * MS)).as("two on one core").isEqualTo(25 * MS);
    }
}
