package penstock.bench.load.rig;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * One value per round, NaN if a round was not taken; how it compares with another of the same round, and the bar. Owned
 * by its report.
 */
public final class MeasuredFigure {
    private static final double DIGITS = 1e4;

    public final String unit;
    private final List<Double> rounds = new ArrayList<>();
    private FigureBar bar;
    private String to;
    private double[] ratios;
    private FigureBar ratioBar;

    public MeasuredFigure(final String unit) {
        this.unit = unit;
    }

    public void add(final double value) {
        rounds.add(value);
    }

    public void bar(final FigureBar newBar) {
        bar = newBar;
    }

    public void ratio(final String newTo, final MeasuredFigure other, final FigureBar newBar) {
        to = newTo;
        ratioBar = newBar;
        ratios = new double[Math.min(rounds.size(), other.rounds.size())];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = rounds.get(i) / other.rounds.get(i);
        }
    }

    public double median() {
        return median(values());
    }

    public double ratio() {
        return ratios == null ? Double.NaN : median(ratios);
    }

    /** Of those that were taken; NaN when none was. */
    public static double median(final double[] values) {
        final double[] sorted = Arrays.stream(values).filter(Double::isFinite).sorted().toArray();
        final int middle = sorted.length / 2;
        return sorted.length == 0 ? Double.NaN : sorted.length % 2 == 1 ? sorted[middle]
            : (sorted[middle - 1] + sorted[middle]) / 2;
    }

    public String text(final String name) {
        final StringBuilder out =
            new StringBuilder(String.format(Locale.ROOT, "%-44s %14s %-14s", name, text(median()), unit));
        out.append(bar == null ? "" : verdict(bar, median()));
        if (ratios != null) {
            out.append(String.format("%9s x %s", text(ratio()), to))
                .append(ratioBar == null ? "" : verdict(ratioBar, ratio()));
        }
        out.append("   rounds");
        for (int i = 0; i < rounds.size(); i++) {
            out.append(' ').append(text(rounds.get(i)));
            if (ratios != null && i < ratios.length) {
                out.append(" (").append(text(ratios[i])).append(')');
            }
        }
        return out.append('\n').toString();
    }

    public void json(final JsonGenerator json) throws IOException {
        json.writeStartObject();
        json.writeStringField("unit", unit);
        numbers(json, values());
        number(json, "median", median());
        bar(json, bar, median());
        if (ratios != null) {
            json.writeObjectFieldStart("ratio");
            json.writeStringField("to", to);
            numbers(json, ratios);
            number(json, "median", ratio());
            bar(json, ratioBar, ratio());
            json.writeEndObject();
        }
        json.writeEndObject();
    }

    private double[] values() {
        return rounds.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private static String verdict(final FigureBar bar, final double value) {
        return (bar.holds(value) ? "  holds: " : "  MISSED: ") + bar;
    }

    private static String text(final double value) {
        return Double.isNaN(value) ? "not taken"
            : String.format(Locale.ROOT, Math.abs(value) >= 1000 ? "%,.0f" : "%.3f", value);
    }

    private static void bar(final JsonGenerator json, final FigureBar bar, final double value) throws IOException {
        if (bar != null) {
            json.writeNumberField("bar", bar.limit());
            json.writeStringField("better", bar.isAtMost() ? "lower" : "higher");
            json.writeBooleanField("holds", bar.holds(value));
        }
    }

    private static void numbers(final JsonGenerator json, final double[] values) throws IOException {
        json.writeArrayFieldStart("rounds");
        for (final double value : values) {
            if (Double.isFinite(value)) {
                json.writeNumber(rounded(value));
            } else {
                json.writeNull();
            }
        }
        json.writeEndArray();
    }

    private static void number(final JsonGenerator json, final String field, final double value) throws IOException {
        if (Double.isFinite(value)) {
            json.writeNumberField(field, rounded(value));
        } else {
            json.writeNullField(field);
        }
    }

    private static double rounded(final double value) {
        return Math.round(value * DIGITS) / DIGITS;
    }
}
