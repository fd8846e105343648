package penstock.bench.release;

import java.util.Map;
import java.util.stream.Collectors;

/**
 * One line of JMH's results. Stateless.
 *
 * @param className  without its package
 * @param name       class, method and parameters
 * @param mode       JMH's: {@code avgt}, {@code thrpt}, …
 * @param unit       of the score: {@code ns/op}, {@code ops/s}
 * @param score      as JMH wrote it
 * @param error      half of JMH's interval of 99.9 % confidence; NaN when it had too few iterations to tell
 * @param bytesPerOp what {@code -prof gc} found; NaN without it
 */
record BenchmarkFigure(String className, String name, String mode, String unit, double score, double error,
        double bytesPerOp) {
    private static final Map<String, Double> UNIT_NS =
        Map.of("ns", 1.0, "us", 1e3, "ms", 1e6, "s", 1e9, "min", 60e9, "hr", 3_600e9, "day", 86_400e9);

    static BenchmarkFigure read(final Object json) {
        final String full = ResultsJson.text(json, "benchmark");
        final int method = full.lastIndexOf('.');
        final int start = full.lastIndexOf('.', method - 1) + 1;
        final String className = full.substring(start, Math.max(start, method));
        final String params = ResultsJson.object(json, "params").entrySet().stream()
            .map(each -> each.getKey() + "=" + each.getValue())
            .collect(Collectors.joining(" "));
        final String name = full.substring(start) + (params.isEmpty() ? "" : " " + params);
        final Object metric = ResultsJson.object(json, "primaryMetric");
        // before 1.37 its names began with a dot in the middle of the line
        final double bytes = ResultsJson.object(json, "secondaryMetrics").entrySet().stream()
            .filter(each -> String.valueOf(each.getKey()).endsWith("gc.alloc.rate.norm"))
            .mapToDouble(each -> ResultsJson.number(each.getValue(), "score")).findFirst().orElse(Double.NaN);
        return new BenchmarkFigure(className, name, ResultsJson.text(json, "mode"),
            ResultsJson.text(metric, "scoreUnit"),
            ResultsJson.number(metric, "score"), ResultsJson.number(metric, "scoreError"), bytes);
    }

    /** What makes it the same benchmark in another release. */
    String key() {
        return name + " (" + mode + ")";
    }

    /** The time of one operation, for scores in time per operation and in operations per time. */
    double costNs() {
        if (unit.startsWith("ops/")) {
            return unitNs(unit.substring(4)) / score;
        }
        return unitNs(unit.substring(0, Math.max(0, unit.indexOf('/')))) * score;
    }

    /** The error as a part of the score. */
    double relativeError() {
        return error / score;
    }

    private double unitNs(final String name) {
        final Double ns = UNIT_NS.get(name);
        if (ns == null) {
            throw new IllegalArgumentException(key() + ": the unit " + unit
                + " is not known; scores are in time/op or ops/time");
        }
        return ns;
    }
}
