package penstock.fanout;

import java.util.Arrays;
import penstock.topic.Topic;
import penstock.topic.TopicTable;
import penstock.topic.View;

/**
 * Finds the topics of a subscription that changed since it was last sent them, by the shorter of two ways: through its
 * own topics, or back through the channel's list of changes to its cursor. Of one with limits, those that wait longest
 * come first. Owned by the shard; one for all its subscriptions.
 */
final class DirtyTopics {
    private final TopicTable table;
    private final FlushScheduler dues;
    private final OldestFirstHeap longest = new OldestFirstHeap();
    private Topic[] topics = new Topic[256];
    private int[] slots = new int[256];
    private int count;
    private boolean owes;
    /** In the order in which they are sent; else they have not waited. */
    private boolean isOrdered;

    DirtyTopics(final TopicTable table, final FlushScheduler dues) {
        this.table = table;
        this.dues = dues;
    }

    /** How many the last {@link #collect} found. */
    int count() {
        return count;
    }

    Topic topic(final int i) {
        return topics[isOrdered ? longest.index(i) : i];
    }

    int slot(final int i) {
        return slots[isOrdered ? longest.index(i) : i];
    }

    /** All of the subscription's topics was sent up to this position, but for that from {@code i} on. */
    long sentUpTo(final int i) {
        return i == count ? table.position() : longest.since(i);
    }

    /**
     * Collects them; those found through the list of changes come in the order of their positions. Owed images are not
     * among them. True when images came to be owed: of topics that do not know any more what changed since.
     */
    boolean collect(final Subscription subscription) {
        count = 0;
        owes = false;
        isOrdered = false;
        final SubscribedTopics held = subscription.held;
        final long sentUpTo = dues.sentUpTo(subscription);
        final long changes =
            Math.min(subscription.channel.changes() - subscription.seenChanges, table.position() - sentUpTo);
        if (changes < held.slots()) {
            for (Topic topic = subscription.channel.newest(); topic != null
                    && topic.p() > sentUpTo; topic = topic.older()) {
                // the topic's set is warm, it was asked for others just before; the subscription's own table is not
                if (topic.subscribers().contains(subscription.id)) {
                    addIfDirty(held, held.slot(topic.id()), topic, subscription.view);
                }
            }
            reverse();
        } else {
            final int mask = held.slots() - 1;
            for (int i = 0; i <= mask; i++) {
                final int slot = subscription.updateScan + i & mask;
                final int id = held.topic(slot);
                if (id != SubscribedTopics.NONE) {
                    addIfDirty(held, slot, table.topic(id), subscription.view);
                }
            }
        }
        return owes;
    }

    /** Puts in front, in their order, the {@code most} that wait longest. */
    void order(final Subscription subscription, final int most) {
        longest.clear(count);
        for (int i = 0; i < count; i++) {
            longest.add(i, subscription.held.waits(slots[i], subscription.lookedP), topics[i].p());
        }
        subscription.lookedP = table.position();
        longest.take(Math.min(most, count));
        isOrdered = true;
    }

    private void addIfDirty(final SubscribedTopics held, final int slot, final Topic topic, final View view) {
        final long sent = held.sent(slot);
        if (topic.q() > sent && sent != SubscribedTopics.NEVER) {
            if (!topic.knowsChangesSince(sent, view)) {
                held.owe(slot);
                owes = true;
            } else if (topic.isChangedSince(sent, view)) {
                if (count == topics.length) {
                    topics = Arrays.copyOf(topics, count * 2);
                    slots = Arrays.copyOf(slots, count * 2);
                }
                topics[count] = topic;
                slots[count++] = slot;
            }
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
