package penstock.telemetry;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.regex.Pattern;
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

    private static final Pattern NAME = Pattern.compile("[a-z][a-z0-9_]*");
    private static final Logger LOG = LoggerFactory.getLogger(Telemetry.class);
    private static final int COUNTERS_PER_OWNER = Counter.values().length + 1;
    private static final int ANONYMOUS_OWNERS = 16;
    private static final int ERROR_BYTES = 512 * 1_024;

    /**
     * Values that are read at each scrape, by their labels, each name before its value; {@code perUnit} of them are 1
     * of the metric.
     */
    record Values(String name, String sentence, boolean isCount, double perUnit,
            Map<List<String>, LongSupplier> samples) {
    }

    /** The latencies of each owner. */
    record Latencies(String name, String sentence, Map<String, LatencyRecorder> owners) {
    }

    private final Map<String, Counters> counters = new LinkedHashMap<>();
    private final Map<String, LongSupplier> heartbeats = new LinkedHashMap<>();
    private final Map<String, Latencies> latencies = new LinkedHashMap<>();
    private final Map<String, Values> values = new LinkedHashMap<>();
    private final Path directory;
    private final int owners;
    private final TelemetryFile file;
    private final CountersManager manager;
    private final ErrorLog errors;

    /** Telemetry in anonymous memory. */
    public Telemetry() {
        this(null, anonymous(ANONYMOUS_OWNERS), ANONYMOUS_OWNERS);
    }

    private Telemetry(final Path directory, final TelemetryFile file, final int owners) {
        this.directory = directory;
        this.owners = owners;
        this.file = file;
        manager = Counters.manager(file);
        errors = new ErrorLog(file.errors(), Clock.systemUTC());
        count("penstock_errors_total", "Errors recorded in the log of distinct errors.", errors::count);
        gauge("penstock_errors_distinct", "Errors that differ in their class or in where they were thrown.",
            errors::distinctCount);
        count("penstock_log_lines_dropped_total",
            "Lines of the log and of standard output that nothing read in time, or that a full disk refused.",
            StandardStreams::droppedLines);
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
                TelemetryFile.create(directory, owners * COUNTERS_PER_OWNER, ERROR_BYTES), owners);
            LOG.info("telemetry: in {}", directory);
            return telemetry;
        } catch (final IOException e) {
            LOG.warn("telemetry: relay stat will not find this relay: cannot write in {}: {}; free space there or set "
                + "telemetry.dir", wanted, e.toString());
            return new Telemetry(null, anonymous(owners), owners);
        }
    }

    /** The counters of {@code owner}: {@code feed}, {@code fanout-0}; {@code feed/kraken} of one of several feeds. */
    public synchronized Counters counters(final String owner) {
        return counters.computeIfAbsent(owner, name -> {
            if (counters.size() >= owners) {
                LOG.warn("telemetry: there is no room for the counters of {} until a restart: /metrics has them, and "
                    + "relay stat does not", name);
                return new Counters(name);
            }
            return new Counters(name, manager);
        });
    }

    /** The log of distinct errors. */
    public ErrorLog errors() {
        return errors;
    }

    /** A task for {@code owner} to run once a second: as long as it does, its thread is not stuck. */
    public synchronized Runnable heartbeat(final String owner) {
        final AtomicCounter beat = manager.newCounter(SampleName.of("heartbeat_ms", owner),
            Counters.HEARTBEAT, key -> key.putStringUtf8(0, owner));
        beat.setRelease(System.currentTimeMillis());
        heartbeats.put(owner, beat::get);
        return () -> beat.setRelease(System.currentTimeMillis());
    }

    /** The time of the last beat of each thread that has a heartbeat, in ms since 1970, by its name. Any thread. */
    public synchronized Map<String, LongSupplier> heartbeats() {
        return new LinkedHashMap<>(heartbeats);
    }

    /** Shows readers the port of the subscribers' listener. */
    public void port(final int port) {
        file.port(port);
    }

    /** The directory of the file; null if the memory is anonymous. */
    public Path directory() {
        return directory;
    }

    /** A recorder of {@code owner}; the name of the metric ends in {@code _seconds}. */
    public synchronized LatencyRecorder latency(final String name, final String sentence, final String owner) {
        return latencies.computeIfAbsent(checked(name, "_seconds"),
            key -> new Latencies(name, sentence, new LinkedHashMap<>())).owners()
            .computeIfAbsent(owner, key -> new LatencyRecorder());
    }

    /** The recorders of all owners of a metric that {@link #latency} has named; none before. */
    public synchronized List<LatencyRecorder> recorders(final String name) {
        final Latencies found = latencies.get(name);
        return found == null ? List.of() : List.copyOf(found.owners().values());
    }

    /**
     * A value read at each scrape, by the scraping thread. {@code labels}: each name before its value; one whose value
     * is empty is left out. {@link #UNKNOWN} is a value too. A later gauge of the same name and labels replaces an
     * earlier one.
     */
    public void gauge(final String name, final String sentence, final LongSupplier value, final String... labels) {
        read(new Values(checked(name, ""), sentence, false, 1, new LinkedHashMap<>()), labels, value);
    }

    /** A gauge whose value is in {@code perSecond} parts of a second; the name ends in {@code _seconds}. */
    public void seconds(final String name, final String sentence, final long perSecond, final LongSupplier value,
            final String... labels) {
        read(new Values(checked(name, "_seconds"), sentence, false, perSecond, new LinkedHashMap<>()), labels, value);
    }

    /**
     * A count that others keep, read like a gauge; the name ends in {@code _total}. It has no sample while it is
     * {@link #UNKNOWN}.
     */
    public void count(final String name, final String sentence, final LongSupplier value, final String... labels) {
        read(new Values(checked(name, "_total"), sentence, true, 1, new LinkedHashMap<>()), labels, value);
    }

    /** A count of time, in {@code perSecond} parts of a second; the name ends in {@code _seconds_total}. */
    public void countSeconds(final String name, final String sentence, final long perSecond, final LongSupplier value,
            final String... labels) {
        read(new Values(checked(name, "_seconds_total"), sentence, true, perSecond, new LinkedHashMap<>()), labels,
            value);
    }

    private synchronized void read(final Values metric, final String[] labels, final LongSupplier value) {
        final List<String> key = new ArrayList<>();
        for (int i = 0; i < labels.length; i += 2) {
            if (!labels[i + 1].isEmpty()) {
                key.add(labels[i]);
                key.add(labels[i + 1]);
            }
        }
        values.computeIfAbsent(metric.name(), name -> metric).samples().put(List.copyOf(key), value);
    }

    /** What is read at each scrape has no sample of that label any more: another one takes its place. */
    public synchronized void forget(final String label, final String value) {
        for (final Values metric : values.values()) {
            metric.samples().keySet().removeIf(labels -> {
                final int place = labels.indexOf(label);
                return place >= 0 && place % 2 == 0 && labels.get(place + 1).equals(value);
            });
        }
    }

    /** The sum of one counter over all owners. */
    public synchronized long sum(final Counter counter) {
        return counters.values().stream().mapToLong(owned -> owned.get(counter)).sum();
    }

    /** The sum of the samples of a count that others keep; 0 while there is none of that name. */
    public long sum(final String count) {
        final List<LongSupplier> samples = new ArrayList<>();
        synchronized (this) {
            final Values metric = values.get(count);
            if (metric != null) {
                samples.addAll(metric.samples().values());
            }
        }
        return samples.stream().mapToLong(LongSupplier::getAsLong).filter(value -> value != UNKNOWN).sum();
    }

    /** The counters of all owners. */
    synchronized List<Counters> counters() {
        return List.copyOf(counters.values());
    }

    /** What is read at each scrape. */
    synchronized List<Values> values() {
        return values.values().stream().map(metric -> new Values(metric.name(), metric.sentence(), metric.isCount(),
            metric.perUnit(), new LinkedHashMap<>(metric.samples()))).toList();
    }

    /** What is recorded. */
    synchronized List<Latencies> latencies() {
        return latencies.values().stream()
            .map(metric -> new Latencies(metric.name(), metric.sentence(), new LinkedHashMap<>(metric.owners())))
            .toList();
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

    private static TelemetryFile anonymous(final int owners) {
        return TelemetryFile.anonymous(owners * COUNTERS_PER_OWNER, ERROR_BYTES);
    }

    private static String checked(final String name, final String ending) {
        if (!NAME.matcher(name).matches() || !name.endsWith(ending)) {
            throw new IllegalArgumentException("not the name of a metric" + (ending.isEmpty() ? "" : " in " + ending)
                + ": " + name);
        }
        return name;
    }
}
