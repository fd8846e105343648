package penstock.fanout;

/**
 * When a shard's next turn comes if nothing wakes it: at the next deadline, or soon when the last one left something
 * undone. Owned by the shard.
 */
final class TurnTimer {
    /** A timer may fire that much early without being set again. */
    private static final long SLACK_NS = 500_000;

    private final ShardThread thread;
    private final Runnable turn;
    private final Runnable goOn = this::goOn;
    private final Runnable timer = this::onTimer;
    private long timerNs = Long.MAX_VALUE;
    private long yieldedNs;
    private boolean isGoingOn;
    private boolean isGivingWay;

    TurnTimer(final ShardThread thread, final Runnable turn) {
        this.thread = thread;
        this.turn = turn;
    }

    /**
     * The turn left something undone. XNIO selects only when its queue is empty: a turn that was asked for while the
     * slice ran would follow it at once, and so on for as long as the feed is faster than we are. It gives way; the
     * next wake, or {@link #goOn} after 1 ms, goes on.
     */
    void yieldToSelector(final boolean isAskedFor) {
        yieldedNs = thread.nowNs();
        isGivingWay = isAskedFor;
        if (!isGoingOn) {
            isGoingOn = true;
            thread.executeAfter(goOn, 1);
        }
    }

    /** Whether this turn was asked for while the last one ran out of time. */
    boolean givesWay() {
        final boolean gives = isGivingWay;
        isGivingWay = false;
        return gives;
    }

    /** A turn is needed then. */
    void set(final long deadlineNs) {
        if (deadlineNs != Long.MAX_VALUE && (timerNs == Long.MAX_VALUE || deadlineNs - timerNs < -SLACK_NS)) {
            timerNs = deadlineNs;
            thread.executeAfter(timer, Math.max(1, (deadlineNs - thread.nowNs() + 999_999) / 1_000_000));
        }
    }

    /** Goes on with the sweep, unless a wake did and has yielded just now. */
    private void goOn() {
        isGoingOn = false;
        if (thread.nowNs() - yieldedNs < SLACK_NS) {
            isGoingOn = true;
            thread.executeAfter(goOn, 1);
        } else {
            turn.run();
        }
    }

    private void onTimer() {
        if (timerNs != Long.MAX_VALUE && thread.nowNs() - timerNs >= -SLACK_NS) {
            timerNs = Long.MAX_VALUE;
        }
        turn.run();
    }
}
