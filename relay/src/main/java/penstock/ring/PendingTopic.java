package penstock.ring;

/**
 * A topic as the feed thread knows it, and its conflated updates while they are pending. Owned by the feed thread.
 */
final class PendingTopic extends PendingEntry {
    final int id;
    final int channel;
    final byte[] symbol;
    boolean isAnnounced;
    long q;
    /** Updates that never reached the relay, not counted in {@link #q} yet: they precede the next update. */
    long uncounted;
    /** Of {@link #q}, what has no position yet: the next update that goes into the ring gives it one. */
    long unnumbered;
    /** Updates missing right before the next published one: never received, or dropped because they cannot conflate. */
    long missed;

    long timeUs;
    long receivedNs;
    /** Created when the topic is pending for the first time. */
    Conflator conflator;
    /** Number of updates in {@link #conflator}. */
    long conflated;
    /** The pending change of the topic's state, or null. */
    PendingTopicStatus status;

    PendingTopic(final int feed, final int id, final int channel, final byte[] symbol) {
        super(feed);
        this.id = id;
        this.channel = channel;
        this.symbol = symbol;
    }

    void conflate(final UpdateSlice update, final long updateTimeUs, final long updateReceivedNs) {
        timeUs = updateTimeUs;
        receivedNs = updateReceivedNs;
        conflated++;
        conflator.add(update);
    }

    void clear() {
        conflator.clear();
        conflated = 0;
    }
}
