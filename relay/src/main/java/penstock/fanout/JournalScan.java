package penstock.fanout;

import java.util.Arrays;
import penstock.topic.Journal;

/**
 * Finds the journal's entries that a subscription was not sent yet, by the shorter of two ways: through the journal
 * from its cursor on, or through the chains of its own topics back to it. Both are bounded. Owned by the shard; one for
 * all its subscriptions.
 */
final class JournalScan {
    private static final int MAX_FOUND = 2_048;
    /** So many entries are looked at in 0.1 to 0.2 ms. */
    private static final int MAX_SEEN = 16_384;
    /** What an entry of a trade takes up, about. */
    private static final int ENTRY_BYTES = 160;

    private final Journal journal;
    private final long[] addresses = new long[MAX_FOUND];
    private final int[] slots = new int[MAX_FOUND];
    private int count;
    private long end;

    JournalScan(final Journal journal) {
        this.journal = journal;
    }

    /** How many the last {@link #collect} found. */
    int count() {
        return count;
    }

    long address(final int i) {
        return addresses[i];
    }

    int slot(final int i) {
        return slots[i];
    }

    /** Up to here nothing but them is unsent. */
    long end() {
        return end;
    }

    /** Collects them in the order of the journal; of topics whose image is owed there are none. */
    void collect(final Subscription subscription, final long from) {
        count = 0;
        final SubscribedTopics held = subscription.held;
        if ((journal.head() - from) / ENTRY_BYTES <= held.slots() || !throughChains(held, from)) {
            throughJournal(held, from);
        }
    }

    private void throughJournal(final SubscribedTopics held, final long from) {
        count = 0;
        long address = journal.entry(from);
        for (int seen = 0; address < journal.head() && seen < MAX_SEEN && count < MAX_FOUND; seen++) {
            final int slot = held.slot(journal.topic(address));
            if (slot != SubscribedTopics.NONE && isUnsent(held, slot, address)) {
                slots[count] = slot;
                addresses[count++] = address;
            }
            address = journal.entry(journal.end(address));
        }
        end = address;
    }

    /** False when they are too many for this way. */
    private boolean throughChains(final SubscribedTopics held, final long from) {
        for (int slot = 0; slot < held.slots(); slot++) {
            if (held.topic(slot) != SubscribedTopics.NONE) {
                long address = journal.newest(held.topic(slot));
                while (address >= from && isUnsent(held, slot, address)) {
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
            slots[i] = held.slot(journal.topic(addresses[i]));
        }
        end = journal.head();
        return true;
    }

    private boolean isUnsent(final SubscribedTopics held, final int slot, final long address) {
        return held.sent(slot) != SubscribedTopics.NEVER && journal.q(address) > held.sent(slot);
    }
}
