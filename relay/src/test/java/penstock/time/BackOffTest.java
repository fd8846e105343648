package penstock.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import penstock.testkit.Seeds;

class BackOffTest {
    @RegisterExtension
    private final Seeds seeds = new Seeds();

    @Test
    void shouldDrawUniformlyBelowADoublingCeiling() {
        final SplittableRandom random = new SplittableRandom(seeds.fresh());
        final int draws = 10_000;
        for (int attempt = 0; attempt < 12; attempt++) {
            final long ceilingMs = Math.min(30_000, 250L << attempt);
            final int[] tenths = new int[10];
            for (int i = 0; i < draws; i++) {
                final BackOff backOff = new BackOff(250, 30_000, random);
                for (int before = 0; before < attempt; before++) {
                    backOff.nextMs();
                }
                assertThat(backOff.ceilingMs()).isEqualTo(ceilingMs);
                final long delayMs = backOff.nextMs();
                assertThat(delayMs).isBetween(0L, ceilingMs);
                tenths[(int) (delayMs * 10 / (ceilingMs + 1))]++;
            }
            double chiSquare = 0;
            for (final int count : tenths) {
                chiSquare += (count - draws / 10.0) * (count - draws / 10.0) / (draws / 10.0);
            }
            // 9 degrees of freedom: all of 12 attempts stay below 56 but in one run of 4 million
            assertThat(chiSquare).as("attempt %s", attempt).isLessThan(56);
        }
    }

    @Test
    void shouldStayAtTheLargestCeilingUntilReset() {
        final BackOff backOff = new BackOff(1000, 60_000, new SplittableRandom(seeds.fresh()));
        for (int i = 0; i < 10_000; i++) {
            assertThat(backOff.nextMs()).isBetween(0L, 60_000L);
        }
        assertThat(backOff.ceilingMs()).isEqualTo(60_000);
        backOff.reset();
        assertThat(backOff.ceilingMs()).isEqualTo(1000);
    }

    @Test
    void shouldNotHammerDuringTheFirstMinute() {
        long attempts = 0;
        for (final long seed : seeds.rounds(1_000)) {
            final BackOff backOff = new BackOff(250, 30_000, new SplittableRandom(seed));
            for (long atMs = 0; atMs < 60_000; atMs += backOff.nextMs()) {
                attempts++;
            }
        }
        assertThat(attempts / 1000.0).as("mean attempts in a minute").isLessThan(12);
    }

    @Test
    void shouldRejectInvalidLimits() {
        assertThatThrownBy(() -> new BackOff(0, 1, new SplittableRandom(1))).hasMessageContaining("min 0 ms");
        assertThatThrownBy(() -> new BackOff(2, 1, new SplittableRandom(1))).hasMessageContaining("max 1 ms");
    }
}
