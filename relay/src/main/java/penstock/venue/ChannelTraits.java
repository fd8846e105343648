package penstock.venue;

import java.util.Set;
import java.util.TreeSet;
import penstock.venue.book.BookProcedure;
import penstock.venue.book.BookRule;
import penstock.venue.book.BookSpec;
import penstock.venue.book.SnapshotSpec;
import penstock.venue.emit.EmitRule;
import penstock.venue.spec.SequenceSpec;

/**
 * Properties of a channel that follow from its class and its rules. Immutable.
 *
 * @param outlivesConnection sequence numbers stay valid when a connection ends
 * @param book               null = not an order book
 * @param detectsGaps        a lost message shows
 * @param isNumbered         updates carry numbers that are the same on every connection
 * @param fields             the names of the fields of values; null = bytes of the venue are published, too
 * @param snapshot           how a book is asked for, unless a rule says it itself; null = it comes with the changes
 * @param hasOneSnapshot     no two rules ask for a book in different ways
 */
record ChannelTraits(boolean outlivesConnection, BookRule book, boolean detectsGaps, boolean isNumbered,
        Set<String> fields, SnapshotSpec snapshot, boolean hasOneSnapshot) {
    /** Of the book; none for other channels. */
    BookSpec bookSpec() {
        return book == null ? BookSpec.NONE : book.spec();
    }

    /**
     * How a book is asked for without a message; null if that depends on the rule, or if the first change would not
     * show that the snapshot is older than the subscription.
     */
    SnapshotSpec quietSnapshot() {
        return hasOneSnapshot && snapshot != null
            && snapshot.procedure().follows() != BookProcedure.Follows.NEWER ? snapshot : null;
    }

    ChannelTraits with(final SequenceSpec sequence) {
        return new ChannelTraits(outlivesConnection, book, detectsGaps || sequence.rule().detectsGaps(),
            isNumbered || sequence.scope() != SequenceSpec.Scope.CONNECTION, fields, snapshot, hasOneSnapshot);
    }

    /** Some venues send checksums with changes only: the rule that knows a checksum represents the channel. */
    ChannelTraits with(final BookRule rule) {
        final boolean isBetter = book == null || book.spec().checksum() == null;
        final boolean isSame = snapshot == null || rule.snapshot() == null
            || snapshot.written().equals(rule.snapshot().written());
        return new ChannelTraits(outlivesConnection, isBetter ? rule : book, detectsGaps, isNumbered, fields,
            snapshot == null ? rule.snapshot() : snapshot, hasOneSnapshot && isSame);
    }

    /** The venue numbers all frames of a connection. */
    ChannelTraits withFrameNumbers() {
        return new ChannelTraits(outlivesConnection, book, true, isNumbered, fields, snapshot, hasOneSnapshot);
    }

    /** A rule publishes these fields; null = bytes of the venue. */
    ChannelTraits with(final EmitRule emit) {
        final Set<String> names = fields == null || emit == null ? null : new TreeSet<>(fields);
        if (names != null) {
            emit.fields().forEach(field -> names.add(field.name()));
        }
        return new ChannelTraits(outlivesConnection, book, detectsGaps, isNumbered, names, snapshot, hasOneSnapshot);
    }
}
