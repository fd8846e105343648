package penstock.bench.release;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import penstock.bench.release.ReleaseComparison.Line;
import penstock.bench.release.ReleaseComparison.Verdict;

/** The page of a release's results, in Markdown. Owned by the main thread. */
final class ResultsPage {
    private static final List<String> OF_THE_RUN = List.of("plan", "time", "commit", "load");

    private final RunConditions conditions;
    private final ReleaseResults now;
    private final ReleaseResults before;
    private final ReleaseComparison comparison;
    private final boolean hasPlot;
    private final StringBuilder out = new StringBuilder();

    /** {@code before} is null at the first release. */
    ResultsPage(final RunConditions conditions, final ReleaseResults now, final ReleaseResults before,
        final ReleaseComparison comparison,
            final boolean hasPlot) {
        this.conditions = conditions;
        this.now = now;
        this.before = before;
        this.comparison = comparison;
        this.hasPlot = hasPlot;
    }

    String text() {
        head();
        load();
        benchmarks();
        comparison();
        return out.toString();
    }

    private void head() {
        line("# Results of %s", now.version());
        line("");
        if (conditions.isQuick) {
            line("**Quick: the rounds were short, to try the script out. They say nothing; no later release is "
                + "compared with them.**");
            line("");
        }
        line("| | |");
        line("|---|---|");
        line("| commit | `%s` |", conditions.commit);
        line("| date | %s |", conditions.date);
        line("| tests | %s |", cell(conditions.tests));
        now.loadRuns().stream().findFirst().ifPresent(run -> run.environment().forEach((key, value) -> {
            if (!OF_THE_RUN.contains(String.valueOf(key))) {
                line("| %s | %s |", cell(key), cell(value instanceof Double number ? FigureText.plain(number) : value));
            }
        }));
        line("");
        if (!conditions.commands.isEmpty()) {
            line("```");
            conditions.commands.forEach(each -> line("%s", each));
            line("```");
            line("");
        }
        conditions.notes.forEach(note -> {
            line("%s", note);
            line("");
        });
    }

    private void load() {
        line("## Under load");
        line("");
        if (now.loadRuns().isEmpty()) {
            line("Not measured.");
            line("");
            return;
        }
        line("Medians of the rounds. A ratio is taken within each round, to the bare fan-out of that round (`floor`), "
            + "which did the same");
        line("work in turn; ± is half the range of the rounds. A bar is for the ratio where there is one, else for the "
            + "figure.");
        line("");
        if (hasPlot) {
            line("![Percentile curves of latency](percentiles.svg)");
            line("");
        }
        now.loadRuns().forEach(this::scenario);
    }

    private void scenario(final LoadRun run) {
        line("### %s", run.scenario());
        line("");
        final Object plan = run.environment().get("plan");
        line("%s[%s.json](load/%s.json)", plan == null ? "" : "`" + plan + "`, ", run.scenario(), run.scenario());
        line("");
        if (!run.figures().isEmpty()) {
            line("| figure | median | ratio | bar | |");
            line("|---|---|---|---|---|");
            run.figures().forEach(this::figure);
            line("");
        }
        if (!run.latencyMs().isEmpty()) {
            line("| ms, from due | p50 | p99 | p99.9 |");
            line("|---|---|---|---|");
            run.latencyMs()
                .forEach((what, ms) ->
                line("| %s | %s | %s | %s |", cell(what), FigureText.plain(ms[0]), FigureText.plain(ms[1]),
                FigureText.plain(ms[2])));
            line("");
        }
        run.broken().forEach(each -> {
            line("**Does not hold:** %s", each);
            line("");
        });
    }

    private void figure(final LoadFigure figure) {
        final LoadFigure.Ratio ratio = figure.ratio();
        final String ratioText = !figure.hasRatio() ? "" : FigureText.plain(ratio.median())
            + (Double.isNaN(ratio.error()) ? "" : " ± " + FigureText.plain(ratio.error())) + " × " + ratio.to();
        final String bar = !figure.hasBar() ? "" : (figure.bar().isHigh() ? "≥ " : "≤ ")
            + FigureText.plain(figure.bar().limit());
        line("| %s | %s %s | %s | %s | %s |", cell(figure.what()), FigureText.plain(figure.value()),
            cell(figure.unit()),
            cell(ratioText), bar, !figure.hasBar() ? "" : figure.bar().holds() ? "holds" : "**missed**");
    }

    private void benchmarks() {
        line("## Benchmarks");
        line("");
        if (now.suite().figures().isEmpty()) {
            line("Not measured.");
            line("");
            return;
        }
        line("[jmh.json](jmh.json): %s.", now.suite().conditions());
        line("± is JMH's error (99.9 %%). The ratio is the time of an operation in times of the baseline,");
        line("a fixed piece of work without Penstock, measured in the same run: what releases are compared by.");
        line("");
        final Map<String, StringBuilder> classes = new LinkedHashMap<>();
        now.suite().baseline().forEach(each -> row(classes, each));
        now.suite().figures().forEach(each -> row(classes, each));
        classes.forEach((name, rows) -> {
            line("### %s", name);
            line("");
            line("| benchmark | mode | score | unit | ratio | B/op |");
            line("|---|---|---|---|---|---|");
            out.append(rows).append('\n');
        });
    }

    private void row(final Map<String, StringBuilder> classes, final BenchmarkFigure figure) {
        final String score = FigureText.plain(figure.score())
            + (Double.isNaN(figure.error()) ? "" : " ± " + FigureText.plain(figure.error()));
        classes.computeIfAbsent(figure.className(), name -> new StringBuilder()).append(String.format(Locale.ROOT,
            "| %s | %s | %s | %s | %s | %s |%n", cell(figure.name().substring(figure.className().length() + 1)),
            figure.mode(), score,
            figure.unit(), FigureText.plain(now.suite().ratio(figure)), FigureText.plain(figure.bytesPerOp())));
    }

    private void comparison() {
        line("## Beside the last release");
        line("");
        if (before == null) {
            line("There is none before it with results.");
            return;
        }
        line("With [%s](../%s/README.md), by ratio to the baseline or the floor of each run. A regression is more than "
            + "10 %% worse and", before.version(), before.version());
        line("beyond the error bars of both; garbage is one where there was none and is more than 1 B per operation.");
        line("Figures without a ratio, and new and gone ones, are only listed.");
        line("");
        if (!before.suite().hasBaseline()) {
            line("The benchmarks of %s have no baseline, so they are not compared.", before.version());
            line("");
        }
        line("%d regressions; %d better by over 10 %%; %d the same; %d worse within the error bars; %d new; %d gone.",
            comparison.with(Verdict.REGRESSION).size(), comparison.with(Verdict.BETTER).size(),
            comparison.with(Verdict.SAME).size(),
            comparison.with(Verdict.NOISE).size() + comparison.with(Verdict.UNSURE).size(),
            comparison.with(Verdict.NEW).size(), comparison.with(Verdict.GONE).size());
        line("");
        line("| figure | %s | %s | change | |", before.version(), now.version());
        line("|---|---|---|---|---|");
        for (final Line each : comparison.lines()) {
            line("| %s | %s | %s | %s | %s |", cell(each.what()), each.before(), each.now(),
                Double.isNaN(each.change()) ? "" : FigureText.percent(each.change()), each.verdict().text);
        }
    }

    private void line(final String format, final Object... values) {
        out.append(values.length == 0 ? format.replace("%%", "%") : String.format(Locale.ROOT, format, values))
            .append('\n');
    }

    private static String cell(final Object value) {
        return String.valueOf(value).replace("|", "\\|").replace("\n", " ");
    }
}
