package penstock.fanout;

import penstock.audit.Termination;
import penstock.telemetry.ErrorLog;
import penstock.wire.CloseStatus;

/**
 * Closes all sessions of a shard, one after the other: clients that are all closed at once would all return at once.
 * New sessions are closed too, until the drain is undone. Owned by the shard's io thread; any thread may read whether
 * it runs.
 */
public final class SessionDrain {
    /** A session waits at least this long after the last close: the new relay starts meanwhile. */
    private static final long RETURN_AFTER_MS = 2_000;
    /** A session waits 2 ms longer than the one before it, unless the last would wait longer than half a minute. */
    private static final double RETURN_EVERY_MS = 2;
    private static final double RETURN_WITHIN_MS = 30_000;
    /** The relay has everything that the sessions will ask for. */
    private static final double RESTART_WITHIN_MS = 500;
    /** With few sessions the closes need not take all the time that there is. */
    private static final double MAX_CLOSE_EVERY_MS = 5;
    /** The other relay runs already, and the closes are as far apart as the returns are to be. */
    private static final long MOVE_AFTER_MS = 100;
    private static final long CHECK_EVERY_MS = 5;

    private final ShardThread thread;
    private final SessionTable sessions;
    private final ErrorLog errors;
    private volatile boolean isDraining;
    /** Null unless sessions are being closed. */
    private Course course;

    SessionDrain(final ShardThread thread, final SessionTable sessions, final ErrorLog errors) {
        this.thread = thread;
        this.sessions = sessions;
        this.errors = errors;
    }

    /** Whether sessions are being closed, or have been. Any thread. */
    public boolean isDraining() {
        return isDraining;
    }

    /**
     * The relay stops: closes the first session at once, so that one with few sessions ends soon, and the last one
     * within {@code closeWithinMs}; gives each its own time to return.
     */
    void stop(final long closeWithinMs) {
        final int[] numbers = sessions.numbers();
        final int count = Math.max(1, numbers.length);
        final double everyMs = Math.min(MAX_CLOSE_EVERY_MS, (double) closeWithinMs / count);
        begin(new Course(numbers, 0, everyMs, RETURN_AFTER_MS + (count - 1) * everyMs,
            Math.min(RETURN_EVERY_MS, RETURN_WITHIN_MS / count)));
    }

    /**
     * The sessions move to another relay: closes the first one after {@code afterMs}, and the others evenly within
     * {@code overMs}. An earlier course ends.
     */
    public void move(final long afterMs, final long overMs) {
        final int[] numbers = sessions.numbers();
        begin(new Course(numbers, afterMs, (double) overMs / Math.max(1, numbers.length), MOVE_AFTER_MS, 0));
    }

    /** All sequences are new: closes all sessions now, which return within half a second; new ones may begin. */
    void restart() {
        final int[] numbers = sessions.numbers();
        final Course now = new Course(numbers, 0, 0, 0, Math.min(RETURN_EVERY_MS, RESTART_WITHIN_MS / numbers.length));
        now.closeAll();
    }

    /** Closes no more sessions, and lets new ones begin. */
    public void undo() {
        isDraining = false;
        course = null;
    }

    private void begin(final Course begun) {
        isDraining = true;
        course = begun;
        begun.run();
    }

    /** The closes of the sessions that were open when it began. */
    private final class Course implements Runnable {
        private final int[] numbers;
        private final long startNs = thread.nowNs();
        private final long afterMs;
        private final double closeEveryMs;
        private final double returnAfterMs;
        private final double returnEveryMs;
        private int closed;

        Course(final int[] numbers, final long afterMs, final double closeEveryMs, final double returnAfterMs,
                final double returnEveryMs) {
            this.numbers = numbers;
            this.afterMs = afterMs;
            this.closeEveryMs = closeEveryMs;
            this.returnAfterMs = returnAfterMs;
            this.returnEveryMs = returnEveryMs;
        }

        /** Closes the sessions whose time has come. */
        @Override
        public void run() {
            if (course != this) {
                return;
            }
            final double elapsedMs = (thread.nowNs() - startNs) * 1e-6 - afterMs;
            while (closed < numbers.length && closed * closeEveryMs <= elapsedMs) {
                close(closed++);
            }
            if (closed < numbers.length) {
                thread.executeAfter(this, CHECK_EVERY_MS);
            }
        }

        void closeAll() {
            while (closed < numbers.length) {
                close(closed++);
            }
        }

        private void close(final int place) {
            final Session session = sessions.get(numbers[place]);
            if (session == null) {
                return;
            }
            final long retryAfterMs = Math.round(returnAfterMs + place * returnEveryMs);
            try {
                session.close(Termination.DRAINED, CloseStatus.DRAINING.code(), "retryAfter=" + retryAfterMs);
            } catch (final RuntimeException | Error e) {
                errors.record("a session could not be closed", e);
            }
        }
    }
}
