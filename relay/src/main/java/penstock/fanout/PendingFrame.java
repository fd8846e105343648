package penstock.fanout;

import penstock.topic.Journal;

/**
 * A frame in the write that is being built, and what becomes true once the socket has begun to take it. Owned by the
 * shard.
 */
final class PendingFrame {
    Subscription owner;
    /** Where it ends in the write. */
    int end;
    /** Its entries in the builder's lists end here; they begin where those of the frame before end. */
    int entriesEnd;
    boolean snapshot;
    /** It ends the images that were owed. */
    boolean lastImages;
    /** With it the owner has all that it was owed when the write was built. */
    boolean completes;
    /** Where the search for owed images goes on after it. */
    int imageScan;
    /** Of mode all: where the owner goes on to read the journal after it; {@link Journal#NONE} otherwise. */
    long journalEnd;
    /** The owner's position after it; -1 when it does not tell. */
    long position;
    /** The journal's entry in front of which it tells of a gap, or {@link Journal#NONE}. */
    long gapAt;
    /** It tells of updates that are missing. */
    boolean gap;
    /** Images of what is missing are owed behind it. */
    boolean owes;
    /** When its newest entry had been read from the upstream. */
    long newestReceivedNs;
}
