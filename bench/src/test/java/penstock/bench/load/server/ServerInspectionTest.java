package penstock.bench.load.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** Quantiles of a histogram, as Prometheus interpolates them. */
class ServerInspectionTest {
    private static final double ENDLESS = Double.POSITIVE_INFINITY;

    @Test
    void shouldInterpolateWithinTheBucketOfAQuantile() {
        assertThat(quantile(Map.of(0.01, 50.0, 0.02, 90.0, 0.05, 100.0, ENDLESS, 100.0), 0.7)).isEqualTo(0.015);
        assertThat(quantile(Map.of(0.01, 50.0, 0.02, 90.0, 0.05, 100.0, ENDLESS, 100.0), 0.5)).isEqualTo(0.01);
        assertThat(quantile(Map.of(0.01, 0.0, 0.02, 0.0, 0.05, 100.0, ENDLESS, 100.0), 0.5)).isEqualTo(0.035);
    }

    @Test
    void shouldGiveTheLastBoundForWhatIsAboveIt() {
        assertThat(quantile(Map.of(0.01, 50.0, ENDLESS, 100.0), 0.99)).isEqualTo(0.01);
    }

    @Test
    void shouldFailWithoutALatency() {
        assertThatIllegalStateException().isThrownBy(() -> quantile(Map.of(0.01, 0.0, ENDLESS, 0.0), 0.99));
    }

    private static double quantile(final Map<Double, Double> latencies, final double quantile) {
        return ServerInspection.quantile(new TreeMap<>(latencies), quantile);
    }
}
