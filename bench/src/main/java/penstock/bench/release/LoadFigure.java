package penstock.bench.release;

/**
 * One figure of a load scenario. Stateless.
 *
 * @param scenario the scenario's name
 * @param what     the figure's name
 * @param unit     of the plain figure
 * @param value    the median of its rounds
 * @param ratio    to the floor of the same rounds; {@link Ratio#NONE} where there is none
 * @param bar      its target; {@link Bar#NONE} where there is none
 */
record LoadFigure(String scenario, String what, String unit, double value, Ratio ratio, Bar bar) {
    /**
     * A ratio taken within each round.
     *
     * @param to     the name of the other figure
     * @param median over the rounds
     * @param error  half of the range of the rounds; NaN with less than two rounds
     */
    record Ratio(String to, double median, double error) {
        static final Ratio NONE = new Ratio("", Double.NaN, Double.NaN);
    }

    /**
     * A bar.
     *
     * @param limit       of the ratio where there is one, else of the value
     * @param isHigh      more is better
     * @param holds       whether it was kept
     */
    record Bar(double limit, boolean isHigh, boolean holds) {
        static final Bar NONE = new Bar(Double.NaN, false, true);
    }

    static LoadFigure read(final String scenario, final String what, final Object json) {
        final Object ratioJson = ResultsJson.object(json, "ratio");
        final Ratio ratio = ResultsJson.object(json, "ratio").isEmpty() ? Ratio.NONE
            : new Ratio(shortened(ResultsJson.text(ratioJson, "to")),
            ResultsJson.number(ratioJson, "median"), FigureText.halfRange(ResultsJson.numbers(ratioJson, "rounds")));
        final Object barred = Double.isNaN(ResultsJson.number(ratioJson, "bar")) ? json : ratioJson;
        final double median = ResultsJson.number(json, "median");
        return new LoadFigure(scenario, what, ResultsJson.text(json, "unit"), median, ratio,
            bar(barred, ResultsJson.text(json, "unit")));
    }

    boolean hasRatio() {
        return ratio != Ratio.NONE;
    }

    boolean hasBar() {
        return !Double.isNaN(bar.limit);
    }

    String key() {
        return scenario + ": " + what;
    }

    /** The ratio of "cpu per update, relay" is to "cpu per update, floor": a page says floor. */
    private static String shortened(final String figure) {
        return figure.substring(figure.lastIndexOf(", ") < 0 ? 0 : figure.lastIndexOf(", ") + 2);
    }

    /** The bar of a figure says which direction is better; without one, a higher rate is better. */
    private static Bar bar(final Object json, final String unit) {
        final double limit = ResultsJson.number(json, "bar");
        final boolean holds = ResultsJson.isTrue(json, "holds");
        final boolean isRate = unit.endsWith("/s") || unit.endsWith("per second");
        final String better = ResultsJson.text(json, "better");
        final boolean isHigh = better.isEmpty() ? isRate : better.equals("higher");
        return Double.isNaN(limit) ? new Bar(Double.NaN, isHigh, true) : new Bar(limit, isHigh, holds);
    }
}
