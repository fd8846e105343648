package penstock.fanout.layout;

import java.util.Arrays;

/**
 * Which topic is in which slot of the tables of equal subscriptions; all of them share it. A slot keeps its topic: new
 * topics are only added behind the others, and a subscription that has fewer uses the first slots. Up to 16 topics are
 * searched one by one, more through an open hash table of 8 bytes an entry, at most four fifths full. Owned by the
 * shard's io thread.
 */
public final class TopicLayout {
    /** No slot. */
    public static final int NONE = -1;
    private static final int SEARCHED = 16;
    private static final int OBJECT_BYTES = 128;
    private static final long MIX = 0x9e3779b97f4a7c15L;

    private int[] topics;
    private int size;
    /** Topic + 1 and slot; 0 = free. Null while the topics are few. */
    private long[] index;
    private long hash;
    private int users;

    /** The topics in the order of their slots, with their {@link #hash}; {@link #index(int, int)} follows. */
    TopicLayout(final int[] topics, final int count, final long hash) {
        this.topics = Arrays.copyOf(topics, count);
        size = count;
        this.hash = hash;
        index = newIndex();
    }

    /**
     * A number that differs if the topics or their order differ, almost always: {@code before} is that of the topics up
     * to {@code from}, 0 at first.
     */
    static long hash(final long before, final int[] topics, final int from, final int to) {
        long hash = before;
        for (int i = from; i < to; i++) {
            hash = next(hash, topics[i]);
        }
        return hash;
    }

    /** Makes the topics of these slots known to {@link #slot}. */
    void index(final int from, final int to) {
        for (int slot = from; index != null && slot < to; slot++) {
            put(slot);
        }
    }

    /** Bytes of heap of a layout of that many topics, at most. */
    public static long bytes(final int count) {
        return OBJECT_BYTES + count * 5L + (count <= SEARCHED ? 0 : indexSize(count + 1) * 8L);
    }

    /** Bytes of heap now. */
    long bytes() {
        return OBJECT_BYTES + topics.length * 4L + (index == null ? 0 : index.length * 8L);
    }

    long hash() {
        return hash;
    }

    /** How many topics there are. */
    public int size() {
        return size;
    }

    /** The first topics, in the order of their slots. */
    public int[] topics(final int count) {
        return Arrays.copyOf(topics, count);
    }

    /** The topics by slot; those of the first slots never change. */
    public int[] array() {
        return topics;
    }

    /** The index of {@link #slot}; null while the topics are few. */
    public long[] index() {
        return index;
    }

    /** The slot of a topic, or {@link #NONE}. */
    public int slot(final int topic) {
        return slot(topic, topics, size, index);
    }

    /**
     * The slot of a topic, or {@link #NONE}, by an array and an index that a table took from its layout: they are found
     * with fewer steps through memory than the layout.
     */
    public static int slot(final int topic, final int[] topics, final int count, final long[] index) {
        if (index == null) {
            for (int i = 0; i < count; i++) {
                if (topics[i] == topic) {
                    return i;
                }
            }
            return NONE;
        }
        final int mask = index.length - 1;
        for (int i = home(topic, mask); index[i] != 0; i = i + 1 & mask) {
            if (index[i] >>> 32 == topic + 1) {
                return (int) index[i];
            }
        }
        return NONE;
    }

    void append(final int topic) {
        if (size == topics.length) {
            topics = Arrays.copyOf(topics, size + (size >> 2) + 4);
        }
        topics[size] = topic;
        hash = next(hash, topic);
        size++;
        if (index == null || size * 5 > index.length * 4) {
            rebuild();
        } else {
            put(size - 1);
        }
    }

    /** Adds {@code delta} users; returns their number. */
    public int addUsers(final int delta) {
        users += delta;
        return users;
    }

    private void rebuild() {
        index = newIndex();
        index(0, size);
    }

    private long[] newIndex() {
        return size <= SEARCHED ? null : new long[indexSize(size)];
    }

    private void put(final int slot) {
        final int mask = index.length - 1;
        int i = home(topics[slot], mask);
        while (index[i] != 0) {
            i = i + 1 & mask;
        }
        index[i] = topics[slot] + 1L << 32 | slot;
    }

    /** The smallest power of two that the topics fill to four fifths at most. */
    private static int indexSize(final int count) {
        return Integer.highestOneBit(count + (count >> 2)) << 1;
    }

    private static long next(final long hash, final int topic) {
        return (hash + topic + 1) * MIX ^ hash >>> 29;
    }

    private static int home(final int topic, final int mask) {
        return topic * 0x9E3779B9 >>> 7 & mask;
    }
}
