package penstock.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import org.assertj.core.data.Percentage;
import org.junit.jupiter.api.Test;

class LatencyRecorderTest {
    private static final Percentage EXACT = Percentage.withPercentage(1);

    private final LatencyRecorder latency = new LatencyRecorder();

    @Test
    void shouldGiveQuantilesToOnePercent() {
        for (int i = 1; i <= 1_000; i++) {
            latency.recordNs(i * 1_000L);
        }

        assertThat(latency.quantileNs(0.5)).isCloseTo(500_000, EXACT);
        assertThat(latency.quantileNs(0.99)).isCloseTo(990_000, EXACT);
        assertThat(latency.quantileNs(1)).isCloseTo(1_000_000, EXACT);
        assertThat(latency.count()).isEqualTo(1_000);
        assertThat(latency.sumNs()).isEqualTo(500_500_000);
    }

    @Test
    void shouldKeepLatenciesOfEarlierReads() {
        latency.recordNs(1_000);
        assertThat(latency.count()).isEqualTo(1);
        latency.recordNs(2_000);

        assertThat(latency.count()).isEqualTo(2);
        assertThat(latency.quantileNs(0)).isCloseTo(1_000, EXACT);
    }

    @Test
    void shouldBoundImpossibleLatencies() {
        latency.recordNs(Long.MIN_VALUE);
        latency.recordNs(Long.MAX_VALUE);

        assertThat(latency.count()).isEqualTo(2);
        assertThat(latency.sumNs()).isEqualTo(3_600_000_000_000L);
    }

    @Test
    void shouldBeZeroWithoutLatencies() {
        assertThat(latency.quantileNs(0.99)).isZero();
        assertThat(latency.count()).isZero();
    }

    @Test
    void shouldLoseNothingWhenReadAndWrittenAtOnce() throws InterruptedException {
        final int count = 300_000;
        final Thread owner = new Thread(() -> {
            for (int i = 0; i < count; i++) {
                latency.recordNs(1_000);
            }
        });
        owner.start();
        long before = 0;
        while (owner.isAlive()) {
            final long now = latency.count();
            assertThat(now).isGreaterThanOrEqualTo(before);
            before = now;
        }
        owner.join();

        assertThat(latency.count()).isEqualTo(count);
        assertThat(latency.sumNs()).isEqualTo(count * 1_000L);
    }
}
