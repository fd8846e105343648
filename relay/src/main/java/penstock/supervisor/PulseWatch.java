package penstock.supervisor;

import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Tells whether all threads of a relay run their tasks, by their pulses: numbers that change while a thread is well.
 * Owned by the thread that looks.
 */
final class PulseWatch {
    private final String[] names;
    private final LongSupplier[] pulses;
    private final long[] last;
    private final long[] changedNs;
    private final long withinNs;

    /** {@code pulses} by the names of their threads; one that has not changed within {@code withinNs} is stuck. */
    PulseWatch(final Map<String, LongSupplier> pulses, final long withinNs, final long nowNs) {
        names = pulses.keySet().toArray(String[]::new);
        this.pulses = pulses.values().toArray(LongSupplier[]::new);
        last = new long[names.length];
        changedNs = new long[names.length];
        this.withinNs = withinNs;
        for (int i = 0; i < names.length; i++) {
            last[i] = this.pulses[i].getAsLong();
            changedNs[i] = nowNs;
        }
    }

    /** The name of the first thread that is stuck; null if there is none. */
    String stuck(final long nowNs) {
        String stuck = null;
        for (int i = 0; i < names.length; i++) {
            final long now = pulses[i].getAsLong();
            if (now != last[i]) {
                last[i] = now;
                changedNs[i] = nowNs;
            } else if (stuck == null && nowNs - changedNs[i] > withinNs) {
                stuck = names[i];
            }
        }
        return stuck;
    }
}
