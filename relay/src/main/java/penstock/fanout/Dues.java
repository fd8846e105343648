package penstock.fanout;

import java.util.Arrays;
import java.util.function.Consumer;
import penstock.topic.IdSet;
import penstock.topic.Topic;

/**
 * Which subscription may be sent something, and when: armed, holding, due or waiting for its socket. Ticks touch bits here and no
 * subscription. Owned by the shard.
 */
final class Dues {
    private final Ids ids = new Ids();
    private final IdSet armed = new IdSet();
    private final IdSet due = new IdSet();
    private final Holds holds = new Holds();
    private final Consumer<Subscription> expired = this::onExpired;
    private Subscription[] byId = new Subscription[64];
    private int count;

    /** An id for a subscription that is about to be made. */
    int takeId() {
        return ids.take();
    }

    void add(final Subscription subscription, final long intervalNs) {
        if (subscription.id >= byId.length) {
            byId = Arrays.copyOf(byId, Math.max(subscription.id + 1, byId.length * 2));
        }
        byId[subscription.id] = subscription;
        subscription.line = holds.join(intervalNs);
        count++;
        due(subscription);
    }

    void remove(final Subscription subscription) {
        leave(subscription);
        due.remove(subscription.id);
        holds.leave(subscription.line);
        subscription.state = Subscription.State.ENDED;
        byId[subscription.id] = null;
        ids.giveBack(subscription.id);
        count--;
    }

    /** A subscription changes its pace. */
    void interval(final Subscription subscription, final long intervalNs) {
        due(subscription);
        holds.leave(subscription.line);
        subscription.line = holds.join(intervalNs);
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

    boolean isDue(final Subscription subscription) {
        return due.contains(subscription.id);
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
        holds.hold(subscription, nowNs);
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
