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

    /** Labels and their values, as samples have them; empty without one, and a label without a value is left out. */
    static String labels(final String... labelsAndValues) {
        final StringBuilder text = new StringBuilder();
        final PrometheusText labels = new PrometheusText(text);
        for (int i = 0; i < labelsAndValues.length; i += 2) {
            if (!labelsAndValues[i + 1].isEmpty()) {
                labels.put(text.isEmpty() ? "{" : ",").put(labelsAndValues[i]).put("=\"")
                    .putEscaped(labelsAndValues[i + 1], true).put("\"");
            }
        }
        return text.isEmpty() ? "" : text.append('}').toString();
    }

    /** One sample with {@link #labels}; {@code value} is null if it is unknown. */
    public void labelled(final String name, final String labels, final Long value) {
        put(name).put(labels).put(" ").put(value == null ? "NaN" : Long.toString(value)).put("\n");
    }

    /** One sample in seconds, exact to the nanosecond. */
    public void seconds(final String name, final String owner, final long ns) {
        put(name).putOwner(owner, "").put(" ").putSeconds(ns).put("\n");
    }

    /** One quantile of a summary in seconds. */
    public void quantile(final String name, final String owner, final String quantile, final long ns) {
        put(name).putOwner(owner, "quantile=\"" + quantile + "\"").put(" ").putSeconds(ns).put("\n");
    }

    /** {@code feed/kraken}: the thread and the feed that it works for. */
    private PrometheusText putOwner(final String owner, final String label) {
        if (owner.isEmpty()) {
            return label.isEmpty() ? this : put("{").put(label).put("}");
        }
        final int slash = owner.indexOf('/');
        final String thread = slash < 0 ? owner : owner.substring(0, slash);
        final String feed = slash < 0 ? "" : owner.substring(slash + 1);
        put("{owner=\"").putEscaped(thread, true).put("\"");
        if (!feed.isEmpty()) {
            put(",feed=\"").putEscaped(feed, true).put("\"");
        }
        return put(label.isEmpty() ? "}" : "," + label + "}");
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
