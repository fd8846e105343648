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
 * position. Updates are stored in blocks that are used again, so that steady data costs no garbage, and nothing is
 * copied when more is held. The sum of all is bounded. Owned by the feed thread.
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
    private static final int BLOCK_BYTES = 1 << 16;
    private static final int KEPT_ITEMS = 1 << 12;
    private static final Comparator<Item> ORDER = (a, b) -> a.p == b.p ? Boolean.compare(a.action != null,
        b.action != null) : Long.compare(a.p, b.p);

    private static final class Item {
        private long p;
        private LinkTopic topic;
        /** Null of an update. */
        private Runnable action;
        /** Where the update is stored; null of something else. */
        private Block block;
        private int at;
        /** Up to there it is known what was before it: other updates may be in it that were behind that. */
        private long knownP;
    }

    /** Updates behind one another. */
    private static final class Block {
        private final UnsafeBuffer bytes;
        private int used;
        /** How many of its updates are held. */
        private int count;

        Block(final int size) {
            bytes = new UnsafeBuffer(new byte[size]);
        }
    }

    private final Outlet outlet;
    private final Counters counters;
    private final long maxBytes;
    private final LinkUpdate update = new LinkUpdate();
    /** The one that is filled. */
    private Block block = new Block(BLOCK_BYTES);
    /** An empty one, or null. */
    private Block spare;
    /** Of the blocks in use, the one that is filled not included. */
    private long filledBytes;
    /** Those before {@link #first} were released, those from {@link #end} on are free. */
    private Item[] items = new Item[64];
    private int first;
    private int end;
    private boolean isSorted = true;
    /** How many stand for others, too. */
    private int conflated;
    private int round;

    HeldBack(final Outlet outlet, final Counters counters, final long maxBytes) {
        this.outlet = outlet;
        this.counters = counters;
        this.maxBytes = maxBytes;
    }

    /** Holds an update; it is copied. {@code mayConflate}: it may stand for others, too. */
    void add(final LinkTopic topic, final LinkUpdate added, final boolean mayConflate) {
        final int length = added.storedBytes();
        reserve(length);
        if (length > block.bytes.capacity() - block.used) {
            filledBytes += block.bytes.capacity();
            if (block.count == 0) {
                leave(block);
            }
            block = empty(length);
        }
        final Item item = next(added.p, topic, null);
        item.block = block;
        item.at = block.used;
        item.knownP = mayConflate ? topic.receive(added, round) : Long.MAX_VALUE;
        conflated += item.knownP < Long.MAX_VALUE ? 1 : 0;
        added.store(block.bytes, block.used);
        block.used += length;
        block.count++;
    }

    private Block empty(final int length) {
        if (spare == null || length > BLOCK_BYTES) {
            return new Block(Math.max(BLOCK_BYTES, length));
        }
        final Block taken = spare;
        spare = null;
        return taken;
    }

    /** Nothing of a block is held that is filled. */
    private void leave(final Block empty) {
        filledBytes -= empty.bytes.capacity();
        empty.used = 0;
        if (empty.bytes.capacity() == BLOCK_BYTES) {
            spare = empty;
        }
    }

    /** Holds something else that happened at a position. */
    void add(final long p, final Runnable action) {
        reserve(0);
        next(p, null, action).knownP = Long.MAX_VALUE;
    }

    /** How many are held. */
    int count() {
        return end - first;
    }

    /** Bytes that they take. */
    long bytes() {
        return filledBytes + block.used + (long) end * ITEM_BYTES;
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
            conflated -= item.knownP < Long.MAX_VALUE ? 1 : 0;
            final LinkTopic topic = item.topic;
            final Runnable action = item.action;
            if (action == null) {
                update.load(item.block.bytes, item.at);
            }
            free(item);
            if (action == null) {
                outlet.publish(topic, update);
            } else {
                action.run();
            }
        }
        if (first == end) {
            clear();
        } else if (first >= end - first) {
            removeReleased();
        }
        return first == end || items[first].p > limit;
    }

    /** Up to where all is known, of what is up to {@code limit}: the rest is a part of what is held. */
    long knownUpTo(final long limit) {
        long known = limit;
        for (int i = first; conflated > 0 && i < end; i++) {
            known = Math.min(known, items[i].knownP);
        }
        return known;
    }

    /** Drops everything. */
    void clear() {
        for (int i = first; i < end; i++) {
            free(items[i]);
        }
        first = 0;
        end = 0;
        conflated = 0;
        round++;
        isSorted = true;
        if (items.length > KEPT_ITEMS) {
            items = new Item[64];
        }
    }

    /** Closes the hole that released ones have left. */
    private void removeReleased() {
        final Item[] released = Arrays.copyOf(items, first);
        System.arraycopy(items, first, items, 0, count());
        System.arraycopy(released, 0, items, count(), first);
        end -= first;
        first = 0;
    }

    private void free(final Item item) {
        item.topic = null;
        item.action = null;
        final Block left = item.block;
        item.block = null;
        if (left != null && --left.count == 0) {
            if (left != block) {
                leave(left);
            } else if (left.bytes.capacity() == BLOCK_BYTES) {
                left.used = 0;
            } else {
                block = empty(BLOCK_BYTES);
            }
        }
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
    }
}
