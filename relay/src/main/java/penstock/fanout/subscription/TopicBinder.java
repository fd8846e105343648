package penstock.fanout.subscription;

import penstock.memory.MemoryShare;
import penstock.memory.MemoryUse;
import penstock.topic.Journal;
import penstock.topic.Topic;
import penstock.topic.TopicTable;
import penstock.topic.image.View;
import penstock.wire.SubscriptionOptions;

/**
 * Registers subscriptions with topics: who subscribes, which views are shown, and whether the journal keeps each
 * update. When the options of a subscription change, no update is left out and none is sent twice. Owned by the shard's
 * io thread.
 */
final class TopicBinder {
    private final TopicTable topics;
    private final Journal journal;
    private final MemoryShare memory;

    TopicBinder(final TopicTable topics, final MemoryShare memory) {
        this.memory = memory;
        this.topics = topics;
        journal = topics.journal();
    }

    /** Subscribes to a topic of which the client has everything up to {@code sentQ}. */
    void bind(final Subscription subscription, final Topic topic, final boolean isNamed, final long sentQ) {
        subscription.topics().add(topic.id(), isNamed, sentQ);
        subscription.cursor().restartImageScan();
        final long before = topic.subscribers().bytes();
        topic.subscribers().add(subscription.id());
        memory.reserve(MemoryUse.SUBSCRIPTIONS, topic.subscribers().bytes() - before);
        watch(topic, subscription.view());
        if (subscription.deliversAll()) {
            keep(subscription, topic);
        }
    }

    /** Ends the subscription to a topic. */
    void unbind(final Subscription subscription, final Topic topic) {
        final long before = topic.subscribers().bytes();
        topic.subscribers().removeAndTrim(subscription.id());
        memory.release(MemoryUse.SUBSCRIPTIONS, before - topic.subscribers().bytes());
        unwatch(topic, subscription.view());
        if (subscription.deliversAll()) {
            release(subscription, topic);
        }
    }

    /**
     * Changes the options; {@code code} is that of the snapshot with the images of what was not shown before, or
     * {@link SubscribedTopics#NEVER_SENT} if the request wants none.
     */
    void change(final Subscription subscription, final SubscriptionOptions options, final long code,
            final long nowNs) {
        final View before = subscription.view();
        final boolean deliveredAll = subscription.deliversAll();
        subscription.apply(options, nowNs);
        final boolean beginsAll = subscription.deliversAll() && !deliveredAll;
        final boolean endsAll = deliveredAll && !subscription.deliversAll();
        final boolean showsMore =
            (code != SubscribedTopics.NEVER_SENT || subscription.channel().isEventChannel())
            && showsMore(before, subscription.view());
        // in a full view the client counts from the newest update, which another view may not have shown
        final boolean becomesFull = subscription.view().isFull() && !before.isFull();
        final SubscribedTopics subscribed = subscription.topics();
        for (int slot = 0; slot < subscribed.slots(); slot++) {
            if (subscribed.topic(slot) != SubscribedTopics.NONE) {
                final Topic topic = topics.topic(subscribed.topic(slot));
                if (!subscription.view().equals(before)) {
                    watch(topic, subscription.view());
                    unwatch(topic, before);
                }
                final boolean isBehind = topic.q() > subscribed.sentQ(slot);
                if (beginsAll) {
                    keep(subscription, topic);
                } else if (endsAll) {
                    release(subscription, topic);
                }
                if (!topic.hasValue() || subscribed.isImagePending(slot)) {
                    // the image that is pending will be in the new view, in the snapshot that the client waits for
                    continue;
                }
                // updates pending at the change to mode all were conflated: counting each update begins with an image
                if (isBehind && beginsAll) {
                    requestImage(subscription, slot, code);
                } else if (endsAll && subscribed.isRefreshPending(slot)) {
                    // in front of the snapshot that the client waits for since before this request
                    requestImage(subscription, slot, SubscribedTopics.NEVER_SENT);
                } else if (showsMore || becomesFull && isBehind) {
                    show(subscription, slot, isBehind, code);
                }
            }
        }
        subscription.cursor().restartImageScan();
        if (beginsAll || endsAll) {
            subscription.cursor().onModeChanged(journal.entries().head(), topics.position());
        }
    }

    /**
     * The view shows more than before. Of events the client was sent those before; the image only gives the sequence of
     * one that was not shown.
     */
    private static void show(final Subscription subscription, final int slot, final boolean isBehind,
            final long code) {
        final boolean isEvent = subscription.channel().isEventChannel();
        if (!subscription.deliversAll() || subscription.channel().isBook()) {
            requestImage(subscription, slot, code);
        } else if (!isEvent || isBehind) {
            subscription.topics().requestRefresh(slot);
            if (code == SubscribedTopics.NEVER_SENT) {
                subscription.cursor().requestReplacement();
            }
            if (!isEvent) {
                subscription.topics().requireWhole(slot);
            }
        }
    }

    private static void requestImage(final Subscription subscription, final int slot, final long code) {
        subscription.topics().requestImage(slot, code);
        if (code == SubscribedTopics.NEVER_SENT) {
            subscription.cursor().requestReplacement();
        }
    }

    private void keep(final Subscription subscription, final Topic topic) {
        journal.addReader(topic);
        if (!subscription.session().hasMessages()) {
            journal.addPayloadReader(topic);
        }
    }

    private void release(final Subscription subscription, final Topic topic) {
        journal.removeReader(topic);
        if (!subscription.session().hasMessages()) {
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

    /** True if a client that saw {@code before} is missing data of {@code now}, or holds levels outside it. */
    private static boolean showsMore(final View before, final View now) {
        return now.depth() != before.depth()
            || !before.fields().isEmpty() && (now.fields().isEmpty() || !before.fields().containsAll(now.fields()));
    }
}
