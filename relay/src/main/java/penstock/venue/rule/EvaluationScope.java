package penstock.venue.rule;

import penstock.json.JsonScanner;
import penstock.json.JsonValues;

/**
 * What expressions read from: {@code $} is the frame, {@code @} the element of it that is looked at. Owned by the feed
 * thread.
 */
public final class EvaluationScope {
    private final JsonScanner walker;
    private final JsonValues element;
    private JsonValues frame;

    /** {@code walker} may be null: there are no elements then. */
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

    /** The bytes that all slices point into. */
    public byte[] buffer() {
        return frame.buffer();
    }

    /** Where the element begins. */
    public int elementOffset() {
        return walker.elementOffset();
    }

    /** Bytes of the element. */
    public int elementLength() {
        return walker.elementLength();
    }
}
