package penstock.fanout.subscription;

import java.util.function.IntFunction;
import penstock.memory.MemoryShare;
import penstock.memory.MemoryUse;
import penstock.ring.TopicState;
import penstock.thread.SlicedLoop;
import penstock.topic.IdSet;
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
        topic.addSubscriber(subscription.id());
        memory.reserve(MemoryUse.SUBSCRIPTIONS, topic.subscribers().bytes() - before);
        watch(topic, subscription.view());
        if (subscription.deliversAll()) {
            keep(subscription, topic);
        }
    }

    /** Ends the subscription to a topic. */
    void unbind(final Subscription subscription, final Topic topic) {
        final long bytes = topic.subscribers().bytes();
        topic.subscribers().removeAndTrim(subscription.id());
        memory.release(MemoryUse.SUBSCRIPTIONS, bytes - topic.subscribers().bytes());
        final Subscription.Before before = subscription.before(topic.id());
        unwatch(topic, before != null ? before.view() : subscription.view());
        if (before != null ? before.deliversAll() : subscription.deliversAll()) {
            release(subscription, topic);
        }
        if (before != null) {
            before.topics().remove(topic.id());
        }
    }

    /**
     * Changes the options at once, and then topic by topic what each is shown as; {@code code} is that of the snapshot
     * with the images of what was not shown before, or {@link SubscribedTopics#NEVER_SENT} if the request wants none.
     * Nothing of the subscription is sent meanwhile.
     */
    SlicedLoop change(final Subscription subscription, final SubscriptionOptions options, final long code,
            final long nowNs) {
        final Subscription.Before before = subscription.beginChange(options, nowNs);
        // a gap counts as sent what the client does not have: conflation begins with the newest value of each topic
        final boolean lacksValues = !subscription.deliversAll() && subscription.cursor().mayLackValues();
        if (before.deliversAll() != subscription.deliversAll()) {
            // updates that come before a topic is reached are in its image, later ones in the journal behind this head
            subscription.cursor().onModeChanged(journal.entries().head(), topics.position());
        }
        final boolean isShown = code != SubscribedTopics.NEVER_SENT || subscription.channel().isEventChannel();
        final boolean showsMore = isShown && showsMore(before.view(), subscription.view());
        return new SlicedLoop(before.topics()::next, id -> {
            change(subscription, topics.topic(id), before, showsMore || lacksValues, code);
            before.topics().remove(id);
        });
    }

    private void change(final Subscription subscription, final Topic topic, final Subscription.Before before,
            final boolean showsMore, final long code) {
        final SubscribedTopics subscribed = subscription.topics();
        final int slot = subscribed.slot(topic.id());
        if (!subscription.view().equals(before.view())) {
            watch(topic, subscription.view());
            unwatch(topic, before.view());
        }
        final boolean beginsAll = subscription.deliversAll() && !before.deliversAll();
        final boolean endsAll = before.deliversAll() && !subscription.deliversAll();
        if (beginsAll) {
            keep(subscription, topic);
        } else if (endsAll) {
            release(subscription, topic);
        }
        if (!topic.hasValue() || subscribed.isImagePending(slot)) {
            // the image that is pending will be in the new view, in the snapshot that the client waits for
            return;
        }
        final boolean isBehind = topic.q() > subscribed.sentQ(slot);
        // in a full view the client counts from the newest update, which another view may not have shown
        final boolean becomesFull = subscription.view().isFull() && !before.view().isFull();
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

    /** The value of a topic is good though its feed was lost: who is sent states is sent it again, if it is stale. */
    void confirm(final int number, final IdSet changed, final IntFunction<Subscription> byId) {
        final Topic topic = topics.onConfirmed(number);
        if (topic != null) {
            sendAgain(topic, byId, false);
            changed.add(number);
        }
    }

    /** The state of a topic has changed without an update: links are sent a value that is good again. */
    void onState(final Topic topic, final IdSet changed, final IntFunction<Subscription> byId) {
        if (topics.state(topic) == TopicState.LIVE) {
            sendAgain(topic, byId, true);
            changed.add(topic.id());
        }
    }

    private static void sendAgain(final Topic topic, final IntFunction<Subscription> byId, final boolean isOfLinks) {
        for (int id = topic.subscribers().next(0); id >= 0; id = topic.subscribers().next(id + 1)) {
            final Subscription subscription = byId.apply(id);
            final int slot = subscription.topics().slot(topic.id());
            if (subscription.schedule().isEnded() || subscription.isOnce() || !subscription.session().hasMessages()
                    || isOfLinks && !subscription.session().isLink() || !topic.hasValue()
                    || subscription.topics().isImagePending(slot)) {
                continue;
            }
            if (subscription.deliversAll()) {
                subscription.topics().requestRefresh(slot);
                subscription.cursor().requestReplacement();
            } else {
                requestImage(subscription, slot, SubscribedTopics.NEVER_SENT);
            }
        }
    }

    private void keep(final Subscription subscription, final Topic topic) {
        journal.addReader(topic);
        if (subscription.sendsPayloads()) {
            journal.addPayloadReader(topic);
        } else if (!subscription.session().hasRows()) {
            journal.addJsonReader(topic);
        }
    }

    private void release(final Subscription subscription, final Topic topic) {
        journal.removeReader(topic);
        if (subscription.sendsPayloads()) {
            journal.removePayloadReader(topic);
        } else if (!subscription.session().hasRows()) {
            journal.removeJsonReader(topic);
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
