package penstock.fanout;

import java.util.Arrays;
import java.util.function.Consumer;
import penstock.topic.IdSet;
import penstock.topic.Topic;
import penstock.wire.SubscriptionOptions;

/**
 * Which subscription may be sent something, and when: armed, holding, due or waiting for its socket. Ticks touch bits
 * here and no subscription. Owned by the shard.
 */
final class FlushScheduler {
    private final IdPool ids = new IdPool();
    private final IdSet armed = new IdSet();
    private final IdSet due = new IdSet();
    private final IntervalTimers holds = new IntervalTimers();
    private final Consumer<Subscription> expired = this::onExpired;
    private Subscription[] byId = new Subscription[64];
    private int count;
    private long settledP;

    /** An id for a subscription that is about to be made. */
    int takeId() {
        return ids.take();
    }

    void add(final Subscription subscription) {
        if (subscription.id >= byId.length) {
            byId = Arrays.copyOf(byId, Math.max(subscription.id + 1, byId.length * 2));
        }
        byId[subscription.id] = subscription;
        joinLines(subscription);
        count++;
        due(subscription);
    }

    void remove(final Subscription subscription) {
        leave(subscription);
        due.remove(subscription.id);
        leaveLines(subscription);
        subscription.state = Subscription.State.ENDED;
        byId[subscription.id] = null;
        ids.giveBack(subscription.id);
        count--;
    }

    /** A subscription keeps to other terms from now on. */
    void onTerms(final Subscription subscription) {
        due(subscription);
        leaveLines(subscription);
        joinLines(subscription);
    }

    int count() {
        return count;
    }

    /** A topic changed: whoever holds it and is armed is due. */
    void onChanged(final Topic topic) {
        if (!armed.isEmpty()) {
            due.addIntersection(topic.subscribers(), armed);
        }
    }

    /** Whether the next tick may be wanted at once. */
    boolean isAnyArmed() {
        return !armed.isEmpty();
    }

    boolean isDue(final Subscription subscription) {
        return due.contains(subscription.id);
    }

    /** Nobody is due: whoever is armed has all up to this position. */
    void settled(final long position) {
        settledP = position;
    }

    /**
     * Up to where a subscription was sent everything. One that is armed may have been passed by many changes of others'
     * topics since its own cursor was set: they need not be walked again.
     */
    long sentUpTo(final Subscription subscription) {
        return subscription.state == Subscription.State.ARMED ? Math.max(subscription.cursor, settledP)
            : subscription.cursor;
    }

    /** The next that is due, from {@code id} on; -1 if none. */
    int nextDue(final int id) {
        return due.next(id);
    }

    Subscription byId(final int id) {
        return byId[id];
    }

    /** Whatever it was, it is due now. */
    void due(final Subscription subscription) {
        leave(subscription);
        subscription.state = Subscription.State.DUE;
        due.add(subscription.id);
    }

    /** It was sent all that it was owed, and holds for its interval. */
    void hold(final Subscription subscription, final long nowNs) {
        leave(subscription);
        due.remove(subscription.id);
        subscription.state = Subscription.State.HOLDING;
        holds.hold(subscription, subscription.line, nowNs);
    }

    /** It was sent as much as its pace allows, and holds until it may be sent more. */
    void holdForPace(final Subscription subscription, final long nowNs) {
        leave(subscription);
        due.remove(subscription.id);
        subscription.state = Subscription.State.HOLDING;
        holds.hold(subscription, subscription.paceLine, nowNs);
    }

    /** It has all that there is and wants the next change at once. */
    void arm(final Subscription subscription) {
        leave(subscription);
        due.remove(subscription.id);
        subscription.state = Subscription.State.ARMED;
        subscription.dueSinceNs = 0;
        armed.add(subscription.id);
    }

    /** It may be sent something, but its socket is blocked. */
    void waitForSocket(final Subscription subscription) {
        leave(subscription);
        due.remove(subscription.id);
        subscription.state = Subscription.State.WAITING;
    }

    /** The socket of a session is blocked: what is armed or due there waits, what holds goes on holding. */
    void waitForSocket(final Session session) {
        for (final Subscription subscription : session.subscriptions) {
            if (subscription.state != Subscription.State.HOLDING) {
                waitForSocket(subscription);
            }
        }
    }

    /** Makes due everyone whose hold is over. */
    void expire(final long nowNs) {
        holds.expire(nowNs, expired);
    }

    long nextDeadlineNs() {
        return holds.nextDeadlineNs();
    }

    private void joinLines(final Subscription subscription) {
        final SubscriptionOptions terms = subscription.terms();
        subscription.line = holds.join(terms.intervalMs() * 1_000_000L);
        subscription.paceLine = RateLimit.isNeeded(terms) ? holds.join(RateLimit.holdNs(terms)) : null;
    }

    private void leaveLines(final Subscription subscription) {
        holds.leave(subscription.line);
        if (subscription.paceLine != null) {
            holds.leave(subscription.paceLine);
        }
    }

    private void onExpired(final Subscription subscription) {
        subscription.dueSinceNs = subscription.deadlineNs;
        subscription.state = Subscription.State.DUE;
        due.add(subscription.id);
    }

    private void leave(final Subscription subscription) {
        if (subscription.state == Subscription.State.ARMED) {
            armed.remove(subscription.id);
        } else if (subscription.state == Subscription.State.HOLDING) {
            holds.cancel(subscription);
        }
    }
}
