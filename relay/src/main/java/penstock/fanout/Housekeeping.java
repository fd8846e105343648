package penstock.fanout;

import penstock.telemetry.ErrorLog;

/**
 * Looks after the sessions of a shard: a fifth of them each 50 ms. Owned by the shard.
 */
final class Housekeeping {
    private static final int PARTS = 5;
    private static final long EVERY_MS = 50;

    private final Shard shard;
    private final ShardThread thread;
    private final ErrorLog errors;
    private final Runnable task = this::run;
    private int doneTo;

    Housekeeping(final Shard shard, final ShardThread thread, final ErrorLog errors) {
        this.shard = shard;
        this.thread = thread;
        this.errors = errors;
    }

    /** Any thread, once. */
    void start() {
        thread.execute(task);
    }

    private void run() {
        final long nowNs = thread.nowNs();
        final Session[] sessions = shard.sessions();
        final int to = Math.min(sessions.length, doneTo + (sessions.length + PARTS - 1) / PARTS);
        for (int i = doneTo; i < to; i++) {
            if (sessions[i] != null) {
                lookAfter(sessions[i], nowNs);
            }
        }
        doneTo = to == sessions.length ? 0 : to;
        thread.executeAfter(task, EVERY_MS);
    }

    private void lookAfter(final Session session, final long nowNs) {
        try {
            session.housekeep(nowNs);
        } catch (final RuntimeException e) {
            errors.record("a session could not be looked after", e);
        }
    }
}
