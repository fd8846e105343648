package penstock.fanout;

import penstock.topic.Channel;
import penstock.topic.Journal;
import penstock.topic.View;
import penstock.wire.MessageBuffer;
import penstock.wire.Mode;
import penstock.wire.SubscriptionOptions;

/**
 * A named set of topics of one channel within a session, with one pace. It keeps versions, never messages: its cursor,
 * and per topic the sequence it was last sent. What it is owed is computed when it may be sent something. Owned by the
 * shard.
 */
final class Subscription {
    /** When a subscription may be sent something. */
    enum State {
        /** Wants the next change at once. */
        ARMED,
        /** Left alone by ticks until its deadline. */
        HOLDING,
        /** Its deadline has come: it stands among the due. */
        DUE,
        /** It may be sent something, but the socket is blocked. */
        WAITING,
        /** Over. */
        ENDED
    }

    final Session session;
    final int id;
    final String name;
    final Channel channel;
    final boolean once;
    final SubscribedTopics held = new SubscribedTopics();
    final SymbolInterest wanted = new SymbolInterest();
    /** What a frame of this subscription begins with, encoded once. */
    final byte[] label;

    private SubscriptionOptions terms;
    /** Mode all: it is sent every update. */
    boolean lossless;
    /** What it is shown of its topics. */
    View view = View.FULL;
    /** Null when it has no limits. */
    RateLimit pace;

    State state = State.ARMED;
    /**
     * Where it holds for its interval, and where when its pace is spent; null without one. It holds in one of them at a
     * time.
     */
    IntervalTimers.Line line;
    IntervalTimers.Line paceLine;
    IntervalTimers.Line heldIn;
    long deadlineNs;
    Subscription previous;
    Subscription next;

    /** Everything of its topics up to this position was sent. */
    long cursor;
    /** Mode all: up to where it was sent what it holds of the journal. */
    long journalCursor;
    /** The entry of the journal in front of which it was told last that something is missing. */
    long gapTold = Journal.NONE;
    /** {@link Channel#changes()} when the cursor was set: bounds how many topics changed since. */
    long seenChanges;
    /** Images are owed to a request, even if there are none: {@code last} must be said. */
    boolean snapshotOwed;
    /**
     * Mode all: images were sent that are newer than what it was sent of the journal; until it caught up no position is
     * where it is.
     */
    boolean imagesAhead;
    /** What is owed is all that changed since the client was here before. */
    boolean resumed;
    /**
     * With limits: the position when its changed topics were last looked for. What is found anew the next time has
     * waited since.
     */
    long lookedP;
    /** Where to look for the next owed image. */
    int imageScan;
    /**
     * Where to begin to look for changed topics: behind the last one sent, as long as the socket takes only a part of
     * them.
     */
    int updateScan;
    /**
     * When its deadline came; 0 when it was armed. What waited before that was conflation, what waits after is
     * queueing.
     */
    long dueSinceNs;

    // State of the write under construction: the rate limit left something out, everything pending was encoded,
    // anything was encoded, the socket has begun the first frame, the socket has begun the last frame.
    boolean paced;
    boolean encodedAll;
    boolean encodedAny;
    boolean begun;
    boolean completed;

    Subscription(final Session session, final int id, final String name, final Channel channel,
            final SubscriptionOptions terms) {
        this.session = session;
        this.id = id;
        this.name = name;
        this.channel = channel;
        once = terms.mode() == Mode.ONCE;
        label = new MessageBuffer(name.length() + 16).put("\"sub\":").putString(name).put(",\"ts\":").toBytes();
        keepTo(terms);
    }

    /** From now on it keeps to these. */
    void keepTo(final SubscriptionOptions agreed) {
        terms = agreed;
        lossless = agreed.mode() == Mode.ALL;
        view = channel.view(agreed.content().fields(), agreed.content().delta() && !channel.isBook(),
            agreed.content().depth());
    }

    /** All that it keeps to. */
    SubscriptionOptions terms() {
        return terms;
    }

    long intervalNs() {
        return line.intervalNs;
    }
}
