package penstock.telemetry;

import java.time.Clock;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Errors, each kind once: the same class thrown at the same place counts up instead of filling the log. A kind is
 * logged with its frames the first time, then in one line at its 10th, 100th, 1,000th… time. Any thread.
 */
public final class ErrorLog {
    private static final Logger LOG = LoggerFactory.getLogger(ErrorLog.class);
    /** Kinds told apart; what comes after shares one entry, so a hostile peer can't fill the memory. */
    private static final int MOST = 1_000;
    /** Frames that tell two places apart: below them, what called may differ. */
    private static final int FRAMES = 6;
    private static final Kind OTHERS = new Kind(ErrorLog.class, List.of(), "");

    /** One kind of error: what failed, class and message of its first time, where it was thrown. */
    public record Entry(String what, String error, String message, String place, long count, Instant first,
            Instant last) {
    }

    private record Kind(Class<?> type, List<StackTraceElement> frames, String what) {
    }

    private final Map<Kind, Entry> entries = new LinkedHashMap<>();
    private final Clock clock;
    private long count;

    /** Times by the wall clock. */
    public ErrorLog() {
        this(Clock.systemUTC());
    }

    /** Times by {@code clock}. */
    public ErrorLog(final Clock clock) {
        this.clock = clock;
    }

    /** Records an error that says by itself what failed. */
    public void record(final Throwable error) {
        record("unexpected", error);
    }

    /** Records an error; {@code what} says in a few words what failed. */
    public void record(final String what, final Throwable error) {
        final Entry entry = counted(what, error);
        if (entry.count() == 1) {
            LOG.error("{}", what, error);
        } else if (isPowerOfTen(entry.count())) {
            LOG.error("{}: {}; {} times since {}", what, error.toString(), entry.count(), entry.first());
        }
    }

    /** Every kind, in the order of their first times. */
    public synchronized List<Entry> entries() {
        return List.copyOf(entries.values());
    }

    /** How many kinds there are. */
    public synchronized long distinctCount() {
        return entries.size();
    }

    /** How many errors were recorded. */
    public synchronized long count() {
        return count;
    }

    private synchronized Entry counted(final String what, final Throwable error) {
        final Instant now = clock.instant();
        final StackTraceElement[] frames = error.getStackTrace();
        final Kind kind = kind(what, error, frames);
        final Entry before = entries.get(kind);
        final String place = frames.length == 0 ? "" : frames[0].toString();
        final Entry after = before == null
            ? new Entry(what, error.getClass().getName(), error.getMessage(), place, 1, now, now)
            : new Entry(before.what, before.error, before.message, before.place, before.count + 1, before.first, now);
        entries.put(kind, after);
        count++;
        return after;
    }

    /** What has no frames is told apart by what failed. */
    private Kind kind(final String what, final Throwable error, final StackTraceElement[] frames) {
        final List<StackTraceElement> top =
            List.copyOf(Arrays.asList(frames).subList(0, Math.min(FRAMES, frames.length)));
        final Kind kind = new Kind(error.getClass(), top, frames.length == 0 ? what : "");
        return entries.size() < MOST - 1 || entries.containsKey(kind) ? kind : OTHERS;
    }

    private static boolean isPowerOfTen(final long count) {
        long rest = count;
        while (rest % 10 == 0) {
            rest /= 10;
        }
        return rest == 1;
    }
}
