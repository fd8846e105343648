package penstock.fanout.schedule;

import java.util.Arrays;
import java.util.function.IntUnaryOperator;
import penstock.topic.IdSet;

/**
 * The part of a turn that sends: sessions with queued messages, then sessions with due subscriptions. When time runs
 * out, the next one goes on where this one stopped. Feeds share the time: the subscriptions of one that floods always
 * have something to send; they come after those of the others, which have little. Owned by the shard's io thread.
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
    /** Of all feeds; those whose time ran out come last. */
    private FeedLap[] laps = {};
    private int flushes;

    /** {@code flush} is given the number of a session, and returns how many bytes it built. */
    public FlushSweep(final ShardClock clock, final FlushScheduler scheduler, final IntUnaryOperator flush) {
        this.clock = clock;
        this.scheduler = scheduler;
        this.flush = flush;
        grow(scheduler.feeds());
    }

    /** Feeds have come; {@code feeds}: how many there are now. */
    public void grow(final int feeds) {
        scheduler.growTo(feeds);
        for (int feed = laps.length; feed < feeds; feed++) {
            laps = Arrays.copyOf(laps, feed + 1);
            laps[feed] = new FeedLap(scheduler, feed);
        }
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
            if (flush(n, beganNs, SLICE_NS)) {
                return true;
            }
        }
        boolean isCut = false;
        int at = 0;
        for (int left = laps.length; left > 0; left--) {
            if (run(laps[at], beganNs, left)) {
                isCut = true;
                putLast(at);
            } else {
                at++;
            }
        }
        return isCut || scheduler.isAnyDue();
    }

    /** The turn of a feed, which has its share of the time that is left; returns whether that ran out. */
    private boolean run(final FeedLap lap, final long beganNs, final int feedsLeft) {
        lap.begin();
        int id = lap.next();
        if (id < 0) {
            return false;
        }
        final long usedNs = feedsLeft == 1 ? 0 : clock.nowNs() - beganNs;
        final long sliceNs = usedNs + (SLICE_NS - usedNs) / feedsLeft;
        for (; id >= 0; id = lap.next()) {
            if (flush(scheduler.session(id), beganNs, sliceNs)) {
                return true;
            }
        }
        return false;
    }

    private void putLast(final int at) {
        final FeedLap lap = laps[at];
        System.arraycopy(laps, at + 1, laps, at, laps.length - at - 1);
        laps[laps.length - 1] = lap;
    }

    /** Flushes one session; returns whether time is up. */
    private boolean flush(final int session, final long beganNs, final long sliceNs) {
        final int bytes = flush.applyAsInt(session);
        flushes += 1 + bytes / BYTES_PER_FLUSH;
        if (flushes < FLUSHES_PER_LOOK) {
            return false;
        }
        flushes = 0;
        return clock.nowNs() - beganNs > (bytes < BULK_BYTES ? sliceNs : Math.min(sliceNs, BULK_SLICE_NS));
    }
}
