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
 * @param array    place of the array
 * @param walker   scans the elements
 * @param scope    where the rules read an element
 * @param nested   arrays inside the elements, null = the rules apply to the elements
 * @param rules    the first rule that matches an element counts
 */
record ArrayRule(Expression array, JsonScanner walker, EvaluationScope scope, ArrayRule nested, VenueRule[] rules) {
}
