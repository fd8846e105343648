package penstock.venue.rule;

import penstock.json.JsonScanner;
import penstock.json.JsonValues;

/**
 * Where expressions read: {@code $} is the frame, {@code @} the current element of the frame. Owned by the feed thread.
 */
public final class EvaluationScope {
    private final JsonScanner walker;
    private final JsonValues element;
    private JsonValues frame;

    /** {@code walker} is null if there are no elements. */
    EvaluationScope(final JsonScanner walker) {
        this.walker = walker;
        element = walker == null ? null : walker.values();
    }

    void bind(final JsonValues values) {
        frame = values;
    }

    JsonValues values(final boolean ofElement) {
        return ofElement ? element : frame;
    }

    /** The array that all slices point into. */
    public byte[] buffer() {
        return frame.buffer();
    }

    /** Position of the current element. */
    public int elementOffset() {
        return walker.elementOffset();
    }

    /** Length of the current element in bytes. */
    public int elementLength() {
        return walker.elementLength();
    }
}
