package penstock.audit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import penstock.config.relay.AuditConfig;
import penstock.telemetry.LineQueue;
import penstock.telemetry.Telemetry;

/**
 * Where the lines of the audit log go: to a file of their own, or to the log of the relay. A thread of its own makes
 * them texts and writes them. No other waits for it; lines beyond 1 MiB that waits are dropped and counted. Any thread.
 */
public final class AuditOutput implements Consumer<AuditLine>, AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger("audit");
    private static final DateTimeFormatter TIME =
        DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z' ").withZone(ZoneOffset.UTC);
    private static final long CLOSE_WITHIN_MS = 500;

    private final Clock clock;
    private final LongAdder dropped = new LongAdder();
    /** Null: the log of the relay. */
    private final RotatingFile file;
    private final LineQueue<Event> lines;

    /** A line, and when it was true. */
    private record Event(Instant at, AuditLine line) {
    }

    private AuditOutput(final AuditConfig config, final Clock clock) throws IOException {
        this.clock = clock;
        file = config.file() == null ? null
            : new RotatingFile(Path.of(config.file()), config.fileSizeBytes(), config.files(), dropped);
        lines = new LineQueue<>("audit", new LineQueue.Writer<>() {
            @Override
            public int bytes(final Event event) {
                return event.line.bytes();
            }

            @Override
            public Event missing(final long count) {
                return new Event(clock.instant(), new AuditLine("dropped").put("lines", count));
            }

            @Override
            public void write(final Event event) {
                AuditOutput.this.write(event);
            }
        }, dropped);
    }

    /** As {@code config} says; throws {@link IllegalArgumentException} with the remedy if a file cannot be written. */
    public static AuditOutput of(final AuditConfig config) {
        return of(config, Clock.systemUTC());
    }

    static AuditOutput of(final AuditConfig config, final Clock clock) {
        try {
            return new AuditOutput(config, clock);
        } catch (final IOException e) {
            throw new IllegalArgumentException("audit.file: cannot write " + config.file() + ": " + e
                + "; name a file in a folder that exists and that the relay may write", e);
        }
    }

    /** Registers the count of lost lines. */
    public void register(final Telemetry telemetry) {
        telemetry.count("penstock_audit_lines_dropped_total",
            "Lines of the audit log that were dropped: the disk was full, or too slow.",
            dropped::sum);
    }

    @Override
    public void accept(final AuditLine line) {
        lines.add(new Event(clock.instant(), line));
    }

    /** Writes what it can in half a second. */
    @Override
    public void close() {
        lines.end(CLOSE_WITHIN_MS);
        if (file != null) {
            try {
                file.close();
            } catch (final IOException e) {
                LOG.warn("audit.file could not be closed: {}", e.toString());
            }
        }
    }

    /** On the thread of the queue. */
    private void write(final Event event) {
        if (file == null) {
            LOG.info("{}", event.line);
            return;
        }
        final byte[] bytes = (TIME.format(event.at) + event.line + '\n').getBytes(StandardCharsets.UTF_8);
        file.write(bytes, 0, bytes.length);
    }
}
