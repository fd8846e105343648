package penstock.bench.load.rig;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;

/**
 * Results of a run: figures with a value per round, latencies with a histogram per round, facts, and truths that hold
 * or are broken. Owned by the scenario's thread.
 */
public final class LoadReport {
    private static final double[] PERCENTILES = {50, 90, 99, 99.9, 100};
    private static final double NS_PER_MS = 1e6;
    private static final double MS_PER_S = 1e3;

    private final String name;
    private final Map<String, Object> environment;
    private final Map<String, List<Histogram>> latencies = new LinkedHashMap<>();
    private final Map<String, MeasuredFigure> figures = new LinkedHashMap<>();
    private final Map<String, Object> facts = new LinkedHashMap<>();
    private final Map<String, Boolean> truths = new LinkedHashMap<>();

    public LoadReport(final String name, final Map<String, Object> environment) {
        this.name = name;
        this.environment = environment;
    }

    /** One round of one thing. */
    public void latency(final String what, final Histogram round) {
        final Histogram copy = round.copy();
        if (copy.getStartTimeStamp() == Long.MAX_VALUE) {
            copy.setStartTimeStamp(System.currentTimeMillis());
        }
        copy.setEndTimeStamp(System.currentTimeMillis());
        latencies.computeIfAbsent(what, key -> new ArrayList<>()).add(copy);
    }

    /**
     * One round of one figure; NaN for a round that is not taken, so that all figures have the same number of
     * rounds.
     */
    public void figure(final String what, final String unit, final double round) {
        figures.computeIfAbsent(what, key -> new MeasuredFigure(unit)).add(round);
    }

    /** Bar for the median of a figure. The report shows a missed bar; it breaks nothing, because machines differ. */
    public void bar(final String what, final FigureBar bar) {
        if (figures.containsKey(what)) {
            figures.get(what).bar(bar);
        }
    }

    /**
     * Adds the ratio of a figure to another one of the same round, if both were taken; the bar is for the median, or
     * null.
     */
    public void ratio(final String what, final String to, final FigureBar bar) {
        if (!what.equals(to) && figures.containsKey(what) && figures.containsKey(to)) {
            figures.get(what).ratio(to, figures.get(to), bar);
        }
    }

    /** The figure so far, or null. */
    public MeasuredFigure figure(final String what) {
        return figures.get(what);
    }

    public void fact(final String what, final Object value) {
        facts.put(what, value);
    }

    /** A truth holds if it held every time it was reported. */
    public void truth(final String what, final boolean holds) {
        truths.merge(what, holds, Boolean::logicalAnd);
    }

    public boolean holds() {
        return !truths.containsValue(false);
    }

    /** The median over the rounds, in ms. */
    public double medianMs(final String what, final double percentile) {
        return MeasuredFigure.median(rounds(what, percentile));
    }

    /**
     * How far its p99 of the rounds lie apart, as a part of their median: what a difference must exceed to mean
     * anything.
     */
    public double noise(final String what) {
        final double[] values = rounds(what, 99);
        return (Arrays.stream(values).max().orElse(0) - Arrays.stream(values).min().orElse(0)) / medianMs(what, 99);
    }

    /** Reports the p99 of one thing beside that of another, with the noise of both. */
    public void compare(final String what, final String with) {
        final double change = medianMs(what, 99) / medianMs(with, 99) - 1;
        fact("p99 of " + what + " against " + with,
            String.format(Locale.ROOT, "%+.0f %% (noise of the rounds: %.0f %% and %.0f %%)",
            100 * change, 100 * noise(what), 100 * noise(with)));
    }

    public String text() {
        final StringBuilder out = new StringBuilder(name).append('\n');
        environment.forEach((key, value) -> out.append(String.format("  %-12s %s%n", key, value)));
        out.append('\n');
        figures.forEach((what, figure) -> out.append(figure.text(what)));
        latencyTable(out);
        out.append('\n');
        facts.forEach((what, value) -> out.append(what).append(": ").append(value).append('\n'));
        out.append('\n');
        truths.forEach((what, holds) -> out.append(holds ? "holds   " : "BROKEN  ").append(what).append('\n'));
        return out.toString();
    }

