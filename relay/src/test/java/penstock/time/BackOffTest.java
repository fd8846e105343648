package penstock.time;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import penstock.testkit.Seeds;

class BackOffTest {
    private static final int DRAWS = 10_000;

    @RegisterExtension
    private final Seeds seeds = new Seeds();

    /**
     * The Kolmogorov-Smirnov test of 10,000 delays of each attempt. One of a hundred samples of a uniform distribution
     * fails it at 0.01, so the best of four counts: all four fail in one of 10 million runs.
     */
    @Test
    void shouldDrawUniformlyBelowADoublingCeiling() {
        final SplittableRandom random = new SplittableRandom(seeds.fresh());
        for (int attempt = 0; attempt < 12; attempt++) {
            double best = 0;
            for (int sample = 0; sample < 4 && best <= 0.01; sample++) {
                best = Math.max(best, probability(delays(attempt, random)));
            }
            assertThat(best).as("attempt %s", attempt).isGreaterThan(0.01);
        }
    }

    /** The test is one that finds what is not uniform: equal jitter, decorrelated jitter, the larger of two draws. */
    @Test
    void shouldKnowDelaysThatAreNotUniform() {
        final SplittableRandom random = new SplittableRandom(seeds.fresh());
        final double[] equal = new double[DRAWS];
        final double[] larger = new double[DRAWS];
        final double[] bent = new double[DRAWS];
        for (int i = 0; i < DRAWS; i++) {
            equal[i] = 0.5 + random.nextDouble() / 2;
            larger[i] = Math.max(random.nextDouble(), random.nextDouble());
            bent[i] = Math.pow(random.nextDouble(), 1.1);
        }
        assertThat(List.of(probability(equal), probability(larger), probability(bent))).allMatch(p -> p < 0.001);
    }

    /** In parts of the ceiling; whole milliseconds are spread over theirs. */
    private static double[] delays(final int attempt, final SplittableRandom random) {
        final long ceilingMs = Math.min(30_000, 250L << attempt);
        final double[] delays = new double[DRAWS];
        for (int i = 0; i < DRAWS; i++) {
            final BackOff backOff = new BackOff(250, 30_000, random);
            for (int before = 0; before < attempt; before++) {
                backOff.nextMs();
            }
            assertThat(backOff.ceilingMs()).isEqualTo(ceilingMs);
            final long delayMs = backOff.nextMs();
            assertThat(delayMs).isBetween(0L, ceilingMs);
            delays[i] = (delayMs + random.nextDouble()) / (ceilingMs + 1);
        }
        return delays;
    }

    /** How probable a distance like that of the sample from the uniform distribution on 0 to 1 is, or a larger one. */
    private static double probability(final double[] sample) {
        final double[] sorted = sample.clone();
        Arrays.sort(sorted);
        final double n = sorted.length;
        double distance = 0;
        for (int i = 0; i < sorted.length; i++) {
            distance = Math.max(distance, Math.max(sorted[i] - i / n, (i + 1) / n - sorted[i]));
        }
        final double scaled = (Math.sqrt(n) + 0.12 + 0.11 / Math.sqrt(n)) * distance;
        double sum = 0;
        for (int k = 1; k <= 100; k++) {
            sum += (k % 2 == 1 ? 2 : -2) * Math.exp(-2.0 * k * k * scaled * scaled);
        }
        // of very small distances the series says 0 and means 1
        return scaled < 0.2 ? 1 : sum;
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
        for (final long seed : seeds.rounds(10_000)) {
            final BackOff backOff = new BackOff(250, 30_000, new SplittableRandom(seed));
            for (long atMs = backOff.nextMs(); atMs < 60_000; atMs += backOff.nextMs()) {
                attempts++;
            }
        }
        assertThat(attempts / 10_000.0).as("mean attempts in the minute after a loss").isLessThanOrEqualTo(10);
    }

    @Test
    void shouldRejectInvalidLimits() {
        assertThatThrownBy(() -> new BackOff(0, 1, new SplittableRandom(1))).hasMessageContaining("min 0 ms");
        assertThatThrownBy(() -> new BackOff(2, 1, new SplittableRandom(1))).hasMessageContaining("max 1 ms");
    }
}
