package penstock.fanout.schedule;

import java.util.concurrent.TimeUnit;
import org.agrona.DeadlineTimerWheel;
import org.agrona.collections.Long2LongHashMap;
import penstock.topic.IdSet;

/**
 * The next deadline of each session, on one timer wheel per shard: setting and cancelling cost the same with 10 and
 * with 10,000 sessions. Deadlines of subscriptions are not here: see {@link IntervalTimers}. Owned by the shard's io
 * thread.
 */
public final class SessionTimers {
    private static final long NONE = -1;
    /** 2^25 ns: 34 ms. */
    private static final long TICK_NS = 1L << 25;
    /** A round of the wheel takes 8.6 s: most deadlines are a heartbeat of 5 s away. */
    private static final int TICKS = 256;

    private final DeadlineTimerWheel wheel;
    private final DeadlineTimerWheel.TimerHandler onExpired = this::onExpired;
    private final Long2LongHashMap timerBySession = new Long2LongHashMap(NONE);
    private final Long2LongHashMap sessionByTimer = new Long2LongHashMap(NONE);
    private final IdSet expired = new IdSet();

    /** {@code nowNs}: where the wheel begins. */
    public SessionTimers(final long nowNs) {
        wheel = new DeadlineTimerWheel(TimeUnit.NANOSECONDS, nowNs, TICK_NS, TICKS);
    }

    /** Sets the deadline of a session, unless it has an earlier one: that a client is active puts no check off. */
    public void schedule(final int session, final long deadlineNs) {
        final long earlier = timerBySession.get(session);
        if (earlier != NONE && wheel.deadline(earlier) - deadlineNs <= 0) {
            return;
        }
        cancel(session);
        final long timer = wheel.scheduleTimer(deadlineNs);
        timerBySession.put(session, timer);
        sessionByTimer.put(timer, session);
    }

    /** Removes the deadline of a session, if it has one. */
    public void cancel(final int session) {
        final long timer = timerBySession.remove(session);
        if (timer != NONE) {
            sessionByTimer.remove(timer);
            wheel.cancelTimer(timer);
        }
    }

    /** The sessions whose deadline has come; the caller removes them from the set. Their deadlines are gone. */
    public IdSet expire(final long nowNs) {
        do {
            wheel.poll(nowNs, onExpired, Integer.MAX_VALUE);
        } while (nowNs >= wheel.currentTickTime());
        return expired;
    }

    private boolean onExpired(final TimeUnit unit, final long nowNs, final long timer) {
        final int session = (int) sessionByTimer.remove(timer);
        timerBySession.remove(session);
        expired.add(session);
        return true;
    }
}
