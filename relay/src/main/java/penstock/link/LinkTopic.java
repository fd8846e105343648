package penstock.link;

import penstock.link.message.LinkUpdate;
import penstock.ring.TopicState;

/** A topic of the other relay, as far as it was released, and as it was last received. Owned by the feed thread. */
final class LinkTopic {
    private static final int NONE = -1;

    /** The number of its channel. */
    final int channel;
    final String symbol;
    /** Its number here; negative until something of it is released. */
    int id = NONE;
    /** The sequence that was released last. */
    long q;
    /** Its position. */
    long p;
    /** Its own state, as it was released; what the loss of a feed makes of it is not in it. */
    TopicState state = TopicState.LIVE;
    /** Why; null if it is live, or without a reason. */
    String reason;
    /** Since when, in microseconds since 1970. */
    long sinceUs;
    /** The position of the report that makes it live again, from its receipt on; 0 = the last report is another one. */
    long liveP;
    /** Which beginning of the subscription the other relay last sent something of it in. */
    int seenIn;
    /** The one in which it is known to be this one: an image of it came, or its first update. */
    int knownIn;
    /** The position of that image; 0 without one. */
    long imageP;
    /** The one in which it last reported a state that is not live. */
    int reportedIn;
    /** Losses of the feed that had been received before its newest image, which was live; negative: it was not. */
    int liveAfter = NONE;
    /** How often the feed was published to be stale before its value was published, or confirmed. */
    int goodSince;
    /** It is among the {@link ConfirmedTopics}. */
    boolean isConfirmed;
    /** What was received last and is held, and in which round. */
    private long heldQ;
    private long heldP;
    private int heldIn = NONE;
    /** The topic of the same symbol before it, while that may not be forgotten; else null. */
    LinkTopic before;
    /** The other relay has forgotten it, or no subscriber names it: what comes of it is dropped. */
    boolean isGone;

    LinkTopic(final int channel, final String symbol) {
        this.channel = channel;
        this.symbol = symbol;
    }

    /**
     * An update was received that is held in this round; returns the position up to which it is known what was before
     * it, if that is not the update with the sequence before.
     */
    long receive(final LinkUpdate update, final int round) {
        final boolean isFirst = heldIn != round;
        final long before = isFirst ? q : heldQ;
        final long known = update.q <= before + 1 ? Long.MAX_VALUE : isFirst ? p : heldP;
        heldIn = round;
        heldQ = update.q;
        heldP = update.p;
        return known;
    }

    boolean isReleased() {
        return id != NONE;
    }

    /** It has no number any more. */
    void unrelease() {
        id = NONE;
        q = 0;
        p = 0;
        state = TopicState.LIVE;
    }
}
