package penstock.telemetry;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.agrona.concurrent.status.CountersReader;

/**
 * Reads the telemetry of a relay from outside: the relay is not asked, so it may be stuck or dead. Owned by the thread
 * that opens it.
 */
public final class TelemetryReader {
    private static final Counter[] COUNTERS = Counter.values();
    /** Threads beat once a second; one beat may be late. */
    private static final long STUCK_AFTER_MS = 3_000;
    /** A process start time from the system may differ by its clock tick. */
    private static final long START_TOLERANCE_MS = 2_000;

    /** One counter of one owner; {@code label} is its name and label in {@code /metrics}. */
    public record Sample(String label, long value) {
    }

    private final TelemetryFile file;

    private TelemetryReader(final TelemetryFile file) {
        this.file = file;
    }

    /**
     * Opens the telemetry of the relay that uses a directory.
     *
     * @throws IOException if the directory has none, or one of another version; the message has a remedy
     */
    public static TelemetryReader open(final Path directory) throws IOException {
        return new TelemetryReader(TelemetryFile.open(directory));
    }

    /** The process of the relay. */
    public long pid() {
        return file.pid();
    }

    /** When the relay started. */
    public Instant start() {
        return Instant.ofEpochMilli(file.startMs());
    }

    /** The port of the subscribers' listener; 0 if it does not listen yet. */
    public int port() {
        return file.port();
    }

    /** {@code running}, {@code stuck for 12 s: feed} with the threads that no longer beat, or {@code dead}. */
    public String state(final long nowMs) {
        final Map<String, Long> heartbeats = heartbeats();
        final long newestMs = heartbeats.values().stream().mapToLong(Long::longValue).max().orElse(file.startMs());
        if (!isProcessAlive()) {
            return "dead: no process " + pid() + "; its last heartbeat was at " + Instant.ofEpochMilli(newestMs);
        }
        heartbeats.values().removeIf(beatMs -> nowMs - beatMs < STUCK_AFTER_MS);
        if (heartbeats.isEmpty()) {
            return "running";
        }
        final long oldestMs = heartbeats.values().stream().mapToLong(Long::longValue).min().getAsLong();
        return "stuck for " + (nowMs - oldestMs) / 1_000 + " s: " + String.join(", ", heartbeats.keySet());
    }

    /** Every counter, sorted by label; without those that are 0 because their owner never counts them. */
    public List<Sample> samples() {
        final List<Sample> samples = new ArrayList<>();
        final CountersReader counters = counters();
        counters.forEach((id, typeId, key, label) -> {
            final long value = counters.getCounterValue(id);
            final boolean isCounter = typeId >= 0 && typeId < COUNTERS.length;
            if (isCounter && (value != 0 || COUNTERS[typeId].isOf(key.getStringUtf8(0)))) {
                samples.add(new Sample(label, value));
            }
        });
        samples.sort(Comparator.comparing(Sample::label));
        return samples;
    }

    /** Every distinct error, in the order of their first times. */
    public List<ErrorLog.Entry> errors() {
        return ErrorLog.read(file.errors());
    }

    /** True if the relay may still write here: its process lives, or beat a moment ago in another container. */
    boolean isInUse(final long nowMs) {
        return isProcessAlive() || heartbeats().values().stream().anyMatch(beatMs -> nowMs - beatMs < STUCK_AFTER_MS);
    }

    private boolean isProcessAlive() {
        return ProcessHandle.of(pid()).filter(ProcessHandle::isAlive).map(process -> process.info().startInstant()
            .map(started -> started.toEpochMilli() <= file.startMs() + START_TOLERANCE_MS).orElse(true)).orElse(false);
    }

    private Map<String, Long> heartbeats() {
        final Map<String, Long> heartbeats = new TreeMap<>();
        final CountersReader counters = counters();
        counters.forEach((id, typeId, key, label) -> {
            if (typeId == Counters.HEARTBEAT) {
                heartbeats.put(key.getStringUtf8(0), counters.getCounterValue(id));
            }
        });
        return heartbeats;
    }

    private CountersReader counters() {
        return new CountersReader(file.metadata(), file.values());
    }
}
