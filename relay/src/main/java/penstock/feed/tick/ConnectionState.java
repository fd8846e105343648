package penstock.feed.tick;

/**
 * The state of one connection that reconnects, and the times that belong to it. The one answer to "is it live?".
 *
 * <pre>
 *                          dial             open               first update, or nothing to wait for
 *   BACKING_OFF, IDLE ───────► CONNECTING ──────► LOGGING_IN ──────► LIVE ──┐ another line has
 *     ▲                            │                  │             │  ▲    │ taken over
 *     └──────── line lost ─────────┴──────────────────┴─────────────┤  └────┘
 *                                                                   │
 *   line lost during a rollover: the half-made line goes on ◄───────┘ CONNECTING or LOGGING_IN
 *
 *   every state ──► CLOSED: stopped, or rejected permanently
 * </pre>
 *
 * <p>Owned by the feed thread.
 */
public final class ConnectionState {
    /** A connection is young for this long: its updates may be older than those of the connection before it. */
    private static final long YOUNG_NS = 5_000_000_000L;

    private SessionState state = SessionState.CONNECTING;
    private String detail = "not started";
    private boolean hasBeenLive;
    private long liveSinceNs;
    private long lastDataNs;
    private long lastAcceptedNs;
    private long lostNs;
    private long enteredNs;
    private String lastLoss;
    private long lastLossNs;

    /** Moves to {@code next}, or stays with a new {@code what}: the last event, in words for the operator. */
    public void enter(final SessionState next, final String what, final long nowNs) {
        assert canEnter(next) : state + " to " + next;
        if (isLive() && next != SessionState.LIVE) {
            lostNs = nowNs;
        } else if (!isLive() && next == SessionState.LIVE) {
            hasBeenLive = true;
            liveSinceNs = nowNs;
            lastDataNs = nowNs;
            lastAcceptedNs = nowNs;
        }
        final boolean isUp = state == SessionState.CONNECTING || state == SessionState.LOGGING_IN || isLive();
        if (isUp && (next == SessionState.BACKING_OFF || next == SessionState.IDLE) || isLive() && next != state) {
            lastLoss = what;
            lastLossNs = nowNs;
        }
        enteredNs = next == state ? enteredNs : nowNs;
        state = next;
        detail = what;
    }

    /** When it came into its state; 0 before the start. */
    public long enteredNs() {
        return enteredNs;
    }

    /** How the connection was lost last, or stopped, for people; null if it never was. */
    public String lastLoss() {
        return lastLoss;
    }

    /** When that was. */
    public long lastLossNs() {
        return lastLossNs;
    }

    public SessionState state() {
        return state;
    }

    public String detail() {
        return detail;
    }

    public boolean isLive() {
        return state == SessionState.LIVE;
    }

    /** Another line of the same connection sends the data from now on. */
    public void onTakenOver(final long nowNs) {
        assert isLive();
        liveSinceNs = nowNs;
    }

    /** How long data has flowed. */
    public long healthyNs() {
        return isLive() ? Math.max(0, lastDataNs - liveSinceNs) : 0;
    }

    /** Whether an update of a topic with interest has arrived since then. */
    public boolean hasAcceptedSince(final long sinceNs) {
        return lastAcceptedNs >= sinceNs;
    }

    void onData(final long nowNs) {
        lastDataNs = nowNs;
    }

    /** The newest update is of a topic with interest. */
    void onAccepted() {
        lastAcceptedNs = lastDataNs;
    }

    /** When the newest update came. */
    long lastDataNs() {
        return lastDataNs;
    }

    /** Whether data has flowed only since a later time. */
    boolean isLiveAfter(final long ns) {
        return liveSinceNs - ns > 0;
    }

    /** True if the newest update came soon after the connection went live. */
    boolean isYoung() {
        return lastDataNs - liveSinceNs < YOUNG_NS;
    }

    boolean isLongerLiveThan(final ConnectionState other) {
        return liveSinceNs - other.liveSinceNs < 0;
    }

    /** True if the other was live beside this one until just now: it may have sent what this one is about to send. */
    boolean mayLagBehind(final ConnectionState other) {
        return other.hasBeenLive && other.lostNs - liveSinceNs >= 0 && lastDataNs - other.lostNs < YOUNG_NS;
    }

    private boolean canEnter(final SessionState next) {
        return switch (state) {
            case CONNECTING -> next != SessionState.LIVE;
            case LOGGING_IN, LIVE -> true;
            case BACKING_OFF, IDLE -> next == SessionState.CONNECTING || next == SessionState.BACKING_OFF
                || next == SessionState.CLOSED;
            case CLOSED -> false;
        };
    }
}
