package penstock.telemetry;

import java.io.PrintWriter;
import java.nio.ByteBuffer;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.agrona.concurrent.AtomicBuffer;
import org.agrona.concurrent.UnsafeBuffer;
import org.agrona.concurrent.errors.DistinctErrorLog;
import org.agrona.concurrent.errors.ErrorLogReader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Distinct errors, kept in Agrona's {@link DistinctErrorLog}: an error of the same class thrown at the same place is
 * counted instead of filling the log, unless something else failed, such as another feed. Each kind is logged with its
 * frames the first time, then in one line at its 10th, 100th, 1,000th… time. Any thread.
 */
public final class ErrorLog {
    private static final Logger LOG = LoggerFactory.getLogger(ErrorLog.class);
    /** Errors beyond this many kinds share one entry, so a hostile peer can't fill the memory. */
    private static final int MAX_KINDS = 1_000;
    /** The frames that identify a place; callers further down may differ. */
    private static final int PLACE_FRAMES = 6;
    private static final int ANONYMOUS_BYTES = 256 * 1_024;
    private static final Kind OTHERS = new Kind(ErrorLog.class, List.of(), "");

    /** One kind of error; {@code text} says what failed, with class, message and stack trace of the first time. */
    public record Entry(String text, long count, Instant first, Instant last) {
    }

    /** What failed, and where. */
    private record Kind(Class<?> type, List<StackTraceElement> frames, String what) {
        static Kind of(final String what, final Throwable error) {
            return new Kind(error.getClass(), Stream.of(error.getStackTrace()).limit(PLACE_FRAMES).toList(), what);
        }
    }

    /** The first error of a kind. It stands for the others in the distinct log, which compares messages too. */
    private static final class Observation extends Throwable {
        private static final long serialVersionUID = 1L;

        private final Instant first;
        private long count;

        Observation(final String what, final Throwable error, final Instant first) {
            super(what, error, false, false);
            this.first = first;
        }

        @Override
        public void printStackTrace(final PrintWriter text) {
            text.print(getMessage() + ": ");
            getCause().printStackTrace(text);
        }
    }

    private final Map<Kind, Observation> observations = new HashMap<>();
    private final Clock clock;
    private final DistinctErrorLog store;
    private volatile Consumer<Throwable> listener = error -> { };
    private long count;

    /** An error log in memory of its own, by the wall clock. */
    public ErrorLog() {
        this(Clock.systemUTC());
    }

    /** An error log in memory of its own, by {@code clock}. */
    public ErrorLog(final Clock clock) {
        this(new UnsafeBuffer(ByteBuffer.allocateDirect(ANONYMOUS_BYTES)), clock);
    }

    /** An error log in {@code memory}. When the memory is full, new kinds are still counted and logged. */
    ErrorLog(final AtomicBuffer memory, final Clock clock) {
        this.clock = clock;
        store = new DistinctErrorLog(memory, clock::millis);
    }

    /** The errors in {@code memory}, which another process may write. */
    static List<Entry> read(final AtomicBuffer memory) {
        final List<Entry> entries = new ArrayList<>();
        ErrorLogReader.read(memory, (count, firstMs, lastMs, text) -> entries.add(
            new Entry(text, count, Instant.ofEpochMilli(firstMs), Instant.ofEpochMilli(lastMs))));
        return entries;
    }

    /** Calls {@code next} with each error after it was recorded, on the thread that records it. */
    public void onRecord(final Consumer<Throwable> next) {
        listener = next;
    }

    /** Records an error that says by itself what failed. */
    public void record(final Throwable error) {
        record("unexpected", error);
    }

    /** Records an error; {@code what} says in a few words what failed. */
    public void record(final String what, final Throwable error) {
        try {
            count(what, error);
        } finally {
            listener.accept(error);
        }
    }

    private void count(final String what, final Throwable error) {
        final Observation observation;
        final long times;
        synchronized (this) {
            observation = observation(what, error);
            times = ++observation.count;
            count++;
        }
        store.record(observation);
        if (times == 1) {
            LOG.error("{}", what, error);
        } else if (isPowerOfTen(times)) {
            LOG.error("{}: {}; {} times since {}", what, error.toString(), times, observation.first);
        }
    }

    /** Every kind, in the order of their first times. */
    public List<Entry> entries() {
        return read(store.buffer());
    }

    /** The number of kinds. */
    public synchronized long distinctCount() {
        return observations.size();
    }

    /** The number of errors. */
    public synchronized long count() {
        return count;
    }

    private Observation observation(final String what, final Throwable error) {
        final Kind kind = Kind.of(what, error);
        return observations.size() < MAX_KINDS - 1 || observations.containsKey(kind)
            ? observations.computeIfAbsent(kind, first -> new Observation(what, error, clock.instant()))
            : observations.computeIfAbsent(OTHERS, first -> new Observation(what + ", and others like it", error,
                clock.instant()));
    }

    private static boolean isPowerOfTen(final long count) {
        long rest = count;
        while (rest % 10 == 0) {
            rest /= 10;
        }
        return rest == 1;
    }
}
