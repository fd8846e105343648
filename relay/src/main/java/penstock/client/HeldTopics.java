package penstock.client;

import java.util.Arrays;
import penstock.client.value.MessageEntry;

/**
 * The topics of a subscription, by symbol and in the order in which they came. A symbol is found in a message without
 * making a text of it (open addressing, half empty at least).
 *
 * <p>Owned by the client's thread.
 */
final class HeldTopics {
    private static final int MIN_SLOTS = 16;

    private HeldTopic[] slots = new HeldTopic[MIN_SLOTS];
    private int size;
    private HeldTopic first;
    private HeldTopic last;

    HeldTopic get(final String symbol) {
        int i = slot(symbol.hashCode());
        while (slots[i] != null && !slots[i].symbol.equals(symbol)) {
            i = next(i);
        }
        return slots[i];
    }

    /** That of an entry. */
    HeldTopic get(final MessageEntry entry) {
        int i = slot(entry.symbolHash());
        while (slots[i] != null && !entry.isOf(slots[i].symbol)) {
            i = next(i);
        }
        return slots[i];
    }

    /** A topic whose symbol is not there yet. */
    void add(final HeldTopic topic) {
        size++;
        if (2 * size > slots.length) {
            slots = new HeldTopic[2 * slots.length];
            for (HeldTopic each = first; each != null; each = each.after) {
                place(each);
            }
        }
        place(topic);
        link(topic);
    }

    /** What was there; null if nothing was. */
    HeldTopic remove(final String symbol) {
        final HeldTopic removed = get(symbol);
        if (removed == null) {
            return null;
        }
        size--;
        int i = slot(symbol.hashCode());
        while (slots[i] != removed) {
            i = next(i);
        }
        slots[i] = null;
        // what lies behind may have been pushed there by it
        for (i = next(i); slots[i] != null; i = next(i)) {
            final HeldTopic each = slots[i];
            slots[i] = null;
            place(each);
        }
        unlink(removed);
        return removed;
    }

    void clear() {
        Arrays.fill(slots, null);
        size = 0;
        first = null;
        last = null;
    }

    /** The one that was added first; the next ones by {@link HeldTopic#after}. */
    HeldTopic first() {
        return first;
    }

    boolean isEmpty() {
        return first == null;
    }

    private void place(final HeldTopic topic) {
        int i = slot(topic.symbol.hashCode());
        while (slots[i] != null) {
            i = next(i);
        }
        slots[i] = topic;
    }

    private int slot(final int hash) {
        return (hash ^ hash >>> 16) & slots.length - 1;
    }

    private int next(final int i) {
        return i + 1 & slots.length - 1;
    }

    private void link(final HeldTopic topic) {
        topic.before = last;
        topic.after = null;
        if (last == null) {
            first = topic;
        } else {
            last.after = topic;
        }
        last = topic;
    }

    private void unlink(final HeldTopic topic) {
        if (topic.before == null) {
            first = topic.after;
        } else {
            topic.before.after = topic.after;
        }
        if (topic.after == null) {
            last = topic.before;
        } else {
            topic.after.before = topic.before;
        }
    }
}
