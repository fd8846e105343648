package penstock.bench.load.rig;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waiting for a time, or for something with a limit. Stateless. */
public final class RigClock {
    private static final long LOOK_EVERY_NS = TimeUnit.MILLISECONDS.toNanos(5);

    private RigClock() {
    }

    public static long afterSeconds(final double seconds) {
        return System.nanoTime() + (long) (seconds * TimeUnit.SECONDS.toNanos(1));
    }

    public static void until(final long atNs) {
        for (long leftNs = atNs - System.nanoTime(); leftNs > 0; leftNs = atNs - System.nanoTime()) {
            LockSupport.parkNanos(leftNs);
        }
    }

    /** False when it did not happen in time. */
    public static boolean within(final double seconds, final BooleanSupplier condition) {
        final long endNs = afterSeconds(seconds);
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - endNs > 0) {
                return false;
            }
            LockSupport.parkNanos(LOOK_EVERY_NS);
        }
        return true;
    }

    /** Waits for the end of a thread; an interrupt ends the waiting and stays set. */
    public static void join(final Thread thread) {
        try {
            thread.join();
        } catch (final InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Fails the run when it did not happen in time. */
    public static void await(final String what, final double seconds, final BooleanSupplier condition) {
        if (!within(seconds, condition)) {
            throw new IllegalStateException(what + " did not happen within " + seconds
                + " s; see the logs in the folder of the results");
        }
    }
}