    public String json() throws IOException {
        final StringWriter out = new StringWriter();
        try (JsonGenerator json = new JsonFactory().createGenerator(out).useDefaultPrettyPrinter()) {
            json.writeStartObject();
            json.writeStringField("scenario", name);
            object(json, "environment", environment);
            json.writeObjectFieldStart("latencyMs");
            for (final Map.Entry<String, List<Histogram>> each : latencies.entrySet()) {
                json.writeArrayFieldStart(each.getKey());
                for (final Histogram round : each.getValue()) {
                    json.writeStartObject();
                    json.writeNumberField("samples", round.getTotalCount());
                    for (final double percentile : PERCENTILES) {
                        json.writeNumberField(label(percentile), round.getValueAtPercentile(percentile) / NS_PER_MS);
                    }
                    json.writeEndObject();
                }
                json.writeEndArray();
            }
            json.writeEndObject();
            json.writeObjectFieldStart("figures");
            for (final Map.Entry<String, MeasuredFigure> each : figures.entrySet()) {
                json.writeFieldName(each.getKey());
                each.getValue().json(json);
            }
            json.writeEndObject();
            object(json, "facts", facts);
            object(json, "truths", truths);
            json.writeEndObject();
        }
        return out.append('\n').toString();
    }

    /**
     * The histograms as a log of HdrHistogram: one interval per thing and round, tagged NAME#ROUND with "_" for blanks.
     */
    public String histogramLog() {
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        final HistogramLogWriter log = new HistogramLogWriter(new PrintStream(bytes, false, StandardCharsets.UTF_8));
        log.outputComment("[Latencies in ns of the scenario " + name + "; the columns of text are in ms]");
        log.outputLogFormatVersion();
        log.outputLegend();
        latencies.forEach((what, rounds) -> {
            for (int i = 0; i < rounds.size(); i++) {
                final Histogram round = rounds.get(i);
                round.setTag(what.replaceAll("[,:\\s]+", "_") + "#" + (i + 1));
                log.outputIntervalHistogram(round.getStartTimeStamp() / MS_PER_S, round.getEndTimeStamp() / MS_PER_S,
                    round, NS_PER_MS);
            }
        });
        log.close();
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private void latencyTable(final StringBuilder out) {
        if (latencies.isEmpty()) {
            return;
        }
        out.append(String.format("%nms from the time an update was due, medians of the rounds%n%-44s %10s", "",
            "samples"));
        for (final double percentile : PERCENTILES) {
            out.append(String.format("%9s", label(percentile)));
        }
        out.append("   p99 of each round\n");
        latencies.forEach((what, rounds) -> {
            out.append(String.format("%-44s %10d", what, rounds.stream().mapToLong(Histogram::getTotalCount).sum()));
            for (final double percentile : PERCENTILES) {
                out.append(String.format(Locale.ROOT, "%9.2f", medianMs(what, percentile)));
            }
            out.append("  ");
            for (final double value : rounds(what, 99)) {
                out.append(String.format(Locale.ROOT, " %.2f", value));
            }
            out.append('\n');
        });
    }

    private double[] rounds(final String what, final double percentile) {
        return latencies.get(what).stream().mapToDouble(round -> round.getValueAtPercentile(percentile) / NS_PER_MS)
            .toArray();
    }

    private static void object(final JsonGenerator json, final String field, final Map<String, ?> values)
            throws IOException {
        json.writeObjectFieldStart(field);
        for (final Map.Entry<String, ?> each : values.entrySet()) {
            if (each.getValue() instanceof Boolean flag) {
                json.writeBooleanField(each.getKey(), flag);
            } else if (each.getValue() instanceof Number number) {
                json.writeNumberField(each.getKey(), number.longValue());
            } else {
                json.writeStringField(each.getKey(), String.valueOf(each.getValue()));
            }
        }
        json.writeEndObject();
    }

    private static String label(final double percentile) {
        return percentile == 100 ? "max" : "p"
            + (percentile == Math.rint(percentile) ? Long.toString((long) percentile) : percentile);
    }
}
