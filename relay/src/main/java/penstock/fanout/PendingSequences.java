package penstock.fanout;

/**
 * The sequences that the topics of one subscription are going to have been sent with the write under construction,
 * where they differ from what it was sent so far. Beginning costs nothing, whatever the number of topics. Owned by the
 * shard; one for all its subscriptions.
 */
final class PendingSequences {
    private SubscribedTopics held;
    private long[] qs = new long[64];
    private int[] stamps = new int[64];
    private int stamp;

    /** Begins with what was sent so far. */
    void begin(final SubscribedTopics topics) {
        held = topics;
        stamp++;
        if (topics.slots() > qs.length || stamp == 0) {
            qs = new long[Math.max(topics.slots(), qs.length)];
            stamps = new int[qs.length];
            stamp = 1;
        }
    }

    long q(final int slot) {
        return stamps[slot] == stamp ? qs[slot] : held.sent(slot);
    }

    void q(final int slot, final long q) {
        stamps[slot] = stamp;
        qs[slot] = q;
    }
}
