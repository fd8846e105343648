package penstock.changes;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.LongSupplier;

/**
 * The last 1,000 changes. The same change within a minute is counted instead of filling the log: a connection that is
 * lost each second leaves one entry a minute. Each entry takes some hundred bytes. Any thread; changes are rare, so
 * writers and readers share a lock, which each holds for microseconds.
 */
public final class ChangeLog {
    /** How many are kept. */
    public static final int KEPT = 1_000;

    private static final long TOGETHER_MS = 60_000;
    /** Entries in which the same change is looked for: more kinds of change than there are in a minute. */
    private static final int LOOKED_AT = 64;
    /** Words of a venue may be in it. */
    private static final int MAX_CHARS = 400;

    private final LongSupplier epochMs;
    private final Change[] places = new Change[KEPT];
    private long newest;
    private long version;

    /** {@code epochMs}: the wall clock. */
    public ChangeLog(final LongSupplier epochMs) {
        this.epochMs = epochMs;
    }

    /** Something happened. */
    public void add(final ChangeKind kind, final String subject, final String text) {
        add(kind, subject, text, 1);
    }

    /** Something happened {@code count} times. */
    public synchronized void add(final ChangeKind kind, final String subject, final String text, final long count) {
        final long nowMs = epochMs.getAsLong();
        final String brief = text.length() <= MAX_CHARS ? text : text.substring(0, MAX_CHARS - 1) + '…';
        version++;
        final long oldest = Math.max(oldest(), newest - LOOKED_AT + 1);
        for (long number = newest; number >= oldest; number--) {
            final Change each = get(number);
            if (each.kind() == kind && Objects.equals(each.subject(), subject) && each.text().equals(brief)
                    && nowMs - each.atMs() < TOGETHER_MS) {
                places[place(number)] = each.again(count, nowMs);
                return;
            }
        }
        newest++;
        places[place(newest)] = new Change(newest, nowMs, nowMs, count, kind, subject, brief);
    }

    /** How many entries there have been: the number of the newest one. */
    public synchronized long newest() {
        return newest;
    }

    /** Grows with each change. */
    public synchronized long version() {
        return version;
    }

    /** The newest entries first: {@code limit} at most, of one kind unless {@code kind} is null. */
    public synchronized List<Change> read(final ChangeKind kind, final int limit) {
        final List<Change> found = new ArrayList<>();
        for (long number = newest; number >= oldest() && found.size() < limit; number--) {
            if (kind == null || get(number).kind() == kind) {
                found.add(get(number));
            }
        }
        return found;
    }

    private long oldest() {
        return Math.max(1, newest - KEPT + 1);
    }

    private Change get(final long number) {
        return places[place(number)];
    }

    private static int place(final long number) {
        return (int) (number % KEPT);
    }
}
