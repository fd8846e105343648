package penstock.telemetry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.agrona.concurrent.status.AtomicCounter;
import org.agrona.concurrent.status.CountersManager;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Everything that is counted and measured, each by its owner. The same question gets the same object. Counters and
 * distinct errors live in a mapped file, which {@link TelemetryReader} reads from another process.
 * Any thread may register and read; each counter and recorder is written by its owner only.
 */
public final class Telemetry implements AutoCloseable {
    /** The value of a gauge whose value cannot be known; it is written as {@code NaN}. */
    public static final long UNKNOWN = Long.MIN_VALUE;

    private static final Logger LOG = LoggerFactory.getLogger(Telemetry.class);
    private static final String[] QUANTILES = {"0.5", "0.9", "0.99", "0.999"};
    private static final int COUNTERS_PER_OWNER = Counter.values().length + 1;
    private static final int ANONYMOUS_OWNERS = 16;
    private static final int ERROR_BYTES = 512 * 1_024;

    /** One metric: its sentence and the source of each owner. */
    private record Metric<T>(String sentence, Map<String, T> owners) {
        Metric(final String sentence) {
            this(sentence, new TreeMap<>());
        }
    }

    /** Values that are read at each scrape, by their labels. */
    private record Gauge(String type, Metric<LongSupplier> metric) {
    }

    private final Map<String, Counters> counters = new LinkedHashMap<>();
    private final Map<String, Metric<LatencyRecorder>> latencies = new TreeMap<>();
    private final Map<String, Gauge> gauges = new TreeMap<>();
    private final Path directory;
    private final TelemetryFile file;
    private final CountersManager manager;
    private final ErrorLog errors;

    /** Telemetry in anonymous memory. */
    public Telemetry() {
        this(null, anonymous(ANONYMOUS_OWNERS));
    }

    private Telemetry(final Path directory, final TelemetryFile file) {
        this.directory = directory;
        this.file = file;
        manager = Counters.manager(file);
        errors = new ErrorLog(file.errors(), Clock.systemUTC());
    }

    /**
     * Telemetry of {@code owners} threads in a file of {@code wanted}, or of a numbered directory beside it while a
     * running relay uses {@code wanted}. If the file cannot be created, a line in the log says so, and the memory
     * is anonymous.
     */
    public static Telemetry in(final Path wanted, final int owners) {
        try {
            final Path directory = TelemetryDirectory.claim(wanted);
            final Telemetry telemetry = new Telemetry(directory,
                TelemetryFile.create(directory, owners * COUNTERS_PER_OWNER, ERROR_BYTES));
            LOG.info("telemetry: in {}", directory);
            return telemetry;
        } catch (final IOException e) {
            LOG.warn("telemetry: relay stat will not find this relay: cannot write in {}: {}; free space there or set "
                + "telemetry.dir", wanted, e.toString());
            return new Telemetry(null, anonymous(owners));
        }
    }

    /** The counters of {@code owner}: {@code feed}, {@code fanout-0}; {@code feed/kraken} of one of several feeds. */
    public synchronized Counters counters(final String owner) {
        return counters.computeIfAbsent(owner, name -> new Counters(name, manager));
    }

    /** The log of distinct errors. */
    public ErrorLog errors() {
        return errors;
    }

    /** A task for {@code owner} to run once a second: as long as it does, its thread is not stuck. */
    public synchronized Runnable heartbeat(final String owner) {
        final AtomicCounter beat = manager.newCounter(PrometheusText.sampleName("heartbeat_ms", owner),
            Counters.HEARTBEAT, key -> key.putStringUtf8(0, owner));
        beat.setRelease(System.currentTimeMillis());
        return () -> beat.setRelease(System.currentTimeMillis());
    }

    /** Shows readers the port of the subscribers' listener. */
    public void port(final int port) {
        file.port(port);
    }

    /** The directory of the file; null if the memory is anonymous. */
    public Path directory() {
        return directory;
    }

