package penstock.fanout.subscription;

import java.util.Arrays;
import penstock.ring.TopicState;

/**
 * The topics of one subscription. Per topic: the sequence sent last, and the state notified last. An open hash table,
 * 16 bytes a slot, at most four fifths full, with all of a slot side by side: between two sends to a thousand sessions
 * a table has left the cache, and each line of it costs as much as encoding an entry. With a rate limit also the
 * position since which each topic waits, 8 bytes more. Owned by the shard's io thread.
 */
public final class SubscribedTopics {
    /** The sequence of a topic of which nothing was sent: its image is pending. */
    public static final long NEVER_SENT = -1;
    /** No slot, or no topic in a slot. */
    public static final int NONE = -1;
    private static final long NOT_WAITING = -1;
    private static final long[] NO_LONGS = {};
    private static final long NAMED = 1L << 63;
    private static final int STATE_SHIFT = 32;
    private static final long STATE = 0xFFL << STATE_SHIFT;
    private static final TopicState[] STATES = TopicState.values();
    private static final long WHOLE = 1L << 40;
    private static final long REFRESH = 1L << 41;

    /**
     * Two words a slot: the sequence sent; and whether a request named the topic, how its next entry is sent, the state
     * notified, and the topic's id + 1, which is 0 in a free slot.
     */
    private long[] table = new long[2 * 4];
    private long[] since = NO_LONGS;
    private int size;
    private int pendingImages;
    private int named;
    /** How many slots have {@link #WHOLE} or {@link #REFRESH}. */
    private int marks;

    /**
     * Adds a topic that is not there yet and that the client takes for live; {@code isNamed} when a request named it
     * exactly. Slots move.
     */
    void add(final int topic, final boolean isNamed, final long sentQ) {
        if ((size + 1) * 5 > slots() * 4) {
            grow();
        }
        put(topic + 1 | (isNamed ? NAMED : 0), sentQ, NOT_WAITING);
        size++;
        named += isNamed ? 1 : 0;
        pendingImages += sentQ == NEVER_SENT ? 1 : 0;
    }

    /** The slot of a topic, or {@link #NONE}. */
    public int slot(final int topic) {
        final int mask = slots() - 1;
        for (int i = home(topic, mask);; i = i + 1 & mask) {
            final int found = topic(i);
            if (found == topic) {
                return i;
            }
            if (found == NONE) {
                return NONE;
            }
        }
    }

    /** The number of slots; some are free. */
    public int slots() {
        return table.length >> 1;
    }

    /** The topic in a slot, or {@link #NONE}. */
    public int topic(final int slot) {
        return (int) table[2 * slot + 1] - 1;
    }

    /** Whether a request named the topic exactly. */
    public boolean isNamed(final int slot) {
        return table[2 * slot + 1] < 0;
    }

    /** A request names the topic exactly; false when one did before. */
    boolean markNamed(final int slot) {
        if (isNamed(slot)) {
            return false;
        }
        table[2 * slot + 1] |= NAMED;
        named++;
        return true;
    }

    /** The state that the client was notified of last. */
    public TopicState notifiedState(final int slot) {
        return STATES[(int) ((table[2 * slot + 1] & STATE) >>> STATE_SHIFT)];
    }

    /** The client is notified of a state. */
    public void onNotified(final int slot, final TopicState state) {
        table[2 * slot + 1] = table[2 * slot + 1] & ~STATE | (long) state.ordinal() << STATE_SHIFT;
    }

    /** The sequence that was sent last, or {@link #NEVER_SENT}. */
    public long sentQ(final int slot) {
        return table[2 * slot];
    }

    /** The topic was sent up to sequence {@code q}. */
    public void onSent(final int slot, final long q) {
        if (table[2 * slot] == NEVER_SENT) {
            pendingImages--;
        }
        onMissed(slot, q);
        if (marks > 0) {
            unmark(slot);
        }
    }

    /** The client was informed that updates up to sequence {@code q} are missing. */
    public void onMissed(final int slot, final long q) {
        table[2 * slot] = q;
        if (since.length > 0) {
            since[slot] = NOT_WAITING;
        }
    }

    /** The client cannot apply a change or count from what it has: the next entry of the topic is sent whole. */
    void requireWhole(final int slot) {
        mark(slot, WHOLE);
    }

    /** Whether the next entry of the topic is sent whole. */
    public boolean isWholeNext(final int slot) {
        return (table[2 * slot + 1] & WHOLE) != 0;
    }

    /** Mode all: the client needs the image of the topic, unless an entry comes before. */
    void requestRefresh(final int slot) {
        mark(slot, REFRESH);
    }

    /** Whether the client needs the image of the topic, unless an entry comes before. */
    public boolean isRefreshPending(final int slot) {
        return (table[2 * slot + 1] & REFRESH) != 0;
    }

    /** Whether any topic has a mark of {@link #isWholeNext} or {@link #isRefreshPending}. */
    public boolean hasMarks() {
        return marks > 0;
    }

    /** Begins or ends to record since when topics wait. */
    void trackWaiting(final boolean tracked) {
        since = tracked ? new long[slots()] : NO_LONGS;
        Arrays.fill(since, NOT_WAITING);
    }

    /** The position since which the topic waits to be sent: {@code p}, unless it waited before. */
    public long waitingSince(final int slot, final long p) {
        if (since[slot] == NOT_WAITING) {
            since[slot] = p;
        }
        return since[slot];
    }

    /** The image of the topic is pending again. */
    public void requestImage(final int slot) {
        if (table[2 * slot] != NEVER_SENT) {
            pendingImages++;
            table[2 * slot] = NEVER_SENT;
            unmark(slot);
        }
    }

    /** How many topics there are. */
    public int size() {
        return size;
    }

    /** How many images are pending. */
    public int pendingImages() {
        return pendingImages;
    }

    /** How many topics requests named exactly. */
    public int named() {
        return named;
    }

    /** Removes the topic in a slot; another may move into it. */
    void remove(final int slot) {
        size--;
        named -= isNamed(slot) ? 1 : 0;
        pendingImages -= sentQ(slot) == NEVER_SENT ? 1 : 0;
        unmark(slot);
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

    private void mark(final int slot, final long bit) {
        marks += (table[2 * slot + 1] & (WHOLE | REFRESH)) == 0 ? 1 : 0;
        table[2 * slot + 1] |= bit;
    }

    private void unmark(final int slot) {
        if ((table[2 * slot + 1] & (WHOLE | REFRESH)) != 0) {
            marks--;
            table[2 * slot + 1] &= ~(WHOLE | REFRESH);
        }
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
