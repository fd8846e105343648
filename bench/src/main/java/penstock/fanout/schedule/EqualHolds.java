package penstock.fanout.schedule;

import java.util.function.Consumer;

/**
 * Subscriptions that hold for the same interval, in the timers of a shard; in their package, to measure them alone.
 * Owned by the thread that measures.
 */
public final class EqualHolds {
    private final IntervalTimers timers = new IntervalTimers();
    private final Deadline[] deadlines;
    private IntervalQueue queue;
    private final Consumer<Deadline> onExpired = this::onExpired;
    private long expired;

    /** {@code count} subscriptions that hold for {@code intervalNs}. */
    public EqualHolds(final int count, final long intervalNs) {
        deadlines = new Deadline[count];
        for (int i = 0; i < count; i++) {
            queue = timers.join(intervalNs);
            deadlines[i] = new Deadline();
        }
    }

    /** All begin to hold. */
    public void hold(final long nowNs) {
        for (final Deadline deadline : deadlines) {
            timers.schedule(deadline, queue, nowNs);
        }
    }

    /** Ends the holds that are over; returns how many have ended since the start. */
    public long expire(final long nowNs) {
        timers.expire(nowNs, onExpired);
        return expired;
    }

    private void onExpired(final Deadline deadline) {
        expired++;
    }
}
