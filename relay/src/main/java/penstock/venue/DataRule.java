package penstock.venue;

import penstock.venue.rule.Expression;
import penstock.venue.rule.VenueTimeUnit;
import penstock.venue.spec.KindSpec;
import penstock.venue.spec.SequenceSpec;

/**
 * What a message of data is made of. Immutable.
 *
 * @param channel  its number
 * @param keys     where the symbol is found; the first that is there counts
 * @param kind     what it is to the image
 * @param sequence how it is numbered, null = it is not
 * @param time     where the feed's time is found, null = it gives none
 * @param emit     the bytes that go out as the value
 * @param book     where the price levels are, null = it is no order book
 */
record DataRule(
        int channel, Expression[] keys, KindSpec kind, SequenceSpec sequence, Expression time, VenueTimeUnit unit,
        Expression emit,
        BookRule book) {
}
