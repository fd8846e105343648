package penstock.topic;

import java.util.Arrays;

/**
 * What a journal has overwritten last: of each entry no more than where it stood, so that who comes back after a while
 * can still be told exactly how many updates it missed. A bounded ring, which begins small; the entries of one topic
 * are chained backwards. Owned by the shard.
 */
final class OverwriteIndex {
    private static final long NONE = -1;
    private static final int SMALLEST = 256;

    private final int most;
    private int[] topics = new int[0];
    private long[] positions = new long[0];
    /** The sequence that the topic had before the entry. */
    private long[] qsBefore = new long[0];
    private long[] before = new long[0];
    private long count;
    private long forgottenP;
    private long[] newest = new long[0];

    /** Keeps that many entries. */
    OverwriteIndex(final int entries) {
        most = Integer.highestOneBit(Math.max(SMALLEST, entries));
    }

    /** Makes room for topics. */
    void ensureTopics(final int size) {
        final int had = newest.length;
        newest = Arrays.copyOf(newest, size);
        Arrays.fill(newest, had, size, NONE);
    }

    /** The topic is kept anew: what was before has no connection to what comes. */
    void begin(final int topic) {
        newest[topic] = NONE;
    }

    /** An entry is overwritten; positions grow. */
    void add(final int topic, final long p, final long qBefore) {
        if (count == topics.length && count < most) {
            grow();
        }
        final int i = (int) count & topics.length - 1;
        if (count >= topics.length) {
            forgottenP = positions[i];
        }
        topics[i] = topic;
        positions[i] = p;
        qsBefore[i] = qBefore;
        before[i] = newest[topic];
        newest[topic] = count++;
    }

    /**
     * The sequence that a topic had before its oldest lost entry behind position {@code p}; {@code orElse} if none is
     * lost, -1 when that is not known any more.
     */
    long qBefore(final int topic, final long p, final long orElse) {
        long q = orElse;
        long i = newest[topic];
        while (i >= Math.max(0, count - topics.length) && positions[(int) i & topics.length - 1] > p) {
            q = qsBefore[(int) i & topics.length - 1];
            i = before[(int) i & topics.length - 1];
        }
        return i != NONE && i < count - topics.length && forgottenP > p ? -1 : q;
    }

    private void grow() {
        final int size = Math.max(SMALLEST, topics.length * 2);
        topics = Arrays.copyOf(topics, size);
        positions = Arrays.copyOf(positions, size);
        qsBefore = Arrays.copyOf(qsBefore, size);
        before = Arrays.copyOf(before, size);
    }
}
