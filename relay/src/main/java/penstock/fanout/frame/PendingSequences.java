package penstock.fanout.frame;

import penstock.fanout.subscription.SubscribedTopics;

/**
 * The sequences that the topics of one subscription will have with the write under construction, where they differ from
 * what was sent so far. Beginning costs the same for any number of topics. Owned by the shard's io thread; one for all
 * its subscriptions.
 */
final class PendingSequences {
    private SubscribedTopics sent;
    private long[] qs = new long[64];
    private int[] stamps = new int[64];
    private int[] addedStamps = new int[64];
    /** Twice the stamp, and 1 more if the topic is announced with the write. */
    private long[] announcedStamps = new long[64];
    private int stamp;

    /** Begins with the sequences that were sent so far. */
    void begin(final SubscribedTopics topics) {
        sent = topics;
        stamp++;
        if (topics.slots() > qs.length || stamp == 0) {
            qs = new long[Math.max(topics.slots(), qs.length)];
            stamps = new int[qs.length];
            addedStamps = new int[qs.length];
            announcedStamps = new long[qs.length];
            stamp = 1;
        }
    }

    long q(final int slot) {
        return stamps[slot] == stamp ? qs[slot] : sent.sentQ(slot);
    }

    /** Whether the next entry must be whole: the write under construction has nothing of the topic. */
    boolean isWholeNext(final int slot) {
        return sent.hasMarks() && sent.isWholeNext(slot) && !isAdded(slot);
    }

    /** Whether the write under construction has an entry of the topic. */
    boolean isAdded(final int slot) {
        return addedStamps[slot] == stamp;
    }

    /** An entry of the topic is in the write under construction. */
    void onAdded(final int slot) {
        addedStamps[slot] = stamp;
    }

    /** Rows: whether the client knows the number and the sequence of the topic with the write under construction. */
    boolean isAnnounced(final int slot) {
        return announcedStamps[slot] >> 1 == stamp ? (announcedStamps[slot] & 1) != 0 : sent.isAnnounced(slot);
    }

    /** Rows: an entry of the topic follows, or something behind which the client cannot count on. */
    void onAnnounced(final int slot, final boolean isKnown) {
        announcedStamps[slot] = (long) stamp << 1 | (isKnown ? 1 : 0);
    }

    void q(final int slot, final long q) {
        stamps[slot] = stamp;
        qs[slot] = q;
    }
}
