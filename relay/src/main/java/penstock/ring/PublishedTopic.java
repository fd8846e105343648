package penstock.ring;

/** A topic as the feed thread knows it. Owned by the feed thread. */
final class PublishedTopic {
    final int feed;
    final int id;
    final int channel;
    final byte[] symbol;
    boolean isAnnounced;
    /** The sequence before the first update, if another relay numbers them. */
    long sinceQ;
    long q;
    /** Updates that never reached the relay, not counted in {@link #q} yet: they precede the next update. */
    long uncounted;
    /** Of {@link #q}, what has no position yet: the next update that goes into the ring gives it one. */
    long unnumbered;
    /** The position of the newest update, if another relay gave it one; 0 = it is numbered here. */
    long relayedP;
    /** Updates missing right before the next published one: never received, or dropped because they cannot conflate. */
    long missed;
    /** Null before the topic is pending for the first time. */
    PendingEntry.Updates pending;
    /** The pending change of the topic's state, or null. */
    PendingEntry.TopicStatus status;

    PublishedTopic(final int feed, final int id, final int channel, final byte[] symbol) {
        this.feed = feed;
        this.id = id;
        this.channel = channel;
        this.symbol = symbol;
    }

    /** Counts a new update, and in front of it those that never reached the relay. */
    void count() {
        if (uncounted != 0) {
            q += uncounted;
            unnumbered += uncounted;
            missed += uncounted;
            uncounted = 0;
        }
        q++;
        unnumbered++;
    }

    /** A new update with the numbers of another relay; what is {@code missing} right before it is reported. */
    void relay(final long newQ, final long p, final long missing) {
        assert p > relayedP && newQ > q : "the numbers of another relay grow";
        if (q == 0) {
            sinceQ = newQ - missing - 1;
        }
        q = newQ;
        relayedP = p;
        missed += missing;
    }
}
