package penstock.telemetry;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/** Reads {@link Telemetry} for Prometheus's client library at each scrape. Owned by the thread that scrapes. */
final class TelemetryCollector implements MultiCollector {
    private static final double NS_PER_SECOND = 1e9;
    private static final String TOTAL = "_total";

    private final Telemetry telemetry;

    TelemetryCollector(final Telemetry telemetry) {
        this.telemetry = telemetry;
    }

    @Override
    public MetricSnapshots collect() {
        final List<MetricSnapshot> metrics = new ArrayList<>();
        final List<Counters> owners = telemetry.counters();
        for (final Counter counter : Counter.values()) {
            metrics.add(counter(counter, owners));
        }
        telemetry.values().forEach(metric -> metrics.add(metric.isCount() ? count(metric) : gauge(metric)));
        telemetry.latencies().forEach(metric -> metrics.add(histogram(metric)));
        return new MetricSnapshots(metrics);
    }

    private static MetricSnapshot counter(final Counter counter, final List<Counters> owners) {
        final CounterSnapshot.Builder metric = counter(counter.metric(), counter.sentence());
        for (final Counters owned : owners) {
            final long value = owned.get(counter);
            if (value != 0 || counter.isOf(owned.owner())) {
                metric.dataPoint(point(value, SampleName.labels(owned.owner())));
            }
        }
        return metric.build();
    }

    /** A count that is unknown has no sample. */
    private MetricSnapshot count(final Telemetry.Values metric) {
        final CounterSnapshot.Builder count = counter(metric.name(), metric.sentence());
        metric.samples().forEach((labels, value) -> {
            final Long now = read(metric.name(), value);
            if (now != null && now != Telemetry.UNKNOWN) {
                count.dataPoint(point(now / metric.perUnit(), labels));
            }
        });
        return count.build();
    }

    private MetricSnapshot gauge(final Telemetry.Values metric) {
        final GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name(metric.name()).help(metric.sentence());
        metric.samples().forEach((labels, value) -> {
            final Long now = read(metric.name(), value);
            if (now != null) {
                gauge.dataPoint(GaugeDataPointSnapshot.builder().labels(labels(labels))
                    .value(now == Telemetry.UNKNOWN ? Double.NaN : now / metric.perUnit()).build());
            }
        });
        return gauge.build();
    }

    private static MetricSnapshot histogram(final Telemetry.Latencies metric) {
        final HistogramSnapshot.Builder histogram =
            HistogramSnapshot.builder().name(metric.name()).help(metric.sentence());
        metric.owners().forEach((owner, latency) -> {
            final ClassicHistogramBuckets.Builder buckets = ClassicHistogramBuckets.builder();
            for (int i = 0; i < LatencyRecorder.buckets(); i++) {
                buckets.bucket(LatencyRecorder.boundSeconds(i), latency.count(i));
            }
            histogram.dataPoint(HistogramDataPointSnapshot.builder().labels(labels(SampleName.labels(owner)))
                .classicHistogramBuckets(buckets.build()).sum(latency.sumNs() / NS_PER_SECOND).build());
        });
        return histogram.build();
    }

    /** One value that cannot be read must not take the others with it. */
    private Long read(final String name, final LongSupplier value) {
        try {
            return value.getAsLong();
        } catch (final RuntimeException unreadable) {
            telemetry.errors().record("gauge " + name, unreadable);
            return null;
        }
    }

    /** The library adds the end of a counter's name itself. */
    private static CounterSnapshot.Builder counter(final String name, final String sentence) {
        return CounterSnapshot.builder().name(name.substring(0, name.length() - TOTAL.length())).help(sentence);
    }

    private static CounterDataPointSnapshot point(final double value, final List<String> labels) {
        return CounterDataPointSnapshot.builder().labels(labels(labels)).value(value).build();
    }

    private static Labels labels(final List<String> namesAndValues) {
        return Labels.of(namesAndValues.toArray(String[]::new));
    }
}
