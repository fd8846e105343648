package penstock.bench.release;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.EncodableHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;

/**
 * The latencies of one thing, all its rounds together. Stateless.
 *
 * @param name      what was measured
 * @param histogram in ns
 */
record LatencyCurve(String name, Histogram histogram) {
    private static final double NS_PER_MS = 1e6;
    private static final double POINTS_PER_NINE = 40;

    /** What a log of HdrHistogram holds, by its tags. */
    static List<LatencyCurve> read(final Path log) throws IOException {
        final Map<String, Histogram> sums = new LinkedHashMap<>();
        try (HistogramLogReader reader = new HistogramLogReader(log.toFile())) {
            while (reader.hasNext()) {
                final EncodableHistogram round = reader.nextIntervalHistogram();
                if (round instanceof Histogram histogram) {
                    // the rig's tags are NAME#ROUND
                    final String name = round.getTag() == null ? "all" : round.getTag().replaceAll("#\\d+$", "");
                    sums.computeIfAbsent(name, tag -> new Histogram(3)).add(histogram);
                }
            }
        }
        final List<LatencyCurve> curves = new ArrayList<>();
        sums.forEach((tag, sum) -> {
            if (sum.getTotalCount() > 0) {
                curves.add(new LatencyCurve(tag.replace('_', ' '), sum));
            }
        });
        return curves;
    }

    double ms(final double percentile) {
        return Math.max(1, histogram.getValueAtPercentile(percentile)) / NS_PER_MS;
    }

    /** How many nines its samples reach: two of them have 100 samples to show. */
    double nines() {
        return Math.log10(histogram.getTotalCount());
    }

    /** Points of {nines, ms}, from the median's left to the last sample. */
    List<double[]> points(final double mostNines) {
        final List<double[]> points = new ArrayList<>();
        final double end = Math.min(mostNines, nines());
        for (int i = 0; i < end * POINTS_PER_NINE; i++) {
            points.add(point(i / POINTS_PER_NINE));
        }
        points.add(point(end));
        return points;
    }

    private double[] point(final double nines) {
        return new double[] {nines, ms(100 - 100 * Math.pow(10, -nines))};
    }
}
