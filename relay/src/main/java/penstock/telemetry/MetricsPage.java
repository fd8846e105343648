package penstock.telemetry;

import io.prometheus.metrics.expositionformats.ExpositionFormatWriter;
import io.prometheus.metrics.expositionformats.ExpositionFormats;
import io.prometheus.metrics.instrumentation.jvm.JvmBufferPoolMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmGarbageCollectorMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmMemoryMetrics;
import io.prometheus.metrics.instrumentation.jvm.JvmRuntimeInfoMetric;
import io.prometheus.metrics.instrumentation.jvm.JvmThreadsMetrics;
import io.prometheus.metrics.instrumentation.jvm.ProcessMetrics;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * What Prometheus scrapes, written by its client library: all of a {@link Telemetry}, and the Java machine and the
 * process by their standard names. The library is loaded with the first page, so that it takes nothing from the start.
 * Any thread; one page at a time.
 */
public final class MetricsPage {
    private static final int USUAL_BYTES = 64 * 1024;

    private final Telemetry telemetry;
    private PrometheusRegistry registry;
    private ExpositionFormats formats;

    /** {@code type}: the media type of the body. */
    public record Body(String type, byte[] bytes) {
    }

    /** Of one relay. */
    public MetricsPage(final Telemetry telemetry) {
        this.telemetry = telemetry;
    }

    /**
     * The values now, in the newest format that the header {@code Accept} names: Prometheus text 0.0.4 if it names none
     * or is null.
     */
    public synchronized Body write(final String accept) {
        if (registry == null) {
            open();
        }
        final ExpositionFormatWriter writer = formats.findWriter(accept);
        final ByteArrayOutputStream bytes = new ByteArrayOutputStream(USUAL_BYTES);
        try {
            writer.write(bytes, registry.scrape());
        } catch (final IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return new Body(writer.getContentType(), bytes.toByteArray());
    }

    /** The same as Prometheus text. */
    public String text() {
        return new String(write(null).bytes(), StandardCharsets.UTF_8);
    }

    /** Its collectors hold nothing but beans of the Java machine: a page that is not used any more is garbage. */
    private void open() {
        registry = new PrometheusRegistry();
        formats = ExpositionFormats.init();
        registry.register(new TelemetryCollector(telemetry));
        ProcessMetrics.builder().register(registry);
        JvmRuntimeInfoMetric.builder().register(registry);
        JvmMemoryMetrics.builder().register(registry);
        JvmBufferPoolMetrics.builder().register(registry);
        JvmGarbageCollectorMetrics.builder().register(registry);
        JvmThreadsMetrics.builder().register(registry);
    }
}
