package penstock.fanout.frame;

import java.util.Arrays;
import java.util.Comparator;
import penstock.fanout.schedule.FlushScheduler;
import penstock.fanout.subscription.SubscribedTopics;
import penstock.fanout.subscription.Subscription;
import penstock.topic.Topic;
import penstock.topic.TopicTable;
import penstock.topic.image.View;

/**
 * Finds the topics of a subscription that changed since they were sent, by the shorter of two ways: through the
 * subscription's own topics, or back through the channel's list of changes to the cursor. With a rate limit the topics
 * that have waited longest come first. Owned by the shard's io thread; one for all its subscriptions.
 */
final class DirtyTopics {
    private static final Comparator<Topic> BY_POSITION = Comparator.comparingLong(Topic::p);

    private final TopicTable table;
    private final FlushScheduler scheduler;
    private final OldestFirstHeap oldest = new OldestFirstHeap();
    private Topic[] topics = new Topic[256];
    private int[] slots = new int[256];
    private int count;
    private boolean needsImages;
    /** The slot at which the turn of a link that is behind goes on; -1 = topics take no turns. */
    private int turnFrom;
    /** How many of the topics are the last ones of their turn. */
    private int turnEnd;
    /** The heap has the order in which the topics are sent. */
    private boolean isOrdered;

    DirtyTopics(final TopicTable table, final FlushScheduler scheduler) {
        this.table = table;
        this.scheduler = scheduler;
    }

    /** How many topics the last {@link #collect} found. */
    int count() {
        return count;
    }

    Topic topic(final int i) {
        return topics[isOrdered ? oldest.index(i) : i];
    }

    int slot(final int i) {
        return slots[isOrdered ? oldest.index(i) : i];
    }

    /** The position up to which all is sent once the first {@code i} topics are, if they come in any order. */
    long sentUpTo(final int i) {
        return i == count ? table.position() : oldest.since(i);
    }

    /** Whether each topic of a link that is behind has had its turn once the first {@code i} are sent. */
    boolean endsTurn(final int i) {
        return turnFrom > 0 && i >= turnEnd;
    }

    /** Whether the first {@code i} have the first ones of another turn. */
    boolean beginsTurn(final int i) {
        return turnFrom == 0 || turnFrom > 0 && i > turnEnd;
    }

    /**
     * Collects the changed topics; those found through the list of changes, and all of a link that is not behind, come
     * in the order of their positions. Topics with pending images are not among them. True when some topics no longer
     * know what changed since: their images are pending now.
     */
    boolean collect(final Subscription subscription) {
        count = 0;
        needsImages = false;
        isOrdered = false;
        turnFrom = -1;
        final SubscribedTopics subscribed = subscription.topics();
        final long sentUpTo =
            Math.max(subscription.cursor().position(), scheduler.settledPosition(subscription.schedule()));
        final long changes =
            Math.min(subscription.channel().changes() - subscription.cursor().seenChanges(),
            table.position() - sentUpTo);
        final boolean isInTurn = subscription.cursor().isInTurn();
        if (changes < subscribed.slots() && !isInTurn) {
            for (Topic topic = subscription.channel().newest(); topic != null
                    && topic.p() > sentUpTo; topic = topic.older()) {
                // the topic's set is in the cache from the subscription before; this subscription's table is not
                if (topic.subscribers().contains(subscription.id())) {
                    addIfDirty(subscribed, subscribed.slot(topic.id()), topic, subscription.view());
                }
            }
            reverse();
        } else {
            final int slots = subscribed.slots();
            final int first = Math.min(subscription.cursor().updateScan(), slots);
            collect(subscription, first, slots);
            turnEnd = count;
            collect(subscription, 0, first);
            if (isInTurn) {
                turnFrom = first;
            } else if (subscription.session().isLink()) {
                sort(subscribed);
            }
        }
        return needsImages;
    }

    /** Orders the topics: the {@code max} that have waited longest come first. */
    void order(final Subscription subscription, final int max) {
        final long searchedP = subscription.cursor().searchedPosition();
        oldest.clear(count);
        for (int i = 0; i < count; i++) {
            oldest.add(i, subscription.topics().waitingSince(slots[i], searchedP), topics[i].p());
        }
        subscription.cursor().onSearched(table.heldPosition());
        oldest.take(Math.min(max, count));
        isOrdered = true;
    }

    private void collect(final Subscription subscription, final int from, final int to) {
        final SubscribedTopics subscribed = subscription.topics();
        for (int slot = from; slot < to; slot++) {
            final int id = subscribed.topic(slot);
            if (id != SubscribedTopics.NONE) {
                addIfDirty(subscribed, slot, table.topic(id), subscription.view());
            }
        }
    }

    private void addIfDirty(final SubscribedTopics subscribed, final int slot, final Topic topic, final View view) {
        final long sent = subscribed.sentQ(slot);
        if (topic.q() > sent && sent >= 0) {
            final boolean isKnown = topic.knowsChangesSince(sent, view);
            if (isKnown && !topic.isChangedSince(sent, view)) {
                return;
            }
            if (!isKnown || subscribed.isWholeNext(slot)) {
                subscribed.requestImage(slot, SubscribedTopics.NEVER_SENT);
                needsImages = true;
            } else {
                if (count == topics.length) {
                    topics = Arrays.copyOf(topics, count * 2);
                    slots = Arrays.copyOf(slots, count * 2);
                }
                topics[count] = topic;
                slots[count++] = slot;
            }
        }
    }

    private void sort(final SubscribedTopics subscribed) {
        Arrays.sort(topics, 0, count, BY_POSITION);
        for (int i = 0; i < count; i++) {
            slots[i] = subscribed.slot(topics[i].id());
        }
    }

    private void reverse() {
        for (int i = 0, j = count - 1; i < j; i++, j--) {
            final Topic topic = topics[i];
            topics[i] = topics[j];
            topics[j] = topic;
            final int slot = slots[i];
            slots[i] = slots[j];
            slots[j] = slot;
        }
    }
}
