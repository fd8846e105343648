package penstock.time;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import penstock.testkit.ManualClock;
import penstock.venue.Venue;

/** Hours in which silence is a fault. */
class WeeklyHoursTest {
    @Test
    void shouldBeOpenFromSundayEveningToFridayEvening() {
        final WeeklyHours fx = Venue.load("tradermade-v2", name -> "k").connection().idle().open();
        assertThat(fx).isEqualTo(new WeeklyHours(6 * 1440 + 22 * 60, 4 * 1440 + 22 * 60));
        assertThat(isOpen(fx, "2026-11-20T21:59:59Z")).isTrue();
        assertThat(isOpen(fx, "2026-11-20T22:00:00Z")).isFalse();
        assertThat(isOpen(fx, "2026-11-22T21:59:59Z")).isFalse();
        assertThat(isOpen(fx, "2026-11-22T22:00:00Z")).isTrue();
        assertThat(isOpen(fx, "2026-11-25T12:00:00Z")).isTrue();
        assertThat(isOpen(WeeklyHours.ALWAYS, "2026-11-21T12:00:00Z")).isTrue();
    }

    @Test
    void shouldStayQuietOnAWeekend() {
        final ManualClock clock = new ManualClock();
        final long nowMinute = Math.floorMod(clock.epochUs() / 60_000_000L + 3 * 1440, 7 * 1440L);
        final int[] barks = {0};
        // closed for the next ten minutes
        final WeeklyHours open = new WeeklyHours((int) (nowMinute + 10) % (7 * 1440), (int) nowMinute);
        final Watchdog watchdog = new Watchdog(clock, 60_000, open, () -> barks[0]++);
        watchdog.start();
        clock.advance(9 * 60_000);
        assertThat(barks[0]).isZero();
        clock.advance(3 * 60_000);
        assertThat(barks[0]).isEqualTo(1);
    }

    private static boolean isOpen(final WeeklyHours hours, final String instant) {
        return hours.isOpen(Instant.parse(instant).toEpochMilli() * 1000);
    }
}