    /** A recorder of {@code owner}; {@code name} is the metric's, the unit {@code _seconds} is added. */
    public synchronized LatencyRecorder latency(final String name, final String sentence, final String owner) {
        final String metric = checked(name.endsWith("_seconds") ? name : name + "_seconds");
        final Metric<LatencyRecorder> owned = latencies.computeIfAbsent(metric, key -> new Metric<>(sentence));
        return owned.owners().computeIfAbsent(owner, key -> new LatencyRecorder());
    }

    /**
     * A value read at each scrape, by the scraping thread; {@code owner} is empty when there is only one. A later gauge
     * of the same name and owner replaces an earlier one.
     */
    public synchronized void gauge(final String name, final String sentence, final String owner,
            final LongSupplier value) {
        read("gauge", name, sentence, PrometheusText.labels("owner", owner), value);
    }

    /** The same with other labels, each before its value: {@code channel, quote}. {@link #UNKNOWN} is a value too. */
    public synchronized void gauge(
            final String name, final String sentence, final LongSupplier value, final String... labels) {
        read("gauge", name, sentence, PrometheusText.labels(labels), value);
    }

    /** A count that others keep, read like a gauge; {@code labelValue} is empty when there is only one. */
    public synchronized void count(final String name, final String sentence, final String label,
            final String labelValue, final LongSupplier value) {
        read("counter", name, sentence, PrometheusText.labels(label, labelValue), value);
    }

    private void read(final String type, final String name, final String sentence, final String labels,
            final LongSupplier value) {
        gauges.computeIfAbsent(checked(name), key -> new Gauge(type, new Metric<>(sentence))).metric().owners()
            .put(labels, value);
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
        text.metric("penstock_log_lines_dropped_total", "counter",
            "Lines of the log and of standard output that nothing read in time, or that a full disk refused.");
        text.sample("penstock_log_lines_dropped_total", "", StandardStreams.droppedLines());
        gauges.forEach((name, gauge) -> {
            text.metric(name, gauge.type(), gauge.metric().sentence());
            gauge.metric().owners().forEach((labels, value) -> writeGauge(text, name, labels, value));
        });
        latencies.forEach((name, metric) -> {
            text.metric(name, "summary", metric.sentence());
            metric.owners().forEach((owner, latency) -> writeLatency(text, name, owner, latency));
        });
    }

    /**
     * Deletes the file. Threads may go on counting: the mapping lives as long as they use it. A relay that dies leaves
     * its file for {@code relay stat}.
     */
    @Override
    public void close() {
        if (directory != null) {
            try {
                Files.deleteIfExists(directory.resolve(TelemetryFile.NAME));
                Files.deleteIfExists(directory);
            } catch (final IOException e) {
                LOG.warn("telemetry: cannot delete {}: {}", directory, e.toString());
            }
        }
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
            final PrometheusText text, final String name, final String labels, final LongSupplier value) {
        final long now;
        try {
            now = value.getAsLong();
        } catch (final RuntimeException unreadable) {
            errors.record("gauge " + name, unreadable);
            return;
        }
        text.labelled(name, labels, now == UNKNOWN ? null : now);
    }

    private static void writeLatency(final PrometheusText text, final String name, final String owner,
            final LatencyRecorder latency) {
        for (final String quantile : QUANTILES) {
            text.quantile(name, owner, quantile, latency.quantileNs(Double.parseDouble(quantile)));
        }
        text.seconds(name + "_sum", owner, latency.sumNs());
        text.sample(name + "_count", owner, latency.count());
    }

    private static TelemetryFile anonymous(final int owners) {
        return TelemetryFile.anonymous(owners * COUNTERS_PER_OWNER, ERROR_BYTES);
    }

    private static String checked(final String name) {
        if (!PrometheusText.isName(name)) {
            throw new IllegalArgumentException("not a metric name: " + name);
        }
        return name;
    }
}
