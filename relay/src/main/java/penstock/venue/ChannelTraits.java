package penstock.venue;

import penstock.venue.book.BookRule;
import penstock.venue.spec.SequenceSpec;

/**
 * Properties of a channel that follow from its class and its rules. Immutable.
 *
 * @param outlivesConnection sequence numbers stay valid when a connection ends
 * @param book               null = not an order book
 * @param detectsGaps        a lost message shows
 * @param isNumbered         updates carry numbers that are the same on every connection
 */
record ChannelTraits(boolean outlivesConnection, BookRule book, boolean detectsGaps, boolean isNumbered) {
    ChannelTraits with(final SequenceSpec sequence) {
        return new ChannelTraits(outlivesConnection, book, detectsGaps || sequence.rule().detectsGaps(),
            isNumbered || sequence.scope() != SequenceSpec.Scope.CONNECTION);
    }

    /** Some venues send checksums with changes only: the rule that knows a checksum represents the channel. */
    ChannelTraits with(final BookRule rule) {
        final boolean isBetter = book == null || book.spec().checksum() == null;
        return new ChannelTraits(outlivesConnection, isBetter ? rule : book, detectsGaps, isNumbered);
    }

    /** The venue numbers all frames of a connection. */
    ChannelTraits withFrameNumbers() {
        return new ChannelTraits(outlivesConnection, book, true, isNumbered);
    }
}
