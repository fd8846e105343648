package penstock.fanout;

import java.util.Arrays;
import penstock.ring.TopicState;

/**
 * The topics of one subscription, the sequence of each that it was last sent and the state that it was last told: an open hash table of
 * three arrays, 13 bytes a slot, at most two thirds full. With limits also since when each waits to be sent, 8 bytes more.
 * Owned by the shard.
 */
final class HeldTopics {
    /** Sent nothing yet: the image is owed. */
    static final long NEVER = -1;
    static final int NONE = -1;
    private static final long NOT_WAITING = -1;
    private static final long[] NO_LONGS = {};
    private static final int BY_NAME = 1 << 31;
    private static final TopicState[] STATES = TopicState.values();

    private int[] keys = new int[4];
    private long[] sent = new long[4];
    private byte[] told = new byte[4];
    private long[] since = NO_LONGS;
    private int size;
    private int owed;
    private int named;

    /** Adds a topic that is not held and taken for live; {@code byName} when a request named it and no pattern did. Slots move. */
    void add(final int topic, final boolean byName, final long sentQ) {
        if ((size + 1) * 3 > keys.length * 2) {
            grow();
        }
        put(topic + 1 | (byName ? BY_NAME : 0), sentQ, (byte) 0, NOT_WAITING);
        size++;
        named += byName ? 1 : 0;
        owed += sentQ == NEVER ? 1 : 0;
    }

    /** The slot of a topic, or {@link #NONE}. */
    int slot(final int topic) {
        final int mask = keys.length - 1;
        for (int i = home(topic, mask);; i = i + 1 & mask) {
            final int key = keys[i] & ~BY_NAME;
            if (key == topic + 1) {
                return i;
            }
            if (key == 0) {
                return NONE;
            }
        }
    }

    /** Slots there are; a slot may be free. */
    int slots() {
        return keys.length;
    }

    /** The topic in a slot, or {@link #NONE}. */
    int topic(final int slot) {
        return (keys[slot] & ~BY_NAME) - 1;
    }

    boolean isByName(final int slot) {
        return (keys[slot] & BY_NAME) != 0;
    }

    /** A request named it; false when one had before. */
    boolean byName(final int slot) {
        if (isByName(slot)) {
            return false;
        }
        keys[slot] |= BY_NAME;
        named++;
        return true;
    }

    /** The state that the subscription was last told. */
    TopicState told(final int slot) {
        return STATES[told[slot]];
    }

    void told(final int slot, final TopicState state) {
        told[slot] = (byte) state.ordinal();
    }

    long sent(final int slot) {
        return sent[slot];
    }

    void sent(final int slot, final long q) {
        if (sent[slot] == NEVER) {
            owed--;
        }
        sent[slot] = q;
        if (since.length > 0) {
            since[slot] = NOT_WAITING;
        }
    }

    /** From now on it is known since when topics wait, or no more. */
    void trackWaiting(final boolean tracked) {
        since = tracked ? new long[keys.length] : NO_LONGS;
        Arrays.fill(since, NOT_WAITING);
    }

    /** The topic has something to be sent: it waits since that position, unless it waited before. Returns since when. */
    long waits(final int slot, final long p) {
        if (since[slot] == NOT_WAITING) {
            since[slot] = p;
        }
        return since[slot];
    }

    /** The image is owed again. */
    void owe(final int slot) {
        if (sent[slot] != NEVER) {
            owed++;
            sent[slot] = NEVER;
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
        owed -= sent[slot] == NEVER ? 1 : 0;
        final int mask = keys.length - 1;
        int hole = slot;
        for (int i = slot + 1 & mask; keys[i] != 0; i = i + 1 & mask) {
            final int home = home(topic(i), mask);
            if ((i - home & mask) >= (i - hole & mask)) {
                keys[hole] = keys[i];
                sent[hole] = sent[i];
                told[hole] = told[i];
                if (since.length > 0) {
                    since[hole] = since[i];
                }
                hole = i;
            }
        }
        keys[hole] = 0;
    }

    private void put(final int key, final long sentQ, final byte toldState, final long waitsSince) {
        final int mask = keys.length - 1;
        int i = home((key & ~BY_NAME) - 1, mask);
        while (keys[i] != 0) {
            i = i + 1 & mask;
        }
        keys[i] = key;
        sent[i] = sentQ;
        told[i] = toldState;
        if (since.length > 0) {
            since[i] = waitsSince;
        }
    }

    private void grow() {
        final int[] oldKeys = keys;
        final long[] oldSent = sent;
        final byte[] oldTold = told;
        final long[] oldSince = since;
        keys = new int[oldKeys.length * 2];
        sent = new long[oldKeys.length * 2];
        told = new byte[oldKeys.length * 2];
        since = new long[oldSince.length * 2];
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldKeys[i] != 0) {
                put(oldKeys[i], oldSent[i], oldTold[i], oldSince.length == 0 ? NOT_WAITING : oldSince[i]);
            }
        }
    }

    private static int home(final int topic, final int mask) {
        return topic * 0x9E3779B9 >>> 7 & mask;
    }
}
