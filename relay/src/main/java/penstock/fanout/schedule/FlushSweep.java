package penstock.fanout.schedule;

import java.util.function.IntUnaryOperator;
import penstock.topic.IdSet;

/**
 * The part of a turn that sends: sessions with queued messages, then sessions with due subscriptions. When time runs
 * out, the next one goes on where this one stopped. Owned by the shard's io thread.
 */
public final class FlushSweep {
    private static final int FLUSHES_PER_LOOK = 8;
    /** A flush of many bytes counts for more: 64 KiB take as long as hundreds of updates. */
    private static final int BYTES_PER_FLUSH = 8 * 1024;
    /** A turn with updates takes 3 ms at most. */
    private static final long SLICE_NS = 3_000_000;
    /** Images can wait, and the next flush of them may take another millisecond, most of all the first ones. */
    private static final long BULK_SLICE_NS = 1_000_000;
    private static final int BULK_BYTES = 16 * 1024;

    private final ShardClock clock;
    private final FlushScheduler scheduler;
    private final IntUnaryOperator flush;
    private final IdSet pending = new IdSet();
    private int sweepFrom;
    private int flushes;

    /** {@code flush} is given the number of a session, and returns how many bytes it built. */
    public FlushSweep(final ShardClock clock, final FlushScheduler scheduler, final IntUnaryOperator flush) {
        this.clock = clock;
        this.scheduler = scheduler;
        this.flush = flush;
    }

    /** The numbers of sessions with queued messages. */
    public IdSet pending() {
        return pending;
    }

    /** Flushes each session at most once, in a turn that began then. True when time ran out or something is left. */
    public boolean run(final long beganNs) {
        flushes = 0;
        for (int n = pending.next(0); n >= 0; n = pending.next(n + 1)) {
            pending.remove(n);
            if (flush(n, beganNs)) {
                return true;
            }
        }
        final int start = scheduler.nextDue(sweepFrom) < 0 ? 0 : sweepFrom;
        int id = scheduler.nextDue(start);
        boolean wrapped = start == 0;
        while (id >= 0) {
            if (flush(scheduler.session(id), beganNs)) {
                sweepFrom = id + 1;
                return true;
            }
            id = scheduler.nextDue(id + 1);
            if (id < 0 && !wrapped) {
                wrapped = true;
                id = scheduler.nextDue(0);
            }
            if (wrapped && start > 0 && id >= start) {
                id = -1;
            }
        }
        sweepFrom = start + 1;
        return scheduler.nextDue(0) >= 0;
    }

    /** Flushes one session; returns whether time is up. */
    private boolean flush(final int session, final long beganNs) {
        final int bytes = flush.applyAsInt(session);
        flushes += 1 + bytes / BYTES_PER_FLUSH;
        if (flushes < FLUSHES_PER_LOOK) {
            return false;
        }
        flushes = 0;
        return clock.nowNs() - beganNs > (bytes < BULK_BYTES ? SLICE_NS : BULK_SLICE_NS);
    }
}
