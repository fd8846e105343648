package penstock.topic.image;

import penstock.wire.MessageBuffer;

/** What a topic says in one view. Owned by the shard. */
public interface ValueView {
    /** Whether somebody who has the value of sequence {@code sentQ} can be told what changed since. */
    boolean knowsChangesSince(long sentQ);

    /** Whether something that shows changed since sequence {@code sentQ}. */
    boolean isChangedSince(long sentQ);

    /** Adds the whole value. */
    void appendValue(MessageBuffer out);

    /** Adds what an update says to somebody who has the value of sequence {@code sinceQ}, since which all is known. */
    void appendUpdate(MessageBuffer out, long sinceQ);
}
