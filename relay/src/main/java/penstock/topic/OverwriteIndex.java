package penstock.topic;

import java.util.Arrays;

/**
 * Positions and sequences of the journal's last overwritten entries, so that a subscription that resumes after a while
 * is sent the exact number of updates it missed. A bounded ring that begins small; the entries of one topic are chained
 * backwards. Owned by the shard's io thread.
 */
final class OverwriteIndex {
    private static final long NONE = -1;
    private static final int MIN_ENTRIES = 256;

    private final int maxEntries;
    private int[] topics = new int[0];
    private long[] positions = new long[0];
    /** The sequence of the topic before the entry. */
    private long[] qsBefore = new long[0];
    private long[] previous = new long[0];
    private long count;
    private long position;
    private long forgottenP;
    private long[] newest = new long[0];
    private long[] overwrittenQ = new long[0];

    OverwriteIndex(final int entries) {
        maxEntries = Integer.highestOneBit(Math.max(MIN_ENTRIES, entries));
    }

    void ensureTopics(final int size) {
        final int had = newest.length;
        newest = Arrays.copyOf(newest, size);
        Arrays.fill(newest, had, size, NONE);
        overwrittenQ = Arrays.copyOf(overwrittenQ, size);
    }

    /** Starts a new chain: updates of the topic up to its newest were not stored. */
    void begin(final Topic topic) {
        newest[topic.id()] = NONE;
        overwrittenQ[topic.id()] = topic.q();
    }

    /** The topic is gone; the next one with its number has no chain. */
    void forget(final int topic) {
        newest[topic] = NONE;
        overwrittenQ[topic] = 0;
    }

    /** There is no topic: lower positions may follow. */
    void clear() {
        position = 0;
        forgottenP = 0;
    }

    /** Adds an overwritten entry; positions grow. */
    void add(final int topic, final long p, final long q, final long qBefore) {
        if (count == topics.length && count < maxEntries) {
            grow();
        }
        final int i = (int) count & topics.length - 1;
        if (count >= topics.length) {
            forgottenP = positions[i];
        }
        topics[i] = topic;
        positions[i] = p;
        qsBefore[i] = qBefore;
        previous[i] = newest[topic];
        newest[topic] = count++;
        position = p;
        overwrittenQ[topic] = Math.max(overwrittenQ[topic], q);
    }

    /** The position of the last overwritten entry. */
    long position() {
        return position;
    }

    /** The newest sequence of a topic that is not stored any more. */
    long overwrittenQ(final int topic) {
        return topic < overwrittenQ.length ? overwrittenQ[topic] : 0;
    }

    /**
     * The sequence of a topic before its oldest overwritten entry after position {@code p}: {@code orElse} if there is
     * no such entry, -1 if that is forgotten.
     */
    long qBefore(final int topic, final long p, final long orElse) {
        long q = orElse;
        long i = newest[topic];
        while (i >= Math.max(0, count - topics.length) && positions[(int) i & topics.length - 1] > p) {
            q = qsBefore[(int) i & topics.length - 1];
            i = previous[(int) i & topics.length - 1];
        }
        return i != NONE && i < count - topics.length && forgottenP > p ? -1 : q;
    }

    private void grow() {
        final int size = Math.max(MIN_ENTRIES, topics.length * 2);
        topics = Arrays.copyOf(topics, size);
        positions = Arrays.copyOf(positions, size);
        qsBefore = Arrays.copyOf(qsBefore, size);
        previous = Arrays.copyOf(previous, size);
    }
}
