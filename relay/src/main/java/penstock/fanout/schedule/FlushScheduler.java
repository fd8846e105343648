package penstock.fanout.schedule;

import java.util.Arrays;
import java.util.function.Consumer;
import penstock.topic.IdSet;

/**
 * Decides which subscriptions may be sent something, and when. {@link SubscriptionSchedule} shows the states. A tick
 * sets bits here and touches no subscription. Owned by the shard's io thread.
 */
public final class FlushScheduler {
    private final IdPool ids = new IdPool();
    private final IdSet armed = new IdSet();
    /** By feed: subscriptions that may be sent something. */
    private IdSet[] due;
    private final IntervalTimers timers = new IntervalTimers();
    private final Consumer<Deadline> onExpired = this::onExpired;
    private SubscriptionSchedule[] byId = new SubscriptionSchedule[64];
    private int count;
    private long settledP;
    private boolean isSettled = true;
    /** When the first turn began after everything was sent. */
    private long unsettledNs;

    /** Of subscriptions to that many feeds. */
    public FlushScheduler(final int feeds) {
        due = new IdSet[feeds];
        Arrays.setAll(due, feed -> new IdSet());
    }

    /** Feeds have come; {@code feeds}: how many there are now. */
    void growTo(final int feeds) {
        final int before = due.length;
        due = Arrays.copyOf(due, Math.max(before, feeds));
        Arrays.setAll(due, feed -> feed < before ? due[feed] : new IdSet());
    }

    /**
     * Adds a subscription, which is due at once.
     *
     * @param feed           number of the feed whose topics it has
     * @param session        number of its session
     * @param intervalNs     time between two sends; 0 = none
     * @param rateIntervalNs how long it holds when its rate limit is used up; 0 = no limit
     */
    public SubscriptionSchedule add(final int feed, final int session, final long intervalNs,
            final long rateIntervalNs) {
        final SubscriptionSchedule schedule = new SubscriptionSchedule(ids.take(), feed, session);
        if (schedule.id() >= byId.length) {
            byId = Arrays.copyOf(byId, byId.length * 2);
        }
        byId[schedule.id()] = schedule;
        joinQueues(schedule, intervalNs, rateIntervalNs);
        due[schedule.feed()].add(schedule.id());
        count++;
        return schedule;
    }

    /** The id of the next subscription. */
    public int nextId() {
        return ids.peek();
    }

    /** Ends a subscription: it is never due again. */
    public void end(final SubscriptionSchedule schedule) {
        leave(schedule);
        due[schedule.feed()].remove(schedule.id());
        leaveQueues(schedule);
        schedule.onEnded();
        count--;
    }

    /** Nothing knows an ended subscription any more: its id may be given to another one. */
    public void giveBack(final SubscriptionSchedule schedule) {
        byId[schedule.id()] = null;
        ids.giveBack(schedule.id());
    }

    /** A request is worked on, which changes the subscription step by step: nothing is sent until it is due again. */
    public void pause(final SubscriptionSchedule schedule) {
        leave(schedule);
        due[schedule.feed()].remove(schedule.id());
        schedule.onPaused();
    }

    /** Gives a subscription that is paused other intervals. */
    public void reschedule(final SubscriptionSchedule schedule, final long intervalNs, final long rateIntervalNs) {
        assert schedule.isPaused() : "a request changes what is paused";
        leaveQueues(schedule);
        joinQueues(schedule, intervalNs, rateIntervalNs);
    }

    /** Subscriptions that were added and did not end. */
    public int count() {
        return count;
    }

    /** The number of the session of a subscription. */
    public int session(final int id) {
        return byId[id].session();
    }

    /** A topic of a feed changed: each armed one of its subscribers is due. */
    public void onChanged(final int feed, final IdSet subscribers) {
        if (!armed.isEmpty()) {
            due[feed].addIntersection(subscribers, armed);
        }
    }

    /** Whether any subscription is to be sent the next change at once. */
    public boolean isAnyArmed() {
        return !armed.isEmpty();
    }

    /** Whether a subscription may be sent something now. */
    public boolean isDue(final SubscriptionSchedule schedule) {
        return due[schedule.feed()].contains(schedule.id());
    }

    /** How many feeds the subscriptions are of. */
    int feeds() {
        return due.length;
    }

    /** Whether any subscription may be sent something now. */
    public boolean isAnyDue() {
        for (final IdSet ofFeed : due) {
            if (!ofFeed.isEmpty()) {
                return true;
            }
        }
        return false;
    }

    /** The first due id of a feed that is not below {@code id}; -1 if there is none. */
    int nextDue(final int feed, final int id) {
        return due[feed].next(id);
    }

