package penstock.time;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** A watchdog on a thread that stands still for a while: its timers are late, and its sockets have what came. */
class WatchdogTest {
    private static final long LIMIT_MS = 750;

    /** Runs no timer while it stands still. */
    private static final class StandingClock implements FeedClock {
        private long nowNs;
        private long dueNs;
        private Runnable task;

        /** The time passes, and nothing runs. */
        void standStill(final long ms) {
            nowNs += ms * 1_000_000;
        }

        /** Runs the timer if it is due, and returns whether it was. */
        boolean runDue() {
            final Runnable due = task;
            if (due == null || dueNs > nowNs) {
                return false;
            }
            task = null;
            due.run();
            return true;
        }

        @Override
        public long nowNs() {
            return nowNs;
        }

        @Override
        public long epochUs() {
            return nowNs / 1_000;
        }

        @Override
        public Timer executeAfter(final Runnable each, final long delayMs) {
            task = each;
            dueNs = nowNs + delayMs * 1_000_000;
            return () -> task = null;
        }

        @Override
        public void execute(final Runnable each) {
            each.run();
        }
    }

    private final StandingClock clock = new StandingClock();
    private int barks;
    private final Watchdog watchdog = new Watchdog(clock, LIMIT_MS, () -> barks++);

    @Test
    void shouldLetAThreadThatStoodStillReadFirst() {
        watchdog.start();
        clock.standStill(5_000);
        assertThat(clock.runDue()).isTrue();
        watchdog.onLife(clock.nowNs());
        clock.standStill(LIMIT_MS - 1);
        clock.runDue();
        assertThat(barks).isZero();
    }

    @Test
    void shouldFireAMomentLaterIfNothingCameMeanwhile() {
        watchdog.start();
        clock.standStill(5_000);
        assertThat(clock.runDue()).isTrue();
        assertThat(barks).isZero();
        clock.standStill(20);
        assertThat(clock.runDue()).isTrue();
        assertThat(barks).isEqualTo(1);
    }

    @Test
    void shouldFireAtOnceOnAThreadThatRuns() {
        watchdog.start();
        clock.standStill(LIMIT_MS + 1);
        assertThat(clock.runDue()).isTrue();
        assertThat(barks).isEqualTo(1);
    }
}
