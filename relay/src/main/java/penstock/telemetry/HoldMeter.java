package penstock.telemetry;

/**
 * How long the tasks of an io thread hold it, by the clock: one after the other, while the sockets of the thread wait.
 * A task that begins within another one is a part of it. It takes two readings of the clock for each task, which are
 * mostly there already, and makes no garbage.
 *
 * <p>Owned by the io thread; any thread reads {@link #longestNs}.
 */
public final class HoldMeter {
    private static final long LONG_NS = 3_000_000;

    private final Counters counters;
    private volatile long longestNs;
    private long sinceNs;
    private int depth;

    /** Counts in {@code counters} the tasks that took more than 3 ms. */
    public HoldMeter(final Counters counters) {
        this.counters = counters;
    }

    /** A task begins. */
    public void begin(final long nowNs) {
        if (depth++ == 0) {
            sinceNs = nowNs;
        }
    }

    /** The task that began last is done. */
    public void end(final long nowNs) {
        if (--depth == 0) {
            note(nowNs);
        }
    }

    /** The outermost task gives way to another one, or goes on behind it: what follows counts by itself. */
    public void split(final long nowNs) {
        if (depth > 0) {
            note(nowNs);
        }
    }

    /** How long the task that runs has held the thread; 0 if none is measured. */
    public long heldNs(final long nowNs) {
        return depth == 0 ? 0 : nowNs - sinceNs;
    }

    /** The longest since the start, in nanoseconds. */
    public long longestNs() {
        return longestNs;
    }

    private void note(final long nowNs) {
        final long heldNs = nowNs - sinceNs;
        sinceNs = nowNs;
        if (heldNs > LONG_NS) {
            counters.increment(Counter.LONG_HOLDS);
        }
        if (heldNs > longestNs) {
            longestNs = heldNs;
        }
    }
}
