package penstock.fanout.frame;

import java.util.Arrays;
import penstock.fanout.subscription.SubscribedTopics;
import penstock.fanout.subscription.Subscription;
import penstock.topic.JournalEntries;

/**
 * Finds the entries of the journal that a subscription was not sent yet, by the shorter of two ways: through the
 * journal from the cursor on, or through the chains of the subscription's own topics back to the cursor. Both are
 * bounded. Owned by the shard's io thread; one for all its subscriptions.
 */
final class JournalScan {
    private static final int MAX_FOUND = 2_048;
    /** Looking at this many entries takes 0.1 to 0.2 ms. */
    private static final int MAX_SEEN = 16_384;
    /** The approximate size of an entry of a trade. */
    private static final int ENTRY_BYTES = 160;

    private final JournalEntries journal;
    private final long[] addresses = new long[MAX_FOUND];
    private final int[] slots = new int[MAX_FOUND];
    private int count;
    private long end;

    JournalScan(final JournalEntries journal) {
        this.journal = journal;
    }

    /** How many entries the last {@link #collect} found. */
    int count() {
        return count;
    }

    long address(final int i) {
        return addresses[i];
    }

    int slot(final int i) {
        return slots[i];
    }

    /** Before this address nothing but the entries found is unsent. */
    long end() {
        return end;
    }

    /** Collects entries in the order of the journal; topics with a pending image have none. */
    void collect(final Subscription subscription, final long from) {
        count = 0;
        final SubscribedTopics subscribed = subscription.topics();
        if ((journal.head() - from) / ENTRY_BYTES <= subscribed.slots() || !throughChains(subscribed, from)) {
            throughJournal(subscribed, from);
        }
    }

    private void throughJournal(final SubscribedTopics subscribed, final long from) {
        count = 0;
        long address = journal.entry(from);
        for (int seen = 0; address < journal.head() && seen < MAX_SEEN && count < MAX_FOUND; seen++) {
            final int slot = subscribed.slot(journal.topic(address));
            if (slot != SubscribedTopics.NONE && isUnsent(subscribed, slot, address)) {
                slots[count] = slot;
                addresses[count++] = address;
            }
            address = journal.entry(journal.end(address));
        }
        end = address;
    }

    /** False when there are too many entries for this way. */
    private boolean throughChains(final SubscribedTopics subscribed, final long from) {
        for (int slot = 0; slot < subscribed.slots(); slot++) {
            if (subscribed.topic(slot) != SubscribedTopics.NONE) {
                long address = journal.newest(subscribed.topic(slot));
                while (address >= from && isUnsent(subscribed, slot, address)) {
                    if (count == MAX_FOUND) {
                        return false;
                    }
                    addresses[count++] = address;
                    address = journal.previous(address);
                }
            }
        }
        Arrays.sort(addresses, 0, count);
        for (int i = 0; i < count; i++) {
            slots[i] = subscribed.slot(journal.topic(addresses[i]));
        }
        end = journal.head();
        return true;
    }

    private boolean isUnsent(final SubscribedTopics subscribed, final int slot, final long address) {
        return !subscribed.isImagePending(slot) && journal.q(address) > subscribed.sentQ(slot);
    }
}
