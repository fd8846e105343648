package penstock.venue;

import org.agrona.collections.IntArrayList;
import penstock.json.JsonScanner;
import penstock.json.JsonType;
import penstock.venue.rule.EvaluationScope;
import penstock.venue.rule.Expression;

/**
 * The rule for an array, or an object, whose elements are messages of their own. The scanner has already checked it
 * with its frame; {@code walker} scans each element a second time, with the pointers of the element's rules. Reuses
 * matchers and scanners.
 *
 * Owned by the feed thread.
 *
 * @param array    place of the array or object
 * @param walker   scans the elements
 * @param scope    where the rules read an element
 * @param nested   arrays inside the elements, null = the rules apply to the elements
 * @param rules    the first rule that matches an element counts
 * @param places   to read the elements of an array from the last to the first: where they are; null = in their order
 */
record ArrayRule(Expression array, JsonScanner walker, EvaluationScope scope, ArrayRule nested, VenueRule[] rules,
        IntArrayList places) {
    /** What may have the elements; an object has no order to turn round. */
    int types() {
        return places == null ? JsonType.ARRAY | JsonType.OBJECT : JsonType.ARRAY;
    }

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
