package penstock.bench.release;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import java.util.function.Function;

/**
 * A release beside the last one. A benchmark is compared by its ratio to the baseline of its own run, a figure under
 * load by its ratio to the floor of its own rounds: the machine of that day is in both, and falls out. A regression is
 * what is more than 10 % worse and lies beyond the error bars of both; figures that are new or gone, and those without
 * a ratio, are only listed. Stateless.
 *
 * @param lines what differs or may not, in the order of this release
 */
record ReleaseComparison(List<Line> lines) {
    private static final double WORSE = 0.10;
    private static final double NO_BYTES = 0.5; // prints as 0
    private static final double SOME_BYTES = 1;

    /** What a line says of its figure. */
    enum Verdict {
        SAME("same"), BETTER("better"), NOISE("worse, within the error bars"), UNSURE("worse, error bars not known"),
        REGRESSION("**regression**"), LISTED("listed only"), NEW("new"), GONE("gone");

        final String text;

        Verdict(final String text) {
            this.text = text;
        }
    }

    /**
     * One figure.
     *
     * @param what    its name
     * @param before  in the last release, with its error
     * @param now     in this one
     * @param change  of the ratio; above 0 is more, NaN when one is missing
     * @param verdict whether that is good
     */
    record Line(String what, String before, String now, double change, Verdict verdict) {
        @Override
        public String toString() {
            return what + ": " + before + " → " + now
                + (Double.isNaN(change) ? "" : " (" + FigureText.percent(change) + ")");
        }
    }

    static ReleaseComparison of(final ReleaseResults before, final ReleaseResults now) {
        final List<Line> lines = new ArrayList<>();
        if (before.suite().hasBaseline() && now.suite().hasBaseline()) {
            pair(lines, before.suite().figures(), now.suite().figures(), BenchmarkFigure::key,
                (old, figure) -> benchmark(before.suite(), old, now.suite(), figure));
        }
        pair(lines, before.loadFigures(), now.loadFigures(), LoadFigure::key, ReleaseComparison::load);
        return new ReleaseComparison(lines);
    }

    List<Line> with(final Verdict verdict) {
        return lines.stream().filter(line -> line.verdict == verdict).toList();
    }

    private static <T> void pair(final List<Line> lines, final List<T> before, final List<T> now,
            final Function<T, String> key,
                                 final BiFunction<T, T, List<Line>> compare) {
        final Map<String, T> old = new LinkedHashMap<>();
        before.forEach(each -> old.put(key.apply(each), each));
        for (final T figure : now) {
            final T same = old.remove(key.apply(figure));
            if (same == null) {
                lines.add(new Line(key.apply(figure), "–", "measured", Double.NaN, Verdict.NEW));
            } else {
                lines.addAll(compare.apply(same, figure));
            }
        }
        old.keySet().forEach(each -> lines.add(new Line(each, "measured", "–", Double.NaN, Verdict.GONE)));
    }

    private static List<Line> benchmark(final BenchmarkSuite oldSuite, final BenchmarkFigure old,
            final BenchmarkSuite suite,
            final BenchmarkFigure figure) {
        final List<Line> lines = new ArrayList<>();
        lines.add(ratios(figure.key(), oldSuite.ratio(old), oldSuite.ratioError(old), suite.ratio(figure),
            suite.ratioError(figure)));
        if (old.bytesPerOp() < NO_BYTES && figure.bytesPerOp() > SOME_BYTES) {
            lines.add(new Line(figure.key() + ", garbage", FigureText.plain(old.bytesPerOp()) + " B/op",
                FigureText.plain(figure.bytesPerOp()) + " B/op", Double.NaN, Verdict.REGRESSION));
        }
        return lines;
    }

    private static List<Line> load(final LoadFigure old, final LoadFigure figure) {
        if (!old.hasRatio() || !figure.hasRatio()) {
            final String unit = figure.unit().isEmpty() ? "" : " " + figure.unit();
            return List.of(
                new Line(figure.key(), FigureText.plain(old.value()) + unit, FigureText.plain(figure.value()) + unit,
                figure.value() / old.value() - 1, Verdict.LISTED));
        }
        final LoadFigure.Ratio was = old.ratio();
        final LoadFigure.Ratio is = figure.ratio();
        final String what = figure.key() + ", to " + is.to();
        if (!figure.bar().isHigh()) {
            return List.of(ratios(what, was.median(), was.error(), is.median(), is.error()));
        }
        return List.of(new Line(what, withError(was.median(), was.error()), withError(is.median(), is.error()),
            is.median() / was.median() - 1, verdict(-was.median(), was.error(), -is.median(), is.error())));
    }

    private static Line ratios(final String what, final double before, final double errorBefore, final double now,
            final double error) {
        return new Line(what, withError(before, errorBefore), withError(now, error), now / before - 1,
            verdict(before, errorBefore, now, error));
    }

    /** Less is better; where more is, both come negated. */
    private static Verdict verdict(final double before, final double errorBefore, final double now,
            final double error) {
        final double limit = WORSE * Math.abs(before);
        if (Double.isNaN(now - before)) {
            return Verdict.UNSURE;
        }
        if (now - before <= limit) {
            return now - before < -limit ? Verdict.BETTER : Verdict.SAME;
        }
        if (Double.isNaN(error + errorBefore)) {
            return Verdict.UNSURE;
        }
        return now - error > before + errorBefore ? Verdict.REGRESSION : Verdict.NOISE;
    }

    private static String withError(final double value, final double error) {
        return FigureText.plain(value) + (Double.isNaN(error) ? "" : " ± " + FigureText.plain(error));
    }
}
