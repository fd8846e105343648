package penstock.telemetry;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.regex.Pattern;

/** Writes the Prometheus text format, version 0.0.4. Owned by the thread that scrapes. */
public final class PrometheusText {
    /** The media type of this format. */
    public static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

    private static final Pattern NAME = Pattern.compile("[a-zA-Z_:][a-zA-Z0-9_:]*");

    private final Appendable out;

    /** Writes to {@code out}. */
    public PrometheusText(final Appendable out) {
        this.out = out;
    }

    /** True if Prometheus accepts {@code name} as the name of a metric. */
    public static boolean isName(final String name) {
        return NAME.matcher(name).matches();
    }

    /** The name of a counter's sample with its owner, as {@code relay stat} shows it too. */
    static String sampleName(final String name, final String owner) {
        final StringBuilder text = new StringBuilder();
        new PrometheusText(text).put(name).putOwner(owner, "");
        return text.toString();
    }

    /**
     * Begins a metric; its samples follow at once. {@code type} is {@code counter}, {@code gauge} or {@code summary}.
     */
    public void metric(final String name, final String type, final String sentence) {
        put("# HELP ").put(name).put(" ").putEscaped(sentence, false).put("\n# TYPE ").put(name).put(" ").put(type)
            .put("\n");
    }

    /** One sample; no label when {@code owner} is empty. */
    public void sample(final String name, final String owner, final long value) {
        put(name).putOwner(owner, "").put(" ").put(Long.toString(value)).put("\n");
    }

    /** One sample with a label; {@code value} is null if it is unknown. */
    public void sample(final String name, final String label, final String labelValue, final Long value) {
        put(name);
        if (!labelValue.isEmpty()) {
            put("{").put(label).put("=\"").putEscaped(labelValue, true).put("\"}");
        }
        put(" ").put(value == null ? "NaN" : Long.toString(value)).put("\n");
    }

    /** One sample in seconds, exact to the nanosecond. */
    public void seconds(final String name, final String owner, final long ns) {
        put(name).putOwner(owner, "").put(" ").putSeconds(ns).put("\n");
    }

    /** One quantile of a summary in seconds. */
    public void quantile(final String name, final String owner, final String quantile, final long ns) {
        put(name).putOwner(owner, "quantile=\"" + quantile + "\"").put(" ").putSeconds(ns).put("\n");
    }

    private PrometheusText putOwner(final String owner, final String label) {
        if (owner.isEmpty()) {
            return label.isEmpty() ? this : put("{").put(label).put("}");
        }
        return put("{owner=\"").putEscaped(owner, true).put(label.isEmpty() ? "\"}" : "\"," + label + "}");
    }

    private PrometheusText putSeconds(final long ns) {
        return put(ns / 1_000_000_000 + "." + String.format("%09d", ns % 1_000_000_000));
    }

    private PrometheusText putEscaped(final String text, final boolean isLabel) {
        final String plain = text.replace("\\", "\\\\").replace("\n", "\\n");
        return put(isLabel ? plain.replace("\"", "\\\"") : plain);
    }

    private PrometheusText put(final String text) {
        try {
            out.append(text);
            return this;
        } catch (final IOException unwritable) {
            throw new UncheckedIOException(unwritable);
        }
    }
}
