package penstock.fanout;

import penstock.fanout.schedule.SessionTimers;
import penstock.telemetry.ErrorLog;
import penstock.topic.IdSet;

/**
 * Checks each session of a shard when its deadline comes: silence, dead peers, overdue closes. Looks at the deadlines
 * every 50 ms. Owned by the shard's io thread.
 */
final class Housekeeping {
    private static final long EVERY_MS = 50;

    private final ShardThread thread;
    private final SessionTable sessions;
    private final ErrorLog errors;
    private final SessionTimers timers;
    private final Runnable task = this::run;

    Housekeeping(final ShardThread thread, final SessionTable sessions, final ErrorLog errors) {
        this.thread = thread;
        this.sessions = sessions;
        this.errors = errors;
        timers = new SessionTimers(thread.nowNs());
    }

    /** Checks the deadlines that have come, and again every 50 ms. */
    void run() {
        // first: there is a next time even if something below fails
        thread.executeAfter(task, EVERY_MS);
        final long nowNs = thread.nowNs();
        final IdSet expired = timers.expire(nowNs);
        for (int number = expired.next(0); number >= 0; number = expired.next(number + 1)) {
            expired.remove(number);
            check(sessions.get(number), nowNs);
        }
    }

    /** A session is checked then, or before. */
    void schedule(final int session, final long deadlineNs) {
        timers.schedule(session, deadlineNs);
    }

    /** The session is gone. */
    void remove(final int session) {
        timers.cancel(session);
    }

    private void check(final Session session, final long nowNs) {
        try {
            session.housekeep(nowNs);
        } catch (final RuntimeException | Error e) {
            errors.record("housekeeping of a session failed", e);
        }
        if (sessions.get(session.number()) == session) {
            timers.schedule(session.number(), session.nextCheckNs(nowNs));
        }
    }
}
