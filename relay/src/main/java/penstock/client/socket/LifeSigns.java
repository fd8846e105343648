package penstock.client.socket;

/**
 * How long a relay has been silent, and how long it may be: until its welcome ten seconds, then its heartbeat, half of
 * that for the way, and a second for its clock and ours. Times are milliseconds.
 *
 * <p>Owned by the client's thread.
 */
public final class LifeSigns {
    private static final long WELCOME_WITHIN_MS = 10_000;

    private long patienceMs = WELCOME_WITHIN_MS;
    private long heardMs;
    private long deadlineMs = Long.MAX_VALUE;

    /** A connection begins. */
    public void onOpening(final long nowMs) {
        patienceMs = WELCOME_WITHIN_MS;
        restart(nowMs);
    }

    /** The welcome came, and promises a message every so often. */
    public void onWelcome(final long heartbeatMs) {
        patienceMs = heartbeatMs + heartbeatMs / 2 + 1_000;
        restart(heardMs);
    }

    /** Something came. */
    public void onHeard(final long nowMs) {
        heardMs = nowMs;
        restart(nowMs);
    }

    /** Gives the relay its whole time again. */
    public void restart(final long nowMs) {
        deadlineMs = nowMs + patienceMs;
    }

    /** Whether its time is over. */
    public boolean isOver(final long nowMs) {
        return nowMs > deadlineMs;
    }

    /** Whether the newest sign is no older than it may be. */
    public boolean isRecent(final long nowMs) {
        return nowMs - heardMs <= patienceMs;
    }
}
