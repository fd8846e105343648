package penstock.fanout;

import java.util.Arrays;
import penstock.topic.Topic;
import penstock.topic.TopicTable;

/**
 * Finds the topics of a subscription that changed since it was last sent them, by the shorter of two ways: through its own topics,
 * or back through the channel's list of changes to its cursor. Owned by the shard; one for all its subscriptions.
 */
final class Dirty {
    private final TopicTable table;
    private Topic[] topics = new Topic[256];
    private int[] slots = new int[256];
    private int count;
    private boolean owes;

    Dirty(final TopicTable table) {
        this.table = table;
    }

    /** How many the last {@link #collect} found. */
    int count() {
        return count;
    }

    Topic topic(final int i) {
        return topics[i];
    }

    int slot(final int i) {
        return slots[i];
    }

    /**
     * Collects them; those found through the list of changes come in the order of their positions. Owed images are not among them. True
     * when images came to be owed: of topics that do not know any more what changed since.
     */
    boolean collect(final Subscription subscription) {
        count = 0;
        owes = false;
        final HeldTopics held = subscription.held;
        if (subscription.channel.changes() - subscription.seenChanges < held.slots()) {
            for (Topic topic = subscription.channel.newest(); topic != null && topic.p() > subscription.cursor; topic = topic.older()) {
                final int slot = held.slot(topic.id());
                if (slot != HeldTopics.NONE) {
                    addIfDirty(held, slot, topic);
                }
            }
            reverse();
        } else {
            final int mask = held.slots() - 1;
            for (int i = 0; i <= mask; i++) {
                final int slot = subscription.updateScan + i & mask;
                final int id = held.topic(slot);
                if (id != HeldTopics.NONE) {
                    addIfDirty(held, slot, table.topic(id));
                }
            }
        }
        return owes;
    }

    private void addIfDirty(final HeldTopics held, final int slot, final Topic topic) {
        final long sent = held.sent(slot);
        if (topic.q() > sent && sent != HeldTopics.NEVER) {
            if (!topic.isKnown(sent)) {
                held.owe(slot);
                owes = true;
                return;
            }
            if (count == topics.length) {
                topics = Arrays.copyOf(topics, count * 2);
                slots = Arrays.copyOf(slots, count * 2);
            }
            topics[count] = topic;
            slots[count++] = slot;
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
