package penstock.bench.release;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import penstock.bench.release.ReleaseComparison.Verdict;
import penstock.bench.release.run.ReleaseVersion;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Compares, draws, writes the page, and says whether the release is refused: exit code 3. Owned by the main thread. */
@Command(name = "page", sortOptions = false,
    header = "Compares with the last release and writes README.md and percentiles.svg.")
final class PageCommand implements Callable<Integer> {
    private static final List<String> PLOTTED = List.of("broadcast", "latency");

    @Mixin
    private RunConditions conditions;

    @Option(names = "--measured", required = true, description = "the folder with jmh.json and load/")
    private Path measured;

    @Option(names = "--results", required = true, description = "the folder of all releases' results")
    private Path results;

    @Option(names = "--allow-regression", description = "list what is worse, but do not refuse")
    private boolean isRegressionAllowed;

    @Spec
    private CommandSpec spec;

    @Override
    public Integer call() throws IOException {
        final ReleaseVersion version = new ReleaseVersion(conditions.version);
        final ReleaseResults now = ReleaseResults.read(version.text(), measured);
        if (!now.suite().figures().isEmpty() && !now.suite().hasBaseline()) {
            throw new IOException(measured.resolve("jmh.json")
                + " has no BaselineBenchmark, so its figures mean nothing on another day;"
                + " run scripts/bench without a pattern, or with one that it matches");
        }
        final Optional<Path> last = ReleaseResults.lastBefore(version, results);
        final ReleaseResults before = last.isPresent()
            ? ReleaseResults.read(last.get().getFileName().toString(), last.get()) : null;
        final ReleaseComparison comparison = before == null ? new ReleaseComparison(List.of())
            : ReleaseComparison.of(before, now);
        if (conditions.isQuick) {
            Files.writeString(measured.resolve(ReleaseResults.QUICK),
                "Short rounds: no later release is compared with these.\n");
        } else {
            Files.deleteIfExists(measured.resolve(ReleaseResults.QUICK));
        }
        final boolean hasPlot = plot(version);
        Files.writeString(measured.resolve("README.md"),
            new ResultsPage(conditions, now, before, comparison, hasPlot).text());
        return tell(now, before, comparison);
    }

    private boolean plot(final ReleaseVersion version) throws IOException {
        final Map<String, List<LatencyCurve>> panels = new LinkedHashMap<>();
        for (final String scenario : PLOTTED) {
            final Path log = measured.resolve("load").resolve(scenario + ".hlog");
            final List<LatencyCurve> curves = Files.exists(log) ? LatencyCurve.read(log) : List.of();
            if (!curves.isEmpty()) {
                panels.put(scenario, curves);
            }
        }
        final Path picture = measured.resolve("percentiles.svg");
        if (panels.isEmpty()) {
            Files.deleteIfExists(picture);
            return false;
        }
        Files.writeString(picture, PercentilePlot.draw("Penstock " + version + ": percentiles of latency", panels));
        return true;
    }

    private int tell(final ReleaseResults now, final ReleaseResults before, final ReleaseComparison comparison) {
        final StringBuilder out = new StringBuilder();
        now.loadFigures().stream().filter(figure -> figure.hasBar() && !figure.bar().holds())
            .forEach(figure -> out.append("misses its bar (no reason to refuse): ").append(figure.key()).append('\n'));
        out.append(before == null ? "there is no release before to compare with\n" : "compared with "
            + before.version() + ": "
            + comparison.lines().size() + " figures, " + comparison.with(Verdict.NEW).size() + " new, "
            + comparison.with(Verdict.GONE).size() + " gone, " + comparison.with(Verdict.NOISE).size()
            + " worse by over 10 % but within the error bars\n");
        final List<String> reasons = new ArrayList<>();
        comparison.with(Verdict.REGRESSION)
            .forEach(line -> reasons.add("over 10 % worse, beyond the error bars: " + line));
        now.broken().forEach(each -> reasons.add("does not hold: " + each));
        reasons.forEach(each -> out.append(each).append('\n'));
        spec.commandLine().getOut().print(out);
        spec.commandLine().getOut().flush();
        return reasons.isEmpty() || isRegressionAllowed ? 0 : ReleaseTool.REFUSED;
    }
}
