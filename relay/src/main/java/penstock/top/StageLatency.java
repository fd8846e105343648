package penstock.top;

import java.util.Map;
import java.util.NavigableMap;

/**
 * Percentiles of the time that updates spend in one stage, in seconds, between two looks. NaN = none passed.
 *
 * @param stage what the stage is called
 * @param count how many were measured
 */
record StageLatency(String stage, double count, double p50, double p90, double p99) {
    /** From the buckets of a histogram before and now, each with how many were at most that long. */
    static StageLatency of(final String stage, final NavigableMap<Double, Double> before,
            final NavigableMap<Double, Double> now) {
        final double all = now.isEmpty() ? 0 : now.lastEntry().getValue() - before.getOrDefault(now.lastKey(), 0.0);
        return new StageLatency(stage, all, quantile(0.5, all, before, now), quantile(0.9, all, before, now),
            quantile(0.99, all, before, now));
    }

    /** As Prometheus does it: even within a bucket; the bound of the last but one beyond it. */
    private static double quantile(final double part, final double all, final NavigableMap<Double, Double> before,
            final NavigableMap<Double, Double> now) {
        if (!(all > 0)) {
            return Double.NaN;
        }
        final double rank = part * all;
        double lower = 0;
        double below = 0;
        for (final Map.Entry<Double, Double> bucket : now.entrySet()) {
            final double upTo = bucket.getValue() - before.getOrDefault(bucket.getKey(), 0.0);
            if (upTo >= rank) {
                return Double.isInfinite(bucket.getKey()) ? lower
                    : lower + (bucket.getKey() - lower) * (rank - below) / (upTo - below);
            }
            lower = bucket.getKey();
            below = upTo;
        }
        return lower;
    }
}
