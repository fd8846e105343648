package penstock.venue;

import penstock.venue.rule.LearnRule;
import penstock.venue.rule.MatchRule;
import penstock.venue.spec.ControlKind;

/**
 * One rule of a venue file, compiled. It is for control, for data, or for each element of an array. Immutable but for
 * what it reuses.
 *
 * @param number   in the order of the file, nested rules behind the one that they are in
 * @param learn    what the message teaches, null = nothing
 * @param control  what the message is, null = data
 * @param classify of a control message: what it asks for; the first that matches counts
 * @param each     its elements, null = it is one message
 * @param data     what it is made of, null = it is no data, or its elements are
 */
record VenueRule(int number, String name, MatchRule match, LearnRule learn, ControlKind control,
        ErrorClassifier[] classify, ArrayRule each, DataRule data) {
}
