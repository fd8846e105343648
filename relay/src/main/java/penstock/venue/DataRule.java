package penstock.venue;

import penstock.venue.book.BookRule;
import penstock.venue.book.SnapshotSpec;
import penstock.venue.emit.EmitRule;
import penstock.venue.rule.Expression;
import penstock.venue.rule.VenueTimeUnit;
import penstock.venue.spec.KindSpec;
import penstock.venue.spec.SequenceSpec;

/**
 * How a data message becomes an update. Immutable.
 *
 * @param channel  number of the channel
 * @param keys     places of the symbol; the first one present counts
 * @param kind     snapshot, delta or whole value
 * @param sequence how the updates are numbered, null = they are not
 * @param time     the venue's own time, null = the messages carry none
 * @param value    what is published
 * @param book     the price levels, null = not an order book
 */
record DataRule(int channel, Expression[] keys, KindSpec kind, SequenceSpec sequence, Timestamp time, Value value,
        BookRule book) {
    /** How the book's snapshot is asked for; null if this rule does not say. */
    SnapshotSpec snapshot() {
        return book == null ? null : book.snapshot();
    }

    /** The venue's value, and the fields to publish instead of it, null = none. */
    record Value(Expression venue, EmitRule fields) {
    }

    /** A time, and the unit that it is written in; {@code isOptional}: some recordings have none. */
    record Timestamp(Expression at, VenueTimeUnit unit, boolean isOptional) {
    }
}
