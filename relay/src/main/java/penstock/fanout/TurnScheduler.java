package penstock.fanout;

import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicBoolean;
import penstock.ring.Tick;
import penstock.ring.TickHandler;
import penstock.ring.TickPoller;
import penstock.telemetry.HoldMeter;
import penstock.telemetry.LatencyRecorder;

/**
 * Decides when a shard's next turn runs: when it is woken, at the next deadline, or soon when the last turn left
 * something undone. Wake-ups coalesce: one task per turn, and none while no subscription can be sent anything before
 * its next deadline, because waking a thread costs more than what the thread does with one tick. {@link #wake} and
 * {@link #request} may be called from any thread, the rest belongs to the shard's io thread.
 */
final class TurnScheduler {
    /** A timer that fires this much early is not set again. */
    private static final long SLACK_NS = 500_000;
    /** How long ticks may stay in the ring while no subscription can be sent them. */
    private static final long MAX_COALESCING_NS = 20_000_000;

    /** How long a pass of the selector may delay a turn. */
    private static final long MAX_DELAY_NS = 3_000_000;

    private static final long AFTER_FAILURE_MS = 50;
    /** Of a turn, for the ring: the rest of 3 ms is for sessions. */
    private static final long DRAIN_NS = 1_500_000;
    /** The same while the ring fills up: sessions wait for the next turn, and the other sockets still do not. */
    private static final long FULL_DRAIN_NS = 2_500_000;

    private final ShardThread thread;
    private final TickPoller poller;
    private final Runnable turn;
    private final HoldMeter holds;
    private final LatencyRecorder inRing;
    private final Runnable goOn = this::goOn;
    private final Runnable timer = this::onTimer;
    private final TickPoller.TimeLimit drainLimit = this::isDrainOver;
    private final AtomicBoolean isRequested = new AtomicBoolean();
    /** No subscription is armed, and the next deadline, with its turn, is near: ticks stay in the ring until then. */
    private volatile boolean isCoalescing;
    private long timerNs = Long.MAX_VALUE;
    private long beganNs;
    /** When the ring was read last, by the clock: at the turn's beginning, and at each update that is measured. */
    private long readNs;
    /** The turn began to read the ring, and its end will be measured. */
    private boolean isMeasured;
    private long yieldedNs;
    /** When the last turn was: its beginning, or when it ran out of time. */
    private long lastNs;
    private boolean isGoingOn;
    private boolean isGivingWay;

    TurnScheduler(final ShardThread thread, final TickPoller poller, final Runnable turn, final HoldMeter holds,
            final LatencyRecorder inRing) {
        this.inRing = inRing;
        this.holds = holds;
        this.thread = thread;
        this.poller = poller;
        this.turn = turn;
    }

    /** Something was published. */
    void wake() {
        // either the turn that clears the flags sees what was published before, or the flags are seen cleared here
        VarHandle.fullFence();
        if (!isCoalescing || poller.isUrgent()) {
            request();
        }
    }

    /** A turn is needed soon. */
    void request() {
        if (!isRequested.get() && isRequested.compareAndSet(false, true)) {
            thread.execute(turn);
        }
    }

    /** A turn begins. False when it was requested while the last one ran out of time: it gives way to the selector. */
    boolean begin() {
        isRequested.set(false);
        isCoalescing = false;
        VarHandle.fullFence();
        final boolean begins = !isGivingWay;
        isGivingWay = false;
        return begins;
    }

    /** When the turn began to read the ring. */
    long beganNs() {
        return beganNs;
    }

    /** When an update was read from the ring, or a little before. */
    long readNs(final Tick tick) {
        if (tick.publishedNs() != 0) {
            readNs = thread.nowNs();
            inRing.recordNs(readNs - tick.publishedNs());
        } else if (beganNs - readNs > 0) {
            readNs = beganNs;
        }
        return readNs;
    }

    /** Hands over what is in the ring, for a part of the turn; false if more is left. */
    boolean drain(final TickHandler target) {
        beganNs = thread.nowNs();
        holds.begin(beganNs);
        isMeasured = true;
        return poller.poll(target, drainLimit);
    }

    /** The turn is over. */
    private void measure(final long nowNs) {
        if (isMeasured) {
            isMeasured = false;
            holds.end(nowNs);
        }
    }

    private boolean isDrainOver(final boolean isFilling) {
        return thread.nowNs() - beganNs >= (isFilling ? FULL_DRAIN_NS : DRAIN_NS);
    }

    /**
     * A request was handled. XNIO handles all sockets that are readable before it runs a task, perhaps hundreds with
     * requests of a millisecond each: a turn that waits for that runs in between.
     */
    void runOverdue() {
        final long nowNs = thread.nowNs();
        if (nowNs - lastNs >= MAX_DELAY_NS
                && (isRequested.get() || isGoingOn || timerNs != Long.MAX_VALUE && nowNs - timerNs >= 0)) {
            isGivingWay = false;
            holds.split(nowNs);
            turn.run();
            holds.split(thread.nowNs());
        }
    }

    /** The turn sent all it could; the next one is needed at {@code deadlineNs}. */
    void end(final long nowNs, final long deadlineNs, final boolean isAnyArmed) {
        lastNs = nowNs;
        if (deadlineNs != Long.MAX_VALUE && (timerNs == Long.MAX_VALUE || deadlineNs - timerNs < -SLACK_NS)) {
            timerNs = deadlineNs;
            thread.executeAfter(timer, Math.max(1, (deadlineNs - thread.nowNs() + 999_999) / 1_000_000));
        }
        isCoalescing = !isAnyArmed && deadlineNs != Long.MAX_VALUE && deadlineNs - nowNs < MAX_COALESCING_NS;
        measure(thread.nowNs());
    }

    /**
     * The turn left something undone. XNIO selects only when its queue is empty: a turn that was requested while the
     * slice ran would follow it at once, and so on for as long as the feed is faster than the shard. That turn gives
     * way; the next wake-up, or {@link #goOn} after 1 ms, continues.
     */
    void yieldToSelector() {
        yieldedNs = thread.nowNs();
        measure(yieldedNs);
        lastNs = yieldedNs;
        isGivingWay = isRequested.get();
        if (!isGoingOn) {
            isGoingOn = true;
            thread.executeAfter(goOn, 1);
        }
    }

    /** The turn failed half-way: the next wake-up begins another, or this one in a while, so that it cannot spin. */
    void fail() {
        lastNs = thread.nowNs();
        measure(lastNs);
        thread.executeAfter(turn, AFTER_FAILURE_MS);
    }

    /** Continues the sweep, unless a wake-up did and has yielded just now. */
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
