package penstock.telemetry;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * A histogram of latencies, in the buckets of Prometheus: those of several threads can be summed, and two scrapes give
 * what was between them. One thread records, without garbage, locks or atomic read-modify-write: the recorder of
 * HdrHistogram takes two of those for each value, and a frame passes four histograms.
 * Written by the thread that owns it; read by any.
 */
public final class LatencyRecorder {
    private static final VarHandle VALUES = MethodHandles.arrayElementVarHandle(long[].class);
    private static final long MAX_NS = 3_600_000_000_000L;
    private static final long SHORTEST_NS = 10_000;
    private static final int DECADES = 7;
    /** 10 µs, 20 µs, 50 µs, 100 µs, …, 100 s: at most one between a power of two and the next. */
    private static final long[] BOUNDS_NS = bounds();
    /** By the leading zeros of a latency: the first bound that may be its bucket's. */
    private static final byte[] FIRST = firsts();

    /** The latencies of each bucket, those above the last bound, and the sum of all. */
    private final long[] values = new long[BOUNDS_NS.length + 2];

    /** Records one latency; a negative one counts as 0, one of more than an hour as an hour. Owner only. */
    public void recordNs(final long ns) {
        final long bounded = Math.max(0, Math.min(ns, MAX_NS));
        int bucket = FIRST[Long.numberOfLeadingZeros(bounded)];
        if (bucket < BOUNDS_NS.length && bounded > BOUNDS_NS[bucket]) {
            bucket++;
        }
        VALUES.setOpaque(values, bucket, values[bucket] + 1);
        VALUES.setOpaque(values, values.length - 1, values[values.length - 1] + bounded);
    }

    /** How many buckets there are; the last one has no bound. */
    public static int buckets() {
        return BOUNDS_NS.length + 1;
    }

    /** The largest latency that a bucket counts, in seconds; infinite for the last one. */
    public static double boundSeconds(final int bucket) {
        return bucket == BOUNDS_NS.length ? Double.POSITIVE_INFINITY : BOUNDS_NS[bucket] / 1e9;
    }

    /** The latencies in a bucket alone. Any thread. */
    public long count(final int bucket) {
        return (long) VALUES.getOpaque(values, bucket);
    }

    /** The sum of all latencies in nanoseconds. Any thread. */
    public long sumNs() {
        return (long) VALUES.getOpaque(values, values.length - 1);
    }

    private static long[] bounds() {
        final long[] bounds = new long[3 * DECADES + 1];
        long decade = SHORTEST_NS;
        for (int i = 0; i < bounds.length; i += 3) {
            bounds[i] = decade;
            if (i + 2 < bounds.length) {
                bounds[i + 1] = decade * 2;
                bounds[i + 2] = decade * 5;
            }
            decade *= 10;
        }
        return bounds;
    }

    private static byte[] firsts() {
        final byte[] firsts = new byte[Long.SIZE + 1];
        for (int zeros = 0; zeros <= Long.SIZE; zeros++) {
            final long least = zeros == Long.SIZE ? 0 : Long.MIN_VALUE >>> zeros;
            byte first = 0;
            while (zeros > 0 && first < BOUNDS_NS.length && BOUNDS_NS[first] < least) {
                first++;
            }
            firsts[zeros] = first;
        }
        return firsts;
    }
}
