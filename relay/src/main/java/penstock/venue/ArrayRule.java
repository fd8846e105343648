package penstock.venue;

import penstock.json.JsonScanner;
import penstock.venue.rule.EvaluationScope;
import penstock.venue.rule.Expression;

/**
 * The elements of an array in a message, each a message of its own. The array has been checked with its frame; its
 * elements are walked a second time, with their own pointers. Reused matchers and scanners: owned by the feed thread.
 *
 * @param container where the array is
 * @param walker    walks its elements
 * @param scope     where the rules read from while it does
 * @param deeper    arrays in the elements, null = the elements are what the rules are for
 * @param rules     the first that takes an element counts
 */
record ArrayRule(Expression container, JsonScanner walker, EvaluationScope scope, ArrayRule deeper, VenueRule[] rules) {
}
