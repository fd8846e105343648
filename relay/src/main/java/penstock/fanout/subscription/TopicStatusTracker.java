package penstock.fanout.subscription;

import penstock.fanout.schedule.FlushScheduler;
import penstock.ring.TopicState;
import penstock.topic.IdSet;
import penstock.topic.Topic;

/**
 * Marks the subscriptions that may have to be notified of a topic's state, one bit each. A change, which is rare, marks
 * all subscribers of the topic; which of them lacks what is found when its session is flushed. So a state that came and
 * went meanwhile is never sent, and a slow reader costs one bit. Raw sessions and subscriptions of mode once are not
 * notified. Owned by the shard's io thread.
 */
public final class TopicStatusTracker {
    private final FlushScheduler scheduler;
    private final IdSet listening = new IdSet();
    /** Marked since the last turn. */
    private final IdSet fresh = new IdSet();
    /** To be notified when their session is flushed. */
    private final IdSet pending = new IdSet();
    /** To be notified together with data: their topics only became live again. */
    private final IdSet pendingWithData = new IdSet();

    /** Over the subscriptions of {@code scheduler}. */
    public TopicStatusTracker(final FlushScheduler scheduler) {
        this.scheduler = scheduler;
    }

    void add(final Subscription subscription) {
        if (subscription.session().hasMessages() && !subscription.isOnce()) {
            listening.add(subscription.id());
        }
    }

    void remove(final Subscription subscription) {
        listening.remove(subscription.id());
        fresh.remove(subscription.id());
        onNotified(subscription, false);
    }

    /** The feed changed the state of a topic. */
    public void onChanged(final Topic topic) {
        fresh.addIntersection(topic.subscribers(), listening);
    }

    /** An update changed the state of a topic: it is live, or its book is incomplete. Live goes with the update. */
    public void onValue(final Topic topic) {
        if (topic.state() == TopicState.LIVE) {
            pendingWithData.addIntersection(topic.subscribers(), listening);
        } else {
            onChanged(topic);
        }
    }

    /** A subscription is to be notified of symbols without a topic; false if it is sent no status. */
    boolean onReport(final Subscription subscription) {
        final boolean isListening = listening.contains(subscription.id());
        if (isListening) {
            fresh.add(subscription.id());
        }
        return isListening;
    }

    /** A client that was sent nothing of a topic does not know it, nor does one that believes it may not see it. */
    static boolean isKnown(final SubscribedTopics subscribed, final int slot) {
        final TopicState notified = subscribed.notifiedState(slot);
        return notified != null && (subscribed.sentQ(slot) != 0 || notified != TopicState.LIVE);
    }

    /** A subscription got a topic that its client may have taken for one that it may not see. */
    void onGained(final Subscription subscription, final boolean hasValue) {
        if (listening.contains(subscription.id())) {
            (hasValue ? pending : pendingWithData).add(subscription.id());
        }
    }

    /** A subscription got a topic. The client takes a topic for live until it is notified. */
    void onSubscribed(final Subscription subscription, final Topic topic) {
        if (topic.state() != TopicState.LIVE && listening.contains(subscription.id())) {
            pending.add(subscription.id());
        }
    }

    /** Once per turn: adds the sessions that must be flushed to {@code sessions}. */
    public void takeSessions(final IdSet sessions) {
        for (int id = fresh.next(0); id >= 0; id = fresh.next(id + 1)) {
            fresh.remove(id);
            pending.add(id);
            sessions.add(scheduler.session(id));
        }
    }

    /** Whether no subscription is marked. */
    public boolean isEmpty() {
        return pending.isEmpty() && pendingWithData.isEmpty();
    }

    /** Whether a subscription is marked for the flush in which it {@code isDue} or not. */
    public boolean isPending(final Subscription subscription, final boolean isDue) {
        return pending.contains(subscription.id()) || isDue && pendingWithData.contains(subscription.id());
    }

    /** A subscription was notified; {@code isLiveLeft}: except of topics that are live with an update still to come. */
    public void onNotified(final Subscription subscription, final boolean isLiveLeft) {
        pending.remove(subscription.id());
        pendingWithData.remove(subscription.id());
        if (isLiveLeft) {
            pendingWithData.add(subscription.id());
        }
    }
}
