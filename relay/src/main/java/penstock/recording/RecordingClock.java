package penstock.recording;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.function.LongSupplier;

/**
 * The receive times of a recording: nanoseconds since 1970 by a clock that is set once, at its start, and that no later
 * step of the system's clock moves. Any thread.
 */
public final class RecordingClock {
    /** Where Linux names the time since the machine was started. */
    private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");
    private static final String UNKNOWN = "-";

    private final LongSupplier monotonicNs;
    private final String boot;
    private final long offsetNs;

    /**
     * A clock that shows {@code epochNs} now.
     *
     * @param monotonicNs goes on from one process to the next while the name of {@code boot} is the same
     */
    public RecordingClock(final LongSupplier monotonicNs, final long epochNs, final String boot) {
        this.monotonicNs = monotonicNs;
        this.boot = boot;
        offsetNs = epochNs - monotonicNs.getAsLong();
    }

    /** Set by the system's clock now. */
    public static RecordingClock system() {
        final Instant now = Instant.now();
        return new RecordingClock(System::nanoTime, now.getEpochSecond() * 1_000_000_000 + now.getNano(), bootId());
    }

    /** The time now. */
    public long nowNs() {
        return epochNs(monotonicNs.getAsLong());
    }

    /** Monotonic time, as of {@link System#nanoTime}. */
    public long monotonicNs() {
        return monotonicNs.getAsLong();
    }

    /** A monotonic time as a receive time. */
    public long epochNs(final long ofMonotonicNs) {
        return ofMonotonicNs + offsetNs;
    }

    /** What monotonic times compare within. */
    String boot() {
        return boot;
    }

    /** Whether monotonic times of a recording with this name compare with those of this clock. */
    boolean isSameBoot(final String other) {
        return !boot.equals(UNKNOWN) && boot.equals(other);
    }

    private static String bootId() {
        try {
            return Files.readString(BOOT).trim();
        } catch (final IOException noSuchSystem) {
            return UNKNOWN;
        }
    }
}
