package penstock.fanout.frame;

import penstock.fanout.subscription.Subscription;
import penstock.topic.JournalEntries;

/**
 * One frame of the write under construction, and what becomes true once the socket has begun to take it. Owned by the
 * shard's io thread.
 */
final class PendingFrame {
    Subscription owner;
    PendingWrite write;
    /** Where the frame ends in the write. */
    int end;
    /** The frame's entries in the builder's lists end here; they begin where those of the frame before end. */
    int entriesEnd;
    boolean snapshot;
    /** The frame has the last of the pending images. */
    boolean lastImages;
    /** The frame has the last of all that was pending when the write was built. */
    boolean completes;
    /** Where the search for pending images goes on after the frame. */
    int imageScan;
    /** Mode all: where the journal goes on after the frame; {@link JournalEntries#NONE} otherwise. */
    long journalEnd;
    /** Mode all: the position of the journal there. */
    long journalPosition;
    /** The owner's position after the frame; -1 when the frame has none. */
    long position;
    /** The position of a link that it will have after the turn which begins with the frame; -1 = none begins. */
    long turn;
    /** The journal's entry before which the frame reports a gap, or {@link JournalEntries#NONE}. */
    long gapAt;
    /** The frame reports missing updates. */
    boolean gap;
    /** Images of the topics with missing updates are pending behind the frame. */
    boolean requestsImages;
    /** The entries of the frame are rows, from which the client counts on, or binary: what was announced is valid. */
    boolean keepsAnnounced;
    /** The frame announces topics and columns, and has no entries. */
    boolean announces;
    /** Where the topics that it announces end in the builder's list; those of the frame before end where they begin. */
    int announcedEnd;
    /** How many columns the client knows with it. */
    int columns;
    /** When the newest entry of the frame was read from the upstream. */
    long newestReceivedNs;
    /** When the newest update was read from the ring; {@code Long.MIN_VALUE} if that is not known. */
    long newestReadNs;
}
