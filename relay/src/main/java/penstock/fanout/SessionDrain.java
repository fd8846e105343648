package penstock.fanout;

import penstock.audit.Termination;
import penstock.telemetry.ErrorLog;
import penstock.wire.CloseStatus;

/**
 * Closes all sessions of a shard, one after the other, and gives each its own time to return: clients that are all
 * closed at once would all return at once. The first session is closed at once, so a relay with few sessions ends
 * soon. Owned by the shard's io thread.
 */
final class SessionDrain implements Runnable {
    /** A session waits at least this long after the last close: the new relay starts meanwhile. */
    private static final long RETURN_AFTER_MS = 2_000;
    /** A session waits 2 ms longer than the one before it, unless the last would wait longer than half a minute. */
    private static final double RETURN_EVERY_MS = 2;
    private static final double RETURN_WITHIN_MS = 30_000;
    /** With few sessions the closes need not take all the time that there is. */
    private static final double MAX_CLOSE_EVERY_MS = 5;
    private static final long CHECK_EVERY_MS = 5;

    private final ShardThread thread;
    private final SessionTable sessions;
    private final ErrorLog errors;
    private final int[] numbers;
    private final long startNs;
    private final double closeEveryMs;
    private final double returnEveryMs;
    private int closed;

    SessionDrain(final ShardThread thread, final SessionTable sessions, final ErrorLog errors,
            final long closeWithinMs) {
        this.thread = thread;
        this.sessions = sessions;
        this.errors = errors;
        startNs = thread.nowNs();
        numbers = sessions.numbers();
        final int count = Math.max(1, numbers.length);
        closeEveryMs = Math.min(MAX_CLOSE_EVERY_MS, (double) closeWithinMs / count);
        returnEveryMs = Math.min(RETURN_EVERY_MS, RETURN_WITHIN_MS / count);
    }

    /** Closes the sessions whose time has come. */
    @Override
    public void run() {
        final double elapsedMs = (thread.nowNs() - startNs) * 1e-6;
        while (closed < numbers.length && closed * closeEveryMs <= elapsedMs) {
            close(closed++);
        }
        if (closed < numbers.length) {
            thread.executeAfter(this, CHECK_EVERY_MS);
        }
    }

    private void close(final int place) {
        final Session session = sessions.get(numbers[place]);
        if (session == null) {
            return;
        }
        final double lastMs = (numbers.length - 1) * closeEveryMs;
        final long retryAfterMs = RETURN_AFTER_MS + Math.round(lastMs + place * returnEveryMs);
        try {
            session.close(Termination.DRAINED, CloseStatus.DRAINING.code(), "retryAfter=" + retryAfterMs);
        } catch (final RuntimeException | Error e) {
            errors.record("a session could not be closed", e);
        }
    }
}
