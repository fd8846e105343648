package penstock.fanout;

/**
 * The topics of one subscription, and the sequence of each that it was last sent: an open hash table of two arrays,
 * 12 bytes a slot, at most two thirds full. Owned by the shard.
 */
final class HeldTopics {
    /** Sent nothing yet: the image is owed. */
    static final long NEVER = -1;
    static final int NONE = -1;
    private static final int BY_NAME = 1 << 31;
    /** Two bits: the state that the subscriber was told last. */
    private static final int TOLD_SHIFT = 29;
    private static final int TOPIC = (1 << TOLD_SHIFT) - 1;

    private int[] keys = new int[4];
    private long[] sent = new long[4];
    private int size;
    private int owed;
    private int named;

    /** Adds a topic that is not held; {@code byName} when a request named it and no pattern did. Slots move. */
    void add(final int topic, final boolean byName, final long sentQ) {
        if ((size + 1) * 3 > keys.length * 2) {
            grow();
        }
        put(topic + 1 | (byName ? BY_NAME : 0), sentQ);
        size++;
        named += byName ? 1 : 0;
        owed += sentQ == NEVER ? 1 : 0;
    }

    /** The slot of a topic, or {@link #NONE}. */
    int slot(final int topic) {
        final int mask = keys.length - 1;
        for (int i = home(topic, mask);; i = i + 1 & mask) {
            final int key = keys[i] & TOPIC;
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
        return (keys[slot] & TOPIC) - 1;
    }

    boolean isByName(final int slot) {
        return (keys[slot] & BY_NAME) != 0;
    }

    void byName(final int slot) {
        if (!isByName(slot)) {
            keys[slot] |= BY_NAME;
            named++;
        }
    }

    /** Which state of the topic the subscriber was told last; 0, live, in the beginning. */
    int told(final int slot) {
        return keys[slot] >>> TOLD_SHIFT & 3;
    }

    void told(final int slot, final int state) {
        keys[slot] = keys[slot] & ~(3 << TOLD_SHIFT) | state << TOLD_SHIFT;
    }

    long sent(final int slot) {
        return sent[slot];
    }

    void sent(final int slot, final long q) {
        if (sent[slot] == NEVER) {
            owed--;
        }
        sent[slot] = q;
    }

    /** The image is owed again. */
    void owe(final int slot) {
        owed++;
        sent[slot] = NEVER;
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
                hole = i;
            }
        }
        keys[hole] = 0;
    }

    private void put(final int key, final long sentQ) {
        final int mask = keys.length - 1;
        int i = home((key & TOPIC) - 1, mask);
        while (keys[i] != 0) {
            i = i + 1 & mask;
        }
        keys[i] = key;
        sent[i] = sentQ;
    }

    private void grow() {
        final int[] oldKeys = keys;
        final long[] oldSent = sent;
        keys = new int[oldKeys.length * 2];
        sent = new long[oldKeys.length * 2];
        for (int i = 0; i < oldKeys.length; i++) {
            if (oldKeys[i] != 0) {
                put(oldKeys[i], oldSent[i]);
            }
        }
    }

    private static int home(final int topic, final int mask) {
        return topic * 0x9E3779B9 >>> 7 & mask;
    }
}
