package penstock.bench.release;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What one load scenario found. Stateless.
 *
 * @param scenario    its name
 * @param environment the machine, and the plan of the run
 * @param figures     in the order of the report
 * @param broken      truths that did not hold
 * @param latencyMs   medians over the rounds by thing measured: its p50, p99, p99.9
 */
record LoadRun(String scenario, Map<?, ?> environment, List<LoadFigure> figures, List<String> broken,
        Map<String, double[]> latencyMs) {
    private static final List<String> PERCENTILES = List.of("p50", "p99", "p99.9");

    static LoadRun read(final Path file) throws IOException {
        final Object json = ResultsJson.read(file);
        final String scenario = ResultsJson.text(json, "scenario");
        final List<LoadFigure> figures = new ArrayList<>();
        ResultsJson.object(json, "figures")
            .forEach((what, figure) ->
            figures.add(LoadFigure.read(scenario, FigureNames.current(String.valueOf(what)), figure)));
        final List<String> broken = new ArrayList<>();
        ResultsJson.object(json, "truths").forEach((what, holds) -> {
            if (Boolean.FALSE.equals(holds)) {
                broken.add(scenario + ": " + what);
            }
        });
        final Map<String, double[]> latencies = new TreeMap<>();
        final Map<?, ?> latencyJson = ResultsJson.object(json, "latencyMs");
        latencyJson.keySet()
            .forEach(what ->
            latencies.put(String.valueOf(what), medians(ResultsJson.list(latencyJson, String.valueOf(what)))));
        return new LoadRun(scenario, ResultsJson.object(json, "environment"), figures, broken, latencies);
    }

    private static double[] medians(final List<?> rounds) {
        return PERCENTILES.stream().mapToDouble(percentile -> {
            final double[] sorted = rounds.stream().mapToDouble(round -> ResultsJson.number(round, percentile)).sorted()
                .toArray();
            return sorted.length == 0 ? Double.NaN : (sorted[(sorted.length - 1) / 2] + sorted[sorted.length / 2]) / 2;
        }).toArray();
    }
}
