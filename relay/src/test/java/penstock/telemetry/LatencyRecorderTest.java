package penstock.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LatencyRecorderTest {
    private static final int LAST = LatencyRecorder.buckets() - 1;

    private final LatencyRecorder latency = new LatencyRecorder();

    @Test
    void shouldCountALatencyInTheFirstBucketWhoseBoundItDoesNotExceed() {
        for (int bucket = 0; bucket < LAST; bucket++) {
            final long bound = Math.round(LatencyRecorder.boundSeconds(bucket) * 1e9);
            latency.recordNs(bound);
            latency.recordNs(bound + 1);
            assertThat(latency.count(bucket)).as("up to " + bound + " ns").isEqualTo(bucket == 0 ? 1 : 2);
        }
        assertThat(latency.count(LAST)).isEqualTo(1);
    }

    @Test
    void shouldAgreeWithASearchOfTheBounds() {
        final long seed = System.nanoTime();
        final SplittableRandom random = new SplittableRandom(seed);
        final long[] expected = new long[LatencyRecorder.buckets()];
        for (int i = 0; i < 100_000; i++) {
            final long ns = random.nextLong() >>> 22 + random.nextInt(42);
            latency.recordNs(ns);
            int bucket = 0;
            while (ns / 1e9 > LatencyRecorder.boundSeconds(bucket)) {
                bucket++;
            }
            expected[bucket]++;
        }

        assertThat(counts()).as("seed " + seed).isEqualTo(expected);
    }

    /** So the bucket of a latency is found by its leading zeros and one comparison. */
    @Test
    void shouldHaveBoundsThatGrowByTwoAtLeast() {
        assertThat(LatencyRecorder.boundSeconds(0)).isEqualTo(10e-6);
        assertThat(LatencyRecorder.boundSeconds(LAST - 1)).isEqualTo(100);
        assertThat(LatencyRecorder.boundSeconds(LAST)).isInfinite();
        IntStream.range(1, LAST).forEach(bucket -> assertThat(LatencyRecorder.boundSeconds(bucket))
            .isBetween(2 * LatencyRecorder.boundSeconds(bucket - 1), 2.51 * LatencyRecorder.boundSeconds(bucket - 1)));
    }

    @Test
    void shouldSumLatencies() {
        for (int i = 1; i <= 1_000; i++) {
            latency.recordNs(i * 1_000L);
        }

        assertThat(latency.sumNs()).isEqualTo(500_500_000);
    }

    @Test
    void shouldBoundImpossibleLatencies() {
        latency.recordNs(Long.MIN_VALUE);
        latency.recordNs(Long.MAX_VALUE);

        assertThat(latency.count(0)).isEqualTo(1);
        assertThat(latency.count(LAST)).isEqualTo(1);
        assertThat(latency.sumNs()).isEqualTo(3_600_000_000_000L);
    }

    @Test
    void shouldLoseNothingWhenReadAndWrittenAtOnce() throws InterruptedException {
        final int count = 300_000;
        final Thread owner = new Thread(() -> {
            for (int i = 0; i < count; i++) {
                latency.recordNs(i & 1_048_575);
            }
        });
        owner.start();
        long before = 0;
        while (owner.isAlive()) {
            final long now = IntStream.rangeClosed(0, LAST).mapToLong(latency::count).sum();
            assertThat(now).isGreaterThanOrEqualTo(before);
            before = now;
        }
        owner.join();

        assertThat(IntStream.rangeClosed(0, LAST).mapToLong(latency::count).sum()).isEqualTo(count);
        assertThat(latency.sumNs()).isEqualTo((count - 1L) * count / 2);
    }

    private long[] counts() {
        return IntStream.rangeClosed(0, LAST).mapToLong(latency::count).toArray();
    }
}
