package penstock.telemetry;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/**
 * Everything that is counted and measured, each by its owner. What is asked for twice is the same.
 * Any thread may register and read; each counter and recorder is written by its owner only.
 */
public final class Telemetry {
    /** What a gauge gives when nobody can know its value; it is written as {@code NaN}. */
    public static final long UNKNOWN = Long.MIN_VALUE;

    private static final String[] QUANTILES = {"0.5", "0.9", "0.99", "0.999"};

    /** One metric: its sentence and the source of each owner. */
    private record Metric<T>(String sentence, Map<String, T> owners) {
        Metric(final String sentence) {
            this(sentence, new TreeMap<>());
        }
    }

    /** One gauge; {@code label} tells its values apart. */
    private record Gauge(String label, Metric<LongSupplier> metric) {
    }

    private final Map<String, Counters> counters = new LinkedHashMap<>();
    private final Map<String, Metric<LatencyRecorder>> latencies = new TreeMap<>();
    private final Map<String, Gauge> gauges = new TreeMap<>();
    private final ErrorLog errors = new ErrorLog();

    /** The counters of {@code owner}: {@code feed}, {@code fanout-0}. */
    public synchronized Counters counters(final String owner) {
        return counters.computeIfAbsent(owner, Counters::new);
    }

    /** The log of distinct errors. */
    public ErrorLog errors() {
        return errors;
    }

    /** A recorder of {@code owner}; {@code name} is the metric's, the unit {@code _seconds} is added. */
    public synchronized LatencyRecorder latency(final String name, final String sentence, final String owner) {
        final String metric = checked(name.endsWith("_seconds") ? name : name + "_seconds");
        final Metric<LatencyRecorder> owned = latencies.computeIfAbsent(metric, key -> new Metric<>(sentence));
        return owned.owners().computeIfAbsent(owner, key -> new LatencyRecorder());
    }

    /**
     * A value read at each scrape, by the scraping thread; {@code owner} is empty when there is only one. A later one
     * takes its place.
     */
    public synchronized void gauge(final String name, final String sentence, final String owner,
            final LongSupplier value) {
        gauge(name, sentence, "owner", owner, value);
    }

    /** The same with another label: {@code channel="quote"}. {@link #UNKNOWN} is a value too. */
    public synchronized void gauge(
            final String name, final String sentence, final String label, final String labelValue,
            final LongSupplier value) {
        gauges.computeIfAbsent(checked(name), key -> new Gauge(label, new Metric<>(sentence))).metric().owners()
            .put(labelValue, value);
    }

    /** The sum of one counter over all owners. */
    public synchronized long sum(final Counter counter) {
        return counters.values().stream().mapToLong(owned -> owned.get(counter)).sum();
    }

    /** Everything as Prometheus text. */
    public synchronized void writeTo(final Appendable prometheusText) {
        final PrometheusText text = new PrometheusText(prometheusText);
        for (final Counter counter : Counter.values()) {
            writeCounter(text, counter);
        }
        text.metric("penstock_errors_total", "counter", "Errors recorded in the log of distinct errors.");
        text.sample("penstock_errors_total", "", errors.count());
        text.metric("penstock_errors_distinct", "gauge",
            "Errors that differ in their class or in where they were thrown.");
        text.sample("penstock_errors_distinct", "", errors.distinctCount());
        gauges.forEach((name, gauge) -> {
            text.metric(name, "gauge", gauge.metric().sentence());
            gauge.metric().owners()
                .forEach((labelValue, value) -> writeGauge(text, name, gauge.label(), labelValue, value));
        });
        latencies.forEach((name, metric) -> {
            text.metric(name, "summary", metric.sentence());
            metric.owners().forEach((owner, latency) -> writeLatency(text, name, owner, latency));
        });
    }

    private void writeCounter(final PrometheusText text, final Counter counter) {
        text.metric(counter.metric(), "counter", counter.sentence());
        for (final Counters owned : counters.values()) {
            final long value = owned.get(counter);
            if (value != 0 || counter.isOf(owned.owner())) {
                text.sample(counter.metric(), owned.owner(), value);
            }
        }
    }

    /** One gauge that fails must not take the others with it. */
    private void writeGauge(
            final PrometheusText text, final String name, final String label, final String labelValue,
            final LongSupplier value) {
        final long now;
        try {
            now = value.getAsLong();
        } catch (final RuntimeException unreadable) {
            errors.record("gauge " + name, unreadable);
            return;
        }
        text.sample(name, label, labelValue, now == UNKNOWN ? null : now);
    }

    private static void writeLatency(final PrometheusText text, final String name, final String owner,
            final LatencyRecorder latency) {
        for (final String quantile : QUANTILES) {
            text.quantile(name, owner, quantile, latency.quantileNs(Double.parseDouble(quantile)));
        }
        text.seconds(name + "_sum", owner, latency.sumNs());
        text.sample(name + "_count", owner, latency.count());
    }

    private static String checked(final String name) {
        if (!PrometheusText.isName(name)) {
            throw new IllegalArgumentException("no name for a metric: " + name);
        }
        return name;
    }
}
