package penstock.venue;

import penstock.venue.rule.LearnRule;
import penstock.venue.rule.MatchRule;
import penstock.venue.spec.ControlKind;

/**
 * One rule of a venue file, compiled. A rule handles control messages, data messages, or the elements of an array;
 * exactly one of {@code control}, {@code elements} and {@code data} is set. Immutable, except for reused scratch.
 *
 * @param number   position in the file; nested rules follow the rule that contains them
 * @param name     null for the implicit rule of an array without rules of its own
 * @param match    conditions on the message
 * @param learn    values to remember from the message, null = none
 * @param control  null = not a control message
 * @param elements null = one message
 * @param data     the message as an update, and as updates of other channels; null = not data, or the elements are
 */
record VenueRule(int number, String name, MatchRule match, LearnRule learn, Control control, ArrayRule elements,
        DataRule[] data) {
    /**
     * The meaning of a control message.
     *
     * @param kind     applies if no classifier matches
     * @param classify of errors: the first classifier that matches counts
     */
    record Control(ControlKind kind, ErrorClassifier[] classify) {
    }
}
