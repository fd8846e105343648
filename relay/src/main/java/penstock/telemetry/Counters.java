package penstock.telemetry;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * The counters of one owner: one writer, any number of readers, no atomic read-modify-write.
 * Written by the thread that owns it; read by any.
 */
public final class Counters {
    private static final VarHandle VALUES = MethodHandles.arrayElementVarHandle(long[].class);

    private final String owner;
    private final long[] values = new long[Counter.values().length];

    /** {@code owner} is the label in {@code /metrics}: {@code feed}, {@code fanout-0}. */
    public Counters(final String owner) {
        this.owner = owner;
    }

    /** Who writes here. */
    public String owner() {
        return owner;
    }

    /** Adds one. Owner only. */
    public void increment(final Counter counter) {
        add(counter, 1);
    }

    /** Adds {@code count}. Owner only. */
    public void add(final Counter counter, final long count) {
        final int i = counter.ordinal();
        VALUES.setOpaque(values, i, values[i] + count);
    }

    /** The value now. Any thread. */
    public long get(final Counter counter) {
        return (long) VALUES.getOpaque(values, counter.ordinal());
    }
}