    /** Nothing is due: each armed subscription has all up to this position. */
    public void onSettled(final long position) {
        settledP = position;
        isSettled = true;
    }

    /** A turn that began at {@code beganNs} has something to send, perhaps. */
    public void onTurn(final long beganNs) {
        if (isSettled) {
            isSettled = false;
            unsettledNs = beganNs;
        }
    }

    /**
     * When a subscription last had everything that the shard knew: what it lacks came later. May be early for one that
     * was armed for long and is just being changed by a request.
     */
    public long caughtUpNs(final SubscriptionSchedule schedule, final long nowNs) {
        return !schedule.isArmed() ? schedule.caughtUpNs() : isDue(schedule) ? unsettledNs : nowNs;
    }

    /**
     * The position up to which nothing is left to send to a subscription that is armed; 0 for others. Many changes of
     * other topics may have passed since its own cursor was set: they need not be walked again.
     */
    public long settledPosition(final SubscriptionSchedule schedule) {
        return schedule.isArmed() ? settledP : 0;
    }

    /**
     * The position up to which nothing was left to send to a subscription when it was armed last, or is; 0 if it never
     * was, or goes back.
     */
    public long passedPosition(final SubscriptionSchedule schedule) {
        return schedule.isArmed() ? settledP : schedule.passedP();
    }

    /** The subscription goes back to an earlier position: it is due at once. */
    public void goBack(final SubscriptionSchedule schedule) {
        due(schedule);
        schedule.onPassed(0);
    }

    /** Makes a subscription due from any state. */
    public void due(final SubscriptionSchedule schedule) {
        leave(schedule);
        schedule.onDue();
        due[schedule.feed()].add(schedule.id());
    }

    /** The subscription was sent all of its pending data: it holds for its interval. */
    public void hold(final SubscriptionSchedule schedule, final long nowNs) {
        hold(schedule, schedule.intervalQueue(), nowNs, false);
    }

    /** The subscription has used up its rate limit: it holds until the limit allows more. */
    public void holdForRate(final SubscriptionSchedule schedule, final long nowNs) {
        hold(schedule, schedule.rateQueue(), nowNs, true);
    }

    /** The subscription has all of its data: the next change is to be sent at once. */
    public void arm(final SubscriptionSchedule schedule) {
        leave(schedule);
        due[schedule.feed()].remove(schedule.id());
        schedule.onArmed();
        armed.add(schedule.id());
    }

    /** The socket of the subscription is blocked: what is armed or due waits for it; a hold or a pause goes on. */
    public void block(final SubscriptionSchedule schedule) {
        if (schedule.state() != SubscriptionSchedule.State.HOLDING && !schedule.isPaused()) {
            leave(schedule);
            due[schedule.feed()].remove(schedule.id());
            schedule.onBlocked();
        }
    }

    /** The socket of the subscription is writable again: it is due if it was blocked. */
    public void unblock(final SubscriptionSchedule schedule) {
        if (schedule.state() == SubscriptionSchedule.State.BLOCKED) {
            due(schedule);
        }
    }

    /** Makes each subscription due whose hold is over. */
    public void expire(final long nowNs) {
        timers.expire(nowNs, onExpired);
    }

    /** When {@link #expire} has something to do next, or {@link Long#MAX_VALUE}. May be early. */
    public long nextDeadlineNs() {
        return timers.nextDeadlineNs();
    }

    private void hold(final SubscriptionSchedule schedule, final IntervalQueue queue, final long nowNs,
            final boolean forRate) {
        leave(schedule);
        due[schedule.feed()].remove(schedule.id());
        schedule.onHolding(forRate);
        timers.schedule(schedule, queue, nowNs);
    }

    private void joinQueues(final SubscriptionSchedule schedule, final long intervalNs, final long rateIntervalNs) {
        schedule.use(timers.join(intervalNs), rateIntervalNs > 0 ? timers.join(rateIntervalNs) : null);
    }

    private void leaveQueues(final SubscriptionSchedule schedule) {
        timers.leave(schedule.intervalQueue());
        if (schedule.rateQueue() != null) {
            timers.leave(schedule.rateQueue());
        }
    }

    private void onExpired(final Deadline deadline) {
        final SubscriptionSchedule schedule = (SubscriptionSchedule) deadline;
        schedule.onExpired();
        due[schedule.feed()].add(schedule.id());
    }

    private void leave(final SubscriptionSchedule schedule) {
        if (schedule.state() == SubscriptionSchedule.State.ARMED) {
            armed.remove(schedule.id());
            schedule.onPassed(settledP);
            schedule.onCaughtUp(unsettledNs);
        } else if (schedule.state() == SubscriptionSchedule.State.HOLDING) {
            schedule.dequeue();
        }
    }
}
