package penstock.fanout.schedule;

import java.util.function.IntConsumer;
import penstock.topic.IdSet;

/**
 * The part of a turn that sends: sessions with queued messages, then sessions with due subscriptions. When time runs
 * out, the next one goes on where this one stopped. Owned by the shard's io thread.
 */
public final class FlushSweep {
    private static final int FLUSHES_PER_CLOCK = 8;

    private final ShardClock clock;
    private final FlushScheduler scheduler;
    private final IntConsumer flush;
    private final IdSet pending = new IdSet();
    private int sweepFrom;

    /** {@code flush} is given the number of a session. */
    public FlushSweep(final ShardClock clock, final FlushScheduler scheduler, final IntConsumer flush) {
        this.clock = clock;
        this.scheduler = scheduler;
        this.flush = flush;
    }

    /** The numbers of sessions with queued messages. */
    public IdSet pending() {
        return pending;
    }

    /** Flushes each session at most once. True when time ran out or something is left. */
    public boolean run(final long endNs) {
        int flushes = 0;
        for (int n = pending.next(0); n >= 0; n = pending.next(n + 1)) {
            pending.remove(n);
            flush.accept(n);
            if (++flushes % FLUSHES_PER_CLOCK == 0 && clock.nowNs() - endNs > 0) {
                return true;
            }
        }
        final int start = scheduler.nextDue(sweepFrom) < 0 ? 0 : sweepFrom;
        int id = scheduler.nextDue(start);
        boolean wrapped = start == 0;
        while (id >= 0) {
            flush.accept(scheduler.session(id));
            if (++flushes % FLUSHES_PER_CLOCK == 0 && clock.nowNs() - endNs > 0) {
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
}
