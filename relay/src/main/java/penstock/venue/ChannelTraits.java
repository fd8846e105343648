package penstock.venue;

import penstock.ring.ConflationClass;
import penstock.venue.spec.ChannelSpec;
import penstock.venue.spec.SequenceSpec;

/**
 * Properties of a channel that follow from its rules. Written by the thread that reads the file, then read by the feed
 * thread.
 */
final class ChannelTraits {
    private final boolean outlivesConnection;
    private BookRule book;
    private boolean detectsGaps;
    private boolean isNumbered;

    ChannelTraits(final ChannelSpec channel) {
        outlivesConnection = channel.conflation() == ConflationClass.EVENT;
    }

    void addSequence(final SequenceSpec sequence) {
        detectsGaps |= sequence.rule().detectsGaps();
        isNumbered |= sequence.scope() != SequenceSpec.Scope.CONNECTION;
    }

    /** Some venues send checksums with changes only: the rule that knows a checksum represents the channel. */
    void addBook(final BookRule rule) {
        if (book == null || book.spec().checksum() == null) {
            book = rule;
        }
    }

    /** The venue numbers all frames of a connection, so a lost message shows on every channel. */
    void addFrameNumbers() {
        detectsGaps = true;
    }

    /** Null: not an order book. */
    BookRule book() {
        return book;
    }

    /** True if a lost message shows. */
    boolean detectsGaps() {
        return detectsGaps;
    }

    /** True if updates carry numbers that are the same on every connection. */
    boolean isNumbered() {
        return isNumbered;
    }

    /** True if the numbers stay valid when a connection ends. */
    boolean outlivesConnection() {
        return outlivesConnection;
    }
}
