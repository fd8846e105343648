package penstock.fanout;

import java.util.Arrays;
import penstock.ring.TopicState;

/**
 * The topics of one subscription, the sequence of each that it was last sent and the state that it was last told: an
 * open hash table, 16 bytes a slot, at most four fifths full. All of a slot lies side by side: between two sends to a
 * thousand sessions a table has left the cache, and each line of it costs as much as encoding an entry. With limits
 * also since when each waits to be sent, 8 bytes more. Owned by the shard.
 */
final class SubscribedTopics {
    /** Sent nothing yet: the image is owed. */
    static final long NEVER = -1;
    static final int NONE = -1;
    private static final long NOT_WAITING = -1;
    private static final long[] NO_LONGS = {};
    private static final long BY_NAME = 1L << 63;
    private static final int TOLD_SHIFT = 32;
    private static final long TOLD = 0xFFL << TOLD_SHIFT;
    private static final TopicState[] STATES = TopicState.values();

    /**
     * Two words a slot: the sequence sent; and by whom it is held, the state told, and the topic's id + 1, which is 0
     * in a free slot.
     */
    private long[] table = new long[2 * 4];
    private long[] since = NO_LONGS;
    private int size;
    private int owed;
    private int named;

    /**
     * Adds a topic that is not held and taken for live; {@code byName} when a request named it and no pattern did.
     * Slots move.
     */
    void add(final int topic, final boolean byName, final long sentQ) {
        if ((size + 1) * 5 > slots() * 4) {
            grow();
        }
        put(topic + 1 | (byName ? BY_NAME : 0), sentQ, NOT_WAITING);
        size++;
        named += byName ? 1 : 0;
        owed += sentQ == NEVER ? 1 : 0;
    }

    /** The slot of a topic, or {@link #NONE}. */
    int slot(final int topic) {
        final int mask = slots() - 1;
        for (int i = home(topic, mask);; i = i + 1 & mask) {
            final int held = topic(i);
            if (held == topic) {
                return i;
            }
            if (held == NONE) {
                return NONE;
            }
        }
    }

    /** Slots there are; a slot may be free. */
    int slots() {
        return table.length >> 1;
    }

    /** The topic in a slot, or {@link #NONE}. */
    int topic(final int slot) {
        return (int) table[2 * slot + 1] - 1;
    }

    boolean isByName(final int slot) {
        return table[2 * slot + 1] < 0;
    }

    /** A request named it; false when one had before. */
    boolean byName(final int slot) {
        if (isByName(slot)) {
            return false;
        }
        table[2 * slot + 1] |= BY_NAME;
        named++;
        return true;
    }

    /** The state that the subscription was last told. */
    TopicState told(final int slot) {
        return STATES[(int) ((table[2 * slot + 1] & TOLD) >>> TOLD_SHIFT)];
    }

    void told(final int slot, final TopicState state) {
        table[2 * slot + 1] = table[2 * slot + 1] & ~TOLD | (long) state.ordinal() << TOLD_SHIFT;
    }

    long sent(final int slot) {
        return table[2 * slot];
    }

    void sent(final int slot, final long q) {
        if (table[2 * slot] == NEVER) {
            owed--;
        }
        table[2 * slot] = q;
        if (since.length > 0) {
            since[slot] = NOT_WAITING;
        }
    }

    /** From now on it is known since when topics wait, or no more. */
    void trackWaiting(final boolean tracked) {
        since = tracked ? new long[slots()] : NO_LONGS;
        Arrays.fill(since, NOT_WAITING);
    }

    /**
     * The topic has something to be sent: it waits since that position, unless it waited before. Returns since when.
     */
    long waits(final int slot, final long p) {
        if (since[slot] == NOT_WAITING) {
            since[slot] = p;
        }
        return since[slot];
    }

    /** The image is owed again. */
    void owe(final int slot) {
        if (table[2 * slot] != NEVER) {
            owed++;
            table[2 * slot] = NEVER;
        }
    }

    int size() {
        return size;
    }

    /** How many images are owed. */
    int owed() {
        return owed;
    }

    /** How many were named exactly. */
    int named() {
        return named;
    }

    /** Removes what is in a slot; others may move into it. */
    void remove(final int slot) {
        size--;
        named -= isByName(slot) ? 1 : 0;
        owed -= sent(slot) == NEVER ? 1 : 0;
        final int mask = slots() - 1;
        int hole = slot;
        for (int i = slot + 1 & mask; topic(i) != NONE; i = i + 1 & mask) {
            final int home = home(topic(i), mask);
            if ((i - home & mask) >= (i - hole & mask)) {
                table[2 * hole] = table[2 * i];
                table[2 * hole + 1] = table[2 * i + 1];
                if (since.length > 0) {
                    since[hole] = since[i];
                }
                hole = i;
            }
        }
        table[2 * hole + 1] = 0;
    }

    private void put(final long key, final long sentQ, final long waitsSince) {
        final int mask = slots() - 1;
        int i = home((int) key - 1, mask);
        while (topic(i) != NONE) {
            i = i + 1 & mask;
        }
        table[2 * i] = sentQ;
        table[2 * i + 1] = key;
        if (since.length > 0) {
            since[i] = waitsSince;
        }
    }

    private void grow() {
        final long[] old = table;
        final long[] oldSince = since;
        table = new long[old.length * 2];
        since = new long[oldSince.length * 2];
        for (int i = 0; 2 * i < old.length; i++) {
            if ((int) old[2 * i + 1] != 0) {
                put(old[2 * i + 1], old[2 * i], oldSince.length == 0 ? NOT_WAITING : oldSince[i]);
            }
        }
    }

    private static int home(final int topic, final int mask) {
        return topic * 0x9E3779B9 >>> 7 & mask;
    }
}
