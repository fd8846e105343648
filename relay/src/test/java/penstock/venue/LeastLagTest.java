package penstock.venue;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LeastLagTest {
    private static final long MINUTE_US = 60_000_000;
    /** A full minute. */
    private static final long BEGIN_US = 29_933_245L * MINUTE_US;

    private final LeastLag lags = new LeastLag(2);

    @Test
    void shouldBeTheLeastOfTheMinuteThatRunsAndTheOneBefore() {
        lags.onLag(0, 900, BEGIN_US);
        lags.onLag(0, -300, BEGIN_US + 1);
        lags.onLag(0, 800, BEGIN_US + 2);
        assertThat(lags.us(0, BEGIN_US + 3)).isEqualTo(-300);

        lags.onLag(0, 500, BEGIN_US + MINUTE_US);
        assertThat(lags.us(0, BEGIN_US + MINUTE_US + 1)).isEqualTo(-300);

        lags.onLag(0, 700, BEGIN_US + 2 * MINUTE_US);
        assertThat(lags.us(0, BEGIN_US + 2 * MINUTE_US + 1)).isEqualTo(500);
    }

    @Test
    void shouldForgetWhatIsOlderThanTwoMinutes() {
        lags.onLag(0, 900, BEGIN_US);

        assertThat(lags.us(0, BEGIN_US + MINUTE_US)).isEqualTo(900);
        assertThat(lags.us(0, BEGIN_US + 2 * MINUTE_US)).isEqualTo(VenueCounts.UNKNOWN);

        lags.onLag(0, 1_000, BEGIN_US + 3 * MINUTE_US);
        assertThat(lags.us(0, BEGIN_US + 3 * MINUTE_US)).isEqualTo(1_000);
    }

    @Test
    void shouldBeUnknownForAChannelWithoutTimes() {
        lags.onLag(0, 900, BEGIN_US);

        assertThat(lags.us(1, BEGIN_US)).isEqualTo(VenueCounts.UNKNOWN);
    }
}
