package penstock.venue;

import penstock.json.JsonScanner;
import penstock.venue.rule.EvaluationScope;
import penstock.venue.rule.Expression;

/**
 * The rule for an array whose elements are messages of their own. The scanner has already checked the array with its
 * frame; {@code walker} scans each element a second time, with the pointers of the element's rules. Reuses matchers and
 * scanners.
 *
 * Owned by the feed thread.
 *
 * @param container place of the array
 * @param walker    scans the elements
 * @param scope     where the rules read an element
 * @param deeper    arrays inside the elements, null = the rules apply to the elements
 * @param rules     the first rule that matches an element counts
 */
record ArrayRule(Expression container, JsonScanner walker, EvaluationScope scope, ArrayRule deeper, VenueRule[] rules) {
}
