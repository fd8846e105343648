package penstock.bench.release;

import java.util.ArrayList;
import java.util.List;

/** The line of figures in the changelog. Stateless. */
final class KeyFigures {
    private static final List<String> SCENARIOS = List.of("broadcast", "latency");

    private KeyFigures() {
    }

    /** The figures of broadcast and latency that have a bar, how many bars hold in all, and where the rest is. */
    static String of(final ReleaseResults results) {
        final List<String> parts = new ArrayList<>();
        for (final LoadFigure figure : results.loadFigures()) {
            if (SCENARIOS.contains(figure.scenario()) && figure.hasBar() && figure.hasRatio()) {
                parts.add(figure.scenario() + ", " + figure.what() + " " + FigureText.plain(figure.ratio().median())
                    + " × " + figure.ratio().to());
            }
        }
        final List<LoadFigure> barred = results.loadFigures().stream().filter(LoadFigure::hasBar).toList();
        if (!barred.isEmpty()) {
            parts.add(barred.stream().filter(figure -> figure.bar().holds()).count() + " of " + barred.size()
                + " bars hold");
        }
        if (parts.isEmpty()) {
            parts.add(results.suite().figures().size() + " benchmarks");
        }
        return String.join("; ", parts) + ". All figures: [bench/results/" + results.version() + "](bench/results/"
            + results.version()
            + "/README.md).";
    }
}
