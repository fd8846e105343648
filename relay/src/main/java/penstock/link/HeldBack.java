package penstock.link;

import java.util.Arrays;
import java.util.Comparator;
import penstock.link.message.BadMessageException;
import penstock.link.message.LinkUpdate;
import penstock.telemetry.Counter;
import penstock.telemetry.Counters;

/**
 * What was received and may not be published yet, because something with a lower position may still come. It is
 * released in the order of positions; a change of state follows the update of the same position. Updates are copied
 * into one array that is reused, so that steady data costs no garbage. The sum of all is bounded. Owned by the feed
 * thread.
 */
final class HeldBack {
    /** Publishes an update whose turn has come; its bytes are valid during the call. */
    interface Outlet {
        void publish(LinkTopic topic, LinkUpdate update);
    }

    /** An entry of the table, with its place in the lists of the heap. */
    private static final int ITEM_BYTES = 128;
    private static final int KEPT_BYTES = 1 << 20;
    private static final int KEPT_ITEMS = 1 << 12;
    private static final Comparator<Item> ORDER = (a, b) -> a.p == b.p ? Boolean.compare(a.action != null,
        b.action != null) : Long.compare(a.p, b.p);

    private static final class Item {
        private final LinkUpdate update = new LinkUpdate();
        private long p;
        private LinkTopic topic;
        /** Null of an update. */
        private Runnable action;
    }

    private final Outlet outlet;
    private final Counters counters;
    private final long maxBytes;
    private byte[] bytes = new byte[1 << 16];
    private byte[] spare = {};
    private int used;
    /** Those behind {@link #count} are free. */
    private Item[] items = new Item[64];
    private int count;
    private boolean isSorted = true;

    HeldBack(final Outlet outlet, final Counters counters, final long maxBytes) {
        this.outlet = outlet;
        this.counters = counters;
        this.maxBytes = Math.min(maxBytes, Integer.MAX_VALUE - 16);
    }

    /** Holds an update; it is copied. */
    void add(final LinkTopic topic, final LinkUpdate update) {
        reserve(update.copiedBytes());
        final Item item = next(update.p, topic, null);
        item.update.copyInto(update, bytes, used);
        used += update.copiedBytes();
    }

    /** Holds something else that happened at a position. */
    void add(final long p, final Runnable action) {
        reserve(0);
        next(p, null, action);
    }

    /** How many are held. */
    int count() {
        return count;
    }

    /** Bytes that they take. */
    long bytes() {
        return used + (long) count * ITEM_BYTES;
    }

    /** The lowest position above {@code floor} up to {@code limit}; if none is held, the one behind the limit. */
    long next(final long floor, final long limit) {
        sort();
        for (int i = 0; i < count && items[i].p <= limit; i++) {
            if (items[i].p > floor) {
                return items[i].p;
            }
        }
        return limit + 1;
    }

    private void sort() {
        if (!isSorted) {
            Arrays.sort(items, 0, count, ORDER);
            isSorted = true;
        }
    }

    /** Releases everything up to a position. */
    void release(final long limit) {
        sort();
        int released = 0;
        while (released < count && items[released].p <= limit) {
            final Item item = items[released++];
            if (item.action == null) {
                item.update.bytes = bytes;
                outlet.publish(item.topic, item.update);
            } else {
                item.action.run();
            }
        }
        if (released == count) {
            clear();
        } else if (released > 0) {
            remove(released);
        }
    }

    /** Drops everything. */
    void clear() {
        for (int i = 0; i < count; i++) {
            free(items[i]);
        }
        count = 0;
        used = 0;
        isSorted = true;
        if (bytes.length > KEPT_BYTES) {
            bytes = new byte[1 << 16];
            spare = new byte[0];
        }
        if (items.length > KEPT_ITEMS) {
            items = new Item[64];
        }
    }

    /** Removes the first ones, and closes the holes of their bytes. */
    private void remove(final int released) {
        for (int i = 0; i < released; i++) {
            free(items[i]);
        }
        final Item[] freed = Arrays.copyOf(items, released);
        System.arraycopy(items, released, items, 0, count - released);
        count -= released;
        System.arraycopy(freed, 0, items, count, released);
        if (spare.length < bytes.length) {
            spare = new byte[bytes.length];
        }
        int at = 0;
        for (int i = 0; i < count; i++) {
            if (items[i].action == null) {
                items[i].update.moveTo(bytes, spare, at);
                at += items[i].update.copiedBytes();
            }
        }
        final byte[] old = bytes;
        bytes = spare;
        spare = old;
        used = at;
    }

    private static void free(final Item item) {
        item.topic = null;
        item.action = null;
        item.update.bytes = null;
    }

    private Item next(final long p, final LinkTopic topic, final Runnable action) {
        if (count == items.length) {
            items = Arrays.copyOf(items, 2 * count);
        }
        if (items[count] == null) {
            items[count] = new Item();
        }
        final Item item = items[count++];
        item.p = p;
        item.topic = topic;
        item.action = action;
        isSorted &= count == 1 || ORDER.compare(items[count - 2], item) <= 0;
        return item;
    }

    private void reserve(final int added) {
        if (used + (long) added + (count + 1L) * ITEM_BYTES > maxBytes) {
            counters.increment(Counter.LINK_OVERFLOWS);
            throw new BadMessageException("more than " + maxBytes + " bytes wait for their position");
        }
        if (used + added > bytes.length) {
            bytes = Arrays.copyOf(bytes, Math.max(used + added, (int) Math.min(maxBytes, 2L * bytes.length)));
        }
    }
}
