package penstock.fanout;

import java.util.List;
import penstock.topic.Channel;
import penstock.wire.MessageBuffer;
import penstock.wire.Mode;
import penstock.wire.Overflow;
import penstock.wire.Terms;

/**
 * A named set of topics of one channel within a session, with one pace. It keeps versions, never messages: its cursor, and per
 * topic the sequence it was last sent. What it is owed is computed when it may be sent something. Owned by the shard.
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
    /** Mode all: it is sent every update. */
    final boolean lossless;
    final HeldTopics held = new HeldTopics();
    final Wanted wanted = new Wanted();
    /** What a frame of this subscription begins with, encoded once. */
    final byte[] label;

    State state = State.ARMED;
    Holds.Line line;
    long deadlineNs;
    Subscription previous;
    Subscription next;

    /** Everything of its topics up to this position was sent. */
    long cursor;
    /** Mode all: up to where it was sent what it holds of the journal, and what becomes of it when that is not kept any more. */
    long journalCursor;
    Overflow overflow = Overflow.GAP;
    /** {@link Channel#changes()} when the cursor was set: bounds how many topics changed since. */
    long seenChanges;
    /** Images are owed to a request, even if there are none: {@code last} must be said. */
    boolean snapshotOwed;
    /** Where to look for the next owed image. */
    int imageScan;
    /** Where to begin to look for changed topics: behind the last one sent, as long as the socket takes only a part of them. */
    int updateScan;
    /** When its deadline came; 0 when it was armed. What waited before that was conflation, what waits after is queueing. */
    long dueSinceNs;

    /** Of the write under construction: all that was owed went in; something went in; the socket has begun the last of it. */
    boolean encodedAll;
    boolean encodedAny;
    boolean completed;

    Subscription(final Session session, final int id, final String name, final Channel channel, final Mode mode) {
        this.session = session;
        this.id = id;
        this.name = name;
        this.channel = channel;
        once = mode == Mode.ONCE;
        lossless = mode == Mode.ALL;
        label = new MessageBuffer(name.length() + 16).put("\"sub\":").putString(name).put(",\"ts\":").toBytes();
    }

    Mode mode() {
        return once ? Mode.ONCE : lossless ? Mode.ALL : Mode.CONFLATE;
    }

    /** All that it keeps to. */
    Terms terms() {
        return new Terms(mode(), (int) (intervalNs() / 1_000_000), overflow, 0, 0, List.of(), false, 0);
    }

    long intervalNs() {
        return line.intervalNs;
    }
}
