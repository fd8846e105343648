package penstock.link;

import java.util.Arrays;
import java.util.Comparator;
import org.agrona.concurrent.UnsafeBuffer;
import penstock.link.message.BadMessageException;
import penstock.link.message.LinkUpdate;
import penstock.telemetry.Counter;
import penstock.telemetry.Counters;

/**
 * What was received and may not be published yet, because something with a lower position may still come, or because
 * the outlet has no room. It is released in the order of positions; a change of state follows the update of the same
 * position. Updates are stored in one array that is reused, so that steady data costs no garbage. The sum of all is
 * bounded. Owned by the feed thread.
 */
final class HeldBack {
    /** Where it goes. */
    interface Outlet {
        /** Publishes an update whose turn has come; its bytes are valid during the call. */
        void publish(LinkTopic topic, LinkUpdate update);

        /** Whether anything may be published now. */
        default boolean hasRoom() {
            return true;
        }
    }

    /** An item, and its place in the list. */
    private static final int ITEM_BYTES = 40;
    private static final int FIRST_BYTES = 1 << 16;
    private static final int KEPT_BYTES = 1 << 20;
    private static final int KEPT_ITEMS = 1 << 12;
    private static final Comparator<Item> ORDER = (a, b) -> a.p == b.p ? Boolean.compare(a.action != null,
        b.action != null) : Long.compare(a.p, b.p);

    private static final class Item {
        private long p;
        private LinkTopic topic;
        /** Null of an update. */
        private Runnable action;
        /** Where the update is stored. */
        private int at;
    }

    private final Outlet outlet;
    private final Counters counters;
    private final long maxBytes;
    private final LinkUpdate update = new LinkUpdate();
    private final UnsafeBuffer bytes = new UnsafeBuffer(new byte[FIRST_BYTES]);
    private byte[] spare = {};
    private int used;
    /** Those before {@link #first} were released, those from {@link #end} on are free. */
    private Item[] items = new Item[64];
    private int first;
    private int end;
    private boolean isSorted = true;

    HeldBack(final Outlet outlet, final Counters counters, final long maxBytes) {
        this.outlet = outlet;
        this.counters = counters;
        this.maxBytes = Math.min(maxBytes, Integer.MAX_VALUE - 16);
    }

    /** Holds an update; it is copied. */
    void add(final LinkTopic topic, final LinkUpdate added) {
        final int length = added.storedBytes();
        reserve(length);
        next(added.p, topic, null).at = used;
        added.store(bytes, used);
        used += length;
    }

    /** Holds something else that happened at a position. */
    void add(final long p, final Runnable action) {
        reserve(0);
        next(p, null, action);
    }

    /** How many are held. */
    int count() {
        return end - first;
    }

    /** Bytes that they take. */
    long bytes() {
        return used + (long) end * ITEM_BYTES;
    }

    /** The lowest position above {@code floor} up to {@code limit}; if none is held, the one behind the limit. */
    long next(final long floor, final long limit) {
        sort();
        for (int i = first; i < end && items[i].p <= limit; i++) {
            if (items[i].p > floor) {
                return items[i].p;
            }
        }
        return limit + 1;
    }

    private void sort() {
        if (!isSorted) {
            Arrays.sort(items, first, end, ORDER);
            isSorted = true;
        }
    }

    /** Releases everything up to a position, as far as the outlet has room; returns whether that was all. */
    boolean release(final long limit) {
        sort();
        while (first < end && items[first].p <= limit && outlet.hasRoom()) {
            final Item item = items[first++];
            if (item.action == null) {
                update.load(bytes, item.at);
                outlet.publish(item.topic, update);
            } else {
                item.action.run();
            }
        }
        if (first == end) {
            clear();
        } else if (first >= end - first) {
            removeReleased();
        }
        return first == end || items[first].p > limit;
    }

    /** Drops everything. */
    void clear() {
        for (int i = 0; i < end; i++) {
            free(items[i]);
        }
        first = 0;
        end = 0;
        used = 0;
        isSorted = true;
        if (bytes.capacity() > KEPT_BYTES) {
            bytes.wrap(new byte[FIRST_BYTES]);
            spare = new byte[0];
        }
        if (items.length > KEPT_ITEMS) {
            items = new Item[64];
        }
    }

    /** Closes the holes that released ones have left. */
    private void removeReleased() {
        final Item[] released = Arrays.copyOf(items, first);
        for (final Item item : released) {
            free(item);
        }
        System.arraycopy(items, first, items, 0, count());
        System.arraycopy(released, 0, items, count(), first);
        end -= first;
        first = 0;
        if (spare.length < bytes.capacity()) {
            spare = new byte[bytes.capacity()];
        }
        int at = 0;
        for (int i = 0; i < end; i++) {
            if (items[i].action == null) {
                final int length = LinkUpdate.storedBytes(bytes, items[i].at);
                bytes.getBytes(items[i].at, spare, at, length);
                items[i].at = at;
                at += length;
            }
        }
        final byte[] old = bytes.byteArray();
        bytes.wrap(spare);
        spare = old;
        used = at;
    }

    private static void free(final Item item) {
        item.topic = null;
        item.action = null;
    }

    private Item next(final long p, final LinkTopic topic, final Runnable action) {
        if (end == items.length) {
            items = Arrays.copyOf(items, 2 * end);
        }
        if (items[end] == null) {
            items[end] = new Item();
        }
        final Item item = items[end++];
        item.p = p;
        item.topic = topic;
        item.action = action;
        isSorted &= count() == 1 || ORDER.compare(items[end - 2], item) <= 0;
        return item;
    }

    private void reserve(final int added) {
        if (bytes() + added + ITEM_BYTES > maxBytes && first > 0) {
            removeReleased();
        }
        if (bytes() + added + ITEM_BYTES > maxBytes) {
            counters.increment(Counter.LINK_OVERFLOWS);
            throw new BadMessageException("more than " + maxBytes + " bytes wait for their position");
        }
        if (used + added > bytes.capacity()) {
            bytes.wrap(Arrays.copyOf(bytes.byteArray(), Math.max(used + added,
                (int) Math.min(maxBytes, 2L * bytes.capacity()))));
        }
    }
}
