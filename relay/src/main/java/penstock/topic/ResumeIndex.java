package penstock.topic;

import java.util.Arrays;

/**
 * Finds the sequence that a topic had at a position, so that a subscription that resumes is sent what it missed, or the
 * exact number of what is no longer stored. Owned by the shard's io thread.
 */
public final class ResumeIndex {
    /** The topic's newest update was too large to be stored. */
    private static final long SKIPPED = Long.MAX_VALUE;

    private final JournalEntries entries;
    private final OverwriteIndex overwrites;
    private final JournalRefCounts readers;
    /** Nothing of the topic is stored up to this position. */
    private long[] notStoredP = new long[0];

    ResumeIndex(final JournalEntries entries, final OverwriteIndex overwrites, final JournalRefCounts readers) {
        this.entries = entries;
        this.overwrites = overwrites;
        this.readers = readers;
    }

    /** The position of the last overwritten entry. */
    public long overwrittenPosition() {
        return overwrites.position();
    }

    /** The newest sequence of a topic that is not stored any more; 0 if all are. */
    public long overwrittenQ(final int topic) {
        return overwrites.overwrittenQ(topic);
    }

    /**
     * The sequence of a topic before its oldest overwritten update behind position {@code p}; {@link #overwrittenQ} if
     * there is no such update, -1 if that is forgotten.
     */
    public long qBeforeOverwritten(final int topic, final long p) {
        return overwrites.qBefore(topic, p, overwrites.overwrittenQ(topic));
    }

    /**
     * The sequence of a topic at position {@code p}; updates that never reached the journal count as later. -1 if
     * unknown: not stored at the time, overwritten too long ago, or before the first update that came from another
     * relay.
     */
    public long qAt(final Topic topic, final long p) {
        final int id = topic.id();
        if (topic.p() <= p && !isSkipped(id)) {
            return topic.q();
        }
        if (id >= notStoredP.length || !entries.isCurrent(topic) || p < notStoredP[id]
            || !readers.isStored(topic, entries.head())) {
            return -1;
        }
        long q = topic.q();
        long address = entries.newest(id);
        while (address >= entries.oldest() && entries.p(address) > p) {
            q = entries.q(address) - 1 - entries.skipped(address);
            address = entries.previous(address);
        }
        if (address < entries.oldest() && address != JournalEntries.NONE) {
            q = overwrites.qBefore(id, p, q);
        }
        return q <= topic.sinceQ() && topic.sinceQ() > 0 ? -1 : q;
    }

    boolean isSkipped(final int topic) {
        return topic < notStoredP.length && notStoredP[topic] == SKIPPED;
    }

    /** The newest update of the topic was too large: the next entry counts it as skipped. */
    void skip(final Topic topic) {
        notStoredP[topic.id()] = SKIPPED;
    }

    /** Positions after the topic's newest update are known. */
    void begin(final Topic topic) {
        notStoredP[topic.id()] = topic.p();
    }

    /** The topic is gone; the next one with its number begins at 0. */
    void forget(final int topic) {
        notStoredP[topic] = 0;
    }

    void ensureTopics(final int size) {
        notStoredP = Arrays.copyOf(notStoredP, size);
    }
}
