package penstock.faults;

import java.util.Arrays;

/** Times from the venue to a subscriber, the newest million. Any thread. */
final class Latencies {
    private final long[] ns = new long[1 << 20];
    private int count;

    synchronized void add(final long each) {
        ns[count++ & ns.length - 1] = each;
    }

    synchronized void clear() {
        count = 0;
    }

    /** In ms; {@code share} 0.99 is what one of a hundred exceeds. */
    synchronized double ms(final double share) {
        final int held = Math.min(count, ns.length);
        if (held == 0) {
            return Double.POSITIVE_INFINITY;
        }
        final long[] sorted = Arrays.copyOf(ns, held);
        Arrays.sort(sorted);
        return sorted[Math.min(held - 1, (int) (share * held))] / 1e6;
    }
}
