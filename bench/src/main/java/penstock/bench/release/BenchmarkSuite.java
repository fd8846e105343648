package penstock.bench.release;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The results of one run of the JMH suite. Machines and days differ in speed, so what counts of a benchmark is its
 * ratio to the baseline of the same run: a fixed piece of work that has nothing of Penstock in it. Stateless.
 *
 * @param figures    all but the baseline
 * @param baseline   of the same run
 * @param conditions forks, iterations and Java
 */
record BenchmarkSuite(List<BenchmarkFigure> figures, List<BenchmarkFigure> baseline, String conditions) {
    private static final String BASELINE = "BaselineBenchmark";

    /** What a file of {@code scripts/bench} holds; nothing when there is no such file. */
    static BenchmarkSuite read(final Path file) throws IOException {
        if (!Files.exists(file)) {
            return new BenchmarkSuite(List.of(), List.of(), "");
        }
        if (!(ResultsJson.read(file) instanceof List<?> lines)) {
            throw new IOException(file + ": JMH's results are a list; measure again with scripts/bench");
        }
        final List<BenchmarkFigure> all = lines.stream().map(BenchmarkFigure::read).toList();
        return new BenchmarkSuite(all.stream().filter(each -> !each.className().equals(BASELINE)).toList(),
            all.stream().filter(each -> each.className().equals(BASELINE)).toList(), lines.isEmpty() ? ""
            : conditions(lines.get(0)));
    }

    boolean hasBaseline() {
        return !baseline.isEmpty();
    }

    /** The time of an operation in baselines: less is better, in every mode. */
    double ratio(final BenchmarkFigure figure) {
        final double logs = baselineOf(figure).stream().mapToDouble(each -> Math.log(each.costNs())).average()
            .orElse(Double.NaN);
        return figure.costNs() / Math.exp(logs);
    }

    /** How far the ratio may be off, by JMH's error of both; NaN when JMH could not tell. */
    double ratioError(final BenchmarkFigure figure) {
        final List<BenchmarkFigure> baselines = baselineOf(figure);
        final double squares = baselines.stream().mapToDouble(each -> each.relativeError() * each.relativeError())
            .sum();
        return ratio(figure) * Math.sqrt(figure.relativeError() * figure.relativeError()
            + squares / baselines.size() / baselines.size());
    }

    /** The baseline in the same mode, when it has one. */
    private List<BenchmarkFigure> baselineOf(final BenchmarkFigure figure) {
        final List<BenchmarkFigure> same = baseline.stream().filter(each -> each.mode().equals(figure.mode())).toList();
        return same.isEmpty() ? baseline : same;
    }

    private static String conditions(final Object line) {
        return "%s forks of %s iterations of %s, after %s of %s; %s %s".formatted(whole(line, "forks"),
            whole(line, "measurementIterations"), ResultsJson.text(line, "measurementTime"),
            whole(line, "warmupIterations"),
            ResultsJson.text(line, "warmupTime"), ResultsJson.text(line, "vmName"),
            ResultsJson.text(line, "vmVersion"));
    }

    private static String whole(final Object line, final String field) {
        return FigureText.plain(ResultsJson.number(line, field));
    }
}
