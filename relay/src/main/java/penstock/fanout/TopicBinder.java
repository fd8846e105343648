package penstock.fanout;

import penstock.topic.Journal;
import penstock.topic.Topic;
import penstock.topic.TopicTable;
import penstock.topic.View;
import penstock.wire.SubscriptionOptions;

/**
 * What topics know of the subscriptions that hold them: who they are, what they are shown, and whether each update
 * counts for them. And what becomes of that when a subscription is to be sent its topics in another way: no update is
 * left out, and none sent twice. Owned by the shard.
 */
final class TopicBinder {
    /** So much longer ago than anything that it is quicker to look through one's own topics. */
    private static final long LONG_AGO = Long.MIN_VALUE / 2;

    private final Shard shard;
    private final TopicTable topics;
    private final Journal journal;

    TopicBinder(final Shard shard) {
        this.shard = shard;
        topics = shard.topics();
        journal = topics.journal();
    }

    /** A subscription holds a topic from now on, and was sent it up to {@code sentQ}. */
    void hold(final Subscription subscription, final Topic topic, final boolean byName, final long sentQ) {
        subscription.held.add(topic.id(), byName, sentQ);
        subscription.imageScan = 0;
        topic.subscribers().add(subscription.id);
        watch(topic, subscription.view);
        if (subscription.lossless) {
            keep(subscription, topic);
        }
        shard.states().onHeld(subscription, topic);
    }

    /** It holds the topic no longer. */
    void leave(final Subscription subscription, final Topic topic) {
        topic.subscribers().remove(subscription.id);
        unwatch(topic, subscription.view);
        if (subscription.lossless) {
            letGo(subscription, topic);
        }
    }

    /** Keeps to other terms from now on; {@code snapshot} allows images of what it was not shown before. */
    void change(final Subscription subscription, final SubscriptionOptions terms, final boolean snapshot) {
        final View before = subscription.view;
        final boolean wasLossless = subscription.lossless;
        subscription.keepTo(terms);
        setPace(subscription, terms);
        shard.dues().onTerms(subscription);
        final boolean showsMore = snapshot && showsMore(before, subscription.view);
        final SubscribedTopics held = subscription.held;
        for (int slot = 0; slot < held.slots(); slot++) {
            if (held.topic(slot) != SubscribedTopics.NONE) {
                final Topic topic = topics.topic(held.topic(slot));
                if (!subscription.view.equals(before)) {
                    watch(topic, subscription.view);
                    unwatch(topic, before);
                }
                final boolean isBehind = topic.q() > held.sent(slot);
                if (subscription.lossless && !wasLossless) {
                    keep(subscription, topic);
                } else if (wasLossless && !subscription.lossless) {
                    letGo(subscription, topic);
                }
                // what is behind at the change to mode all was conflated: its image is where the count of every update
                // begins
                if (topic.hasValue() && (isBehind && subscription.lossless && !wasLossless
                    || showsMore && (!isBehind || !subscription.lossless))) {
                    held.owe(slot);
                    subscription.snapshotOwed = true;
                }
            }
        }
        subscription.imageScan = 0;
        if (subscription.lossless != wasLossless) {
            subscription.journalCursor = journal.head();
            subscription.gapTold = Journal.NONE;
            subscription.seenChanges = LONG_AGO;
            subscription.lookedP = subscription.cursor;
            subscription.imagesAhead = false;
        }
    }

    /** Limits, or none. */
    void setPace(final Subscription subscription, final SubscriptionOptions terms) {
        final boolean isNeeded = RateLimit.isNeeded(terms);
        if (isNeeded && subscription.pace != null) {
            subscription.pace.keepTo(terms, shard.nowNs());
        } else if (isNeeded) {
            subscription.pace = new RateLimit(terms, shard.nowNs());
            subscription.lookedP = subscription.cursor;
            subscription.held.trackWaiting(true);
        } else if (subscription.pace != null) {
            subscription.pace = null;
            subscription.held.trackWaiting(false);
        }
    }

    private void keep(final Subscription subscription, final Topic topic) {
        journal.addReader(topic);
        if (subscription.session.kind() == SessionKind.RAW) {
            journal.addPayloadReader(topic);
        }
    }

    private void letGo(final Subscription subscription, final Topic topic) {
        journal.removeReader(topic);
        if (subscription.session.kind() == SessionKind.RAW) {
            journal.removePayloadReader(topic);
        }
    }

    private static void watch(final Topic topic, final View view) {
        if (!view.isFull()) {
            topic.addView(view);
        }
    }

    private static void unwatch(final Topic topic, final View view) {
        if (!view.isFull()) {
            topic.removeView(view);
        }
    }

    /** Whether who was shown the one lacks something of the other, or has levels too many. */
    private static boolean showsMore(final View before, final View now) {
        return now.depth() != before.depth()
            || !before.fields().isEmpty() && (now.fields().isEmpty() || !before.fields().containsAll(now.fields()));
    }
}
