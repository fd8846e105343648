package penstock.venue;

import org.agrona.collections.IntArrayList;
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
 * @param places   to read the elements from the last to the first: where they are; null = in their order
 */
record ArrayRule(Expression array, JsonScanner walker, EvaluationScope scope, ArrayRule nested, VenueRule[] rules,
        IntArrayList places) {
    /** Before the first element. */
    void open(final byte[] frame, final EvaluationScope outer) {
        walker.open(frame, array.offset(outer), array.length(outer));
        if (places != null) {
            places.clear();
            while (walker.next()) {
                places.addInt(walker.elementOffset());
                places.addInt(walker.elementLength());
            }
        }
    }

    /** Scans the next element; false after the last. */
    boolean next(final byte[] frame) {
        if (places == null) {
            return walker.next();
        }
        final int last = places.size() - 1;
        if (last < 0) {
            return false;
        }
        final int length = places.removeAt(last);
        return walker.scan(frame, places.removeAt(last - 1), length);
    }
}
